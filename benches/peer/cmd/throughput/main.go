// Command throughput measures what calls cost a provider that runs: calls a second and
// latency at several numbers of callers, CPU time a call, memory after many calls.
//
//	throughput -provider PATH -emulator PATH -peer PATH -stub PATH [-calls N] [-memory N]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"terraform.local/iot/benches/peer/internal/command"
	"terraform.local/iot/benches/peer/internal/emulator"
	"terraform.local/iot/benches/peer/internal/report"
	"terraform.local/iot/benches/peer/internal/workload"
)

// rounds is how often every batch is made.
const rounds = 3

type options struct {
	provider string
	emulator string
	peer     string
	stub     string
	calls    int
	memory   int
}

func main() {
	command.Run("throughput", parse, run)
}

func parse(arguments []string, output io.Writer) (options, error) {
	var parsed options
	flags := flag.NewFlagSet("throughput", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.StringVar(&parsed.provider, "provider", "", "`path` of this repository's provider")
	flags.StringVar(&parsed.emulator, "emulator", "", "`path` of this repository's emulator")
	flags.StringVar(&parsed.peer, "peer", "", "`path` of the Go peer")
	flags.StringVar(&parsed.stub, "stub", "", "`path` of the provider that does no work")
	flags.IntVar(&parsed.calls, "calls", 10_000, "validate and plan calls that the Go peer with its logs off gets at 10 callers; README.md says what follows from it")
	flags.IntVar(&parsed.memory, "memory", 100_000, "calls after which memory is read last; 0 leaves memory out")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("not a flag: %q", flags.Arg(0))
	}
	if parsed.provider == "" || parsed.emulator == "" || parsed.peer == "" || parsed.stub == "" {
		return options{}, errors.New("-provider, -emulator, -peer and -stub are needed")
	}
	if parsed.calls < 100 || parsed.memory < 0 {
		return options{}, errors.New("-calls must be at least 100 and -memory at least 0")
	}
	return parsed, nil
}

func run(ctx context.Context, options options, output io.Writer) error {
	directory, err := os.MkdirTemp("", "throughput")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)

	loadBefore := report.Load()
	service, err := emulator.Start(options.emulator, directory, packages)
	if err != nil {
		return err
	}
	defer service.Stop()
	contestants, err := contestants(ctx, options, service, directory)
	if err != nil {
		return err
	}
	measured, err := measure(ctx, options, contestants, service)
	if err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Calls. %s\n\n", report.Machine(loadBefore))
	measured.write(&text)
	_, err = io.WriteString(output, text.String())
	return err
}

// contestants are the providers that are compared, the one that ratios refer to first.
func contestants(ctx context.Context, options options, service *emulator.Emulator, directory string) ([]contestant, error) {
	own := workload.Provider{Name: ownName, Path: options.provider, Config: map[string]any{
		"region":     "cn-shanghai",
		"access_key": emulator.AccessKey,
		"secret_key": emulator.SecretKey,
		"endpoints":  []map[string]any{{"iot": service.URL}},
	}}
	schema, err := recordSchema(ctx, own, directory)
	if err != nil {
		return nil, err
	}
	all := []workload.Kind{workload.Validate, workload.Plan, workload.Apply}
	return []contestant{
		{
			Provider: workload.Provider{
				Name: quietPeerName, Path: options.peer,
				Variables: []string{"TF_LOG_SDK=off", "TF_LOG_PROVIDER=off"},
			},
			kinds: all, weight: 1, memoryCalls: min(10_000, options.memory),
		},
		{
			Provider: workload.Provider{Name: "go-peer", Path: options.peer},
			kinds:    all, weight: 0.15,
		},
		{Provider: own, kinds: all, weight: 3, memoryCalls: options.memory, usesService: true},
		{
			Provider: workload.Provider{
				Name: "stub", Path: options.stub, Config: own.Config,
				Variables: []string{workload.SchemaVariable + "=" + schema},
			},
			kinds: all[:2], weight: 1,
		},
	}, nil
}

// recordSchema keeps the provider's schema answer in a file, for the stub.
func recordSchema(ctx context.Context, provider workload.Provider, directory string) (string, error) {
	running, err := provider.Start(ctx)
	if err != nil {
		return "", err
	}
	defer running.Stop()
	path := filepath.Join(directory, "schema")
	return path, os.WriteFile(path, running.Schema, 0o600)
}
