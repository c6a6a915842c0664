package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
)

// tailLimit is how much of a provider's log is kept for an error message, in bytes.
const tailLimit = 2048

var _ runner.Runner = (*process)(nil)

// process is a runner.Runner that notes the moment of the spawn. Apart from that
// it does what go-plugin's runner for commands does.
type process struct {
	path      string
	variables []string
	command   *exec.Cmd
	stdout    io.ReadCloser
	stderr    io.ReadCloser
	log       tail
	spawned   time.Time
}

// prepare takes over environment and standard input from the command that
// go-plugin has made, which names no program yet.
func (p *process) prepare(template *exec.Cmd) error {
	p.command = exec.Command(p.path)
	p.command.Stdin = template.Stdin
	// go-plugin names a socket directory to custom runners only; a provider that
	// Terraform starts gets none.
	p.command.Env = append(without(template.Env, plugin.EnvUnixSocketDir), p.variables...)

	var err error
	if p.stdout, err = p.command.StdoutPipe(); err != nil {
		return fmt.Errorf("making the pipe for stdout: %w", err)
	}
	if p.stderr, err = p.command.StderrPipe(); err != nil {
		return fmt.Errorf("making the pipe for stderr: %w", err)
	}
	return nil
}

func (p *process) Start(context.Context) error {
	p.spawned = time.Now()
	return p.command.Start()
}

func (p *process) Wait(context.Context) error {
	return p.command.Wait()
}

func (p *process) Kill(context.Context) error {
	if p.command == nil || p.command.Process == nil {
		return nil
	}
	if err := p.command.Process.Kill(); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func (p *process) Stdout() io.ReadCloser { return p.stdout }

func (p *process) Stderr() io.ReadCloser {
	return struct {
		io.Reader
		io.Closer
	}{io.TeeReader(p.stderr, &p.log), p.stderr}
}

func (p *process) Name() string { return p.path }

// ID is never empty: with an empty one go-plugin would leave its socket directory
// behind after a spawn that failed.
func (p *process) ID() string {
	if p.command == nil || p.command.Process == nil {
		return "0"
	}
	return strconv.Itoa(p.command.Process.Pid)
}

func (p *process) Diagnose(context.Context) string { return "" }

func (p *process) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

func (p *process) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

// diagnosis is what the process said on stderr, as the end of an error message.
func (p *process) diagnosis() string {
	if text := strings.TrimSpace(p.log.String()); text != "" {
		return "\nits last words on stderr: " + text
	}
	return ""
}

// tail keeps the last tailLimit bytes that are written to it.
type tail struct {
	mutex sync.Mutex
	kept  []byte
}

func (t *tail) Write(written []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.kept = append(t.kept, written...)
	if surplus := len(t.kept) - tailLimit; surplus > 0 {
		t.kept = append(t.kept[:0], t.kept[surplus:]...)
	}
	return len(written), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return string(t.kept)
}

// without returns the environment less one variable.
func without(environment []string, name string) []string {
	kept := make([]string, 0, len(environment))
	for _, variable := range environment {
		if !strings.HasPrefix(variable, name+"=") {
			kept = append(kept, variable)
		}
	}
	return kept
}
