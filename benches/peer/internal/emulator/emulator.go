// Package emulator starts the repository's stand-in for the service.
package emulator

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"terraform.local/iot/benches/peer/internal/workload"
)

// The emulator's only AccessKey.
const (
	AccessKey = "emulator-key-id"
	SecretKey = "emulator-key-secret"
)

// Emulator is one that runs.
type Emulator struct {
	// URL is where it listens.
	URL     string
	command *exec.Cmd
}

// Start starts it with so many packages and without throttling. The
// directory takes the file that describes the packages.
func Start(path, directory string, packages int) (*Emulator, error) {
	fixtures, err := writeFixtures(directory, packages)
	if err != nil {
		return nil, err
	}
	command := exec.Command(path, "--listen", "127.0.0.1:0", "--qps-scale", "0", "--fixtures", fixtures)
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("starting the emulator: %w", err)
	}
	started := &Emulator{command: command}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, isReady := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !isReady {
		started.Stop()
		return nil, fmt.Errorf("the emulator said %q instead of where it listens (%v)", line, err)
	}
	started.URL = url
	return started, nil
}

func writeFixtures(directory string, packages int) (string, error) {
	type firmware struct {
		ID         string `json:"firmware_id"`
		ProductKey string `json:"product_key"`
		Name       string `json:"firmware_name"`
		Version    string `json:"dest_version"`
	}
	firmwares := make([]firmware, packages)
	for number := range firmwares {
		id := workload.FirmwareID(number)
		firmwares[number] = firmware{ID: id, ProductKey: workload.ProductKey, Name: id, Version: "V2.0.0"}
	}
	encoded, err := json.Marshal(map[string]any{"firmwares": firmwares})
	if err != nil {
		return "", err
	}
	path := filepath.Join(directory, "fixtures.json")
	return path, os.WriteFile(path, encoded, 0o600)
}

// Reset forgets all jobs, so that every package can have one again.
func (e *Emulator) Reset(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL+"/_emulator/reset", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("resetting the emulator: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("resetting the emulator: %s", answer.Status)
	}
	return nil
}

// Jobs counts the jobs there are, by their status.
func (e *Emulator) Jobs(ctx context.Context) (map[string]int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.URL+"/_emulator/state", nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking the emulator for its jobs: %w", err)
	}
	defer answer.Body.Close()
	var state struct {
		Jobs []struct {
			Status string `json:"job_status"`
		} `json:"jobs"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&state); err != nil {
		return nil, fmt.Errorf("reading the emulator's jobs: %w", err)
	}
	counts := map[string]int{}
	for _, job := range state.Jobs {
		counts[job.Status]++
	}
	return counts, nil
}

// Stop ends the emulator and waits until it has gone.
func (e *Emulator) Stop() {
	if err := e.command.Process.Signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		return
	}
	// Its exit status says nothing that matters by now.
	_ = e.command.Wait()
}
