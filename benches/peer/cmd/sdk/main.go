// Command sdk rolls firmware out and stops it again with the official Go SDK, as often as it is told to.
//
//	sdk ENDPOINT CALLERS
//
// Each line of stdin is a number of rollouts, which so many callers make together; it answers "done". What is not a
// success ends it.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/iot"

	"terraform.local/iot/benches/peer/internal/emulator"
	"terraform.local/iot/benches/peer/internal/workload"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "sdk: %v\n", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 2 {
		return errors.New("ENDPOINT and CALLERS are needed")
	}
	callers, err := strconv.Atoi(arguments[1])
	if err != nil {
		return err
	}
	client, err := connect(arguments[0], callers)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		rollouts, err := strconv.Atoi(lines.Text())
		if err != nil {
			return err
		}
		if err := rollOutAll(client, callers, rollouts); err != nil {
			return err
		}
		fmt.Println("done")
	}
	return lines.Err()
}

// connect sets one client up for all callers, as programs have it. By itself it would keep two connections and open
// others for every call; it is given one for each caller.
func connect(endpoint string, callers int) (*iot.Client, error) {
	config := sdk.NewConfig().WithScheme("HTTP").WithHttpTransport(&http.Transport{MaxIdleConnsPerHost: callers})
	key := credentials.NewAccessKeyCredential(emulator.AccessKey, emulator.SecretKey)
	client, err := iot.NewClientWithOptions("cn-shanghai", config, key)
	if err != nil {
		return nil, err
	}
	client.Domain = strings.TrimPrefix(endpoint, "http://")
	return client, nil
}

func rollOutAll(client *iot.Client, callers, rollouts int) error {
	var begun atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for failed.Load() == nil && begun.Add(1) <= int64(rollouts) {
				if err := rollOut(client, workload.FirmwareID(caller)); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// rollOut makes five calls: it creates the job, looks at it, at the package's jobs and at itself again, and cancels it.
func rollOut(client *iot.Client, firmwareID string) error {
	create := iot.CreateCreateOTADynamicUpgradeJobRequest()
	create.FirmwareId = firmwareID
	create.ProductKey = workload.ProductKey
	create.SrcVersion = &[]string{"V1.0.0", "V1.0.1"}
	create.Tag = &[]iot.CreateOTADynamicUpgradeJobTag{{Key: "key.1", Value: "value"}}
	create.RetryInterval = requests.NewInteger(10)
	create.RetryCount = requests.NewInteger(1)
	create.TimeoutInMinutes = requests.NewInteger(1440)
	create.MaximumPerMinute = requests.NewInteger(1000)
	create.OverwriteMode = requests.NewInteger(2)
	create.DynamicMode = requests.NewInteger(1)
	created, err := client.CreateOTADynamicUpgradeJob(create)
	if err != nil || !created.Success {
		return refused(create.GetActionName(), created, err)
	}
	if err := look(client, created.Data.JobId); err != nil {
		return err
	}
	list := iot.CreateListOTAJobByFirmwareRequest()
	list.FirmwareId = firmwareID
	list.CurrentPage = requests.NewInteger(1)
	list.PageSize = requests.NewInteger(10)
	listed, err := client.ListOTAJobByFirmware(list)
	if err != nil || !listed.Success || len(listed.Data.SimpleOTAJobInfo) == 0 {
		return refused(list.GetActionName(), listed, err)
	}
	if err := look(client, created.Data.JobId); err != nil {
		return err
	}
	cancel := iot.CreateCancelOTAStrategyByJobRequest()
	cancel.JobId = created.Data.JobId
	cancelled, err := client.CancelOTAStrategyByJob(cancel)
	if err != nil || !cancelled.Success {
		return refused(cancel.GetActionName(), cancelled, err)
	}
	return nil
}

func look(client *iot.Client, jobID string) error {
	query := iot.CreateQueryOTAJobRequest()
	query.JobId = jobID
	job, err := client.QueryOTAJob(query)
	if err != nil || !job.Success || job.Data.JobId != jobID {
		return refused(query.GetActionName(), job, err)
	}
	return nil
}

func refused(action string, response fmt.Stringer, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return fmt.Errorf("%s: no success: %s", action, response)
}
