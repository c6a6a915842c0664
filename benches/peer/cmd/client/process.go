package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"terraform.local/iot/benches/peer/internal/session"
)

// process is a program under measurement. It makes as many rollouts as a line on its stdin says, and answers "done".
type process struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	stdout  *bufio.Reader
}

func start(ctx context.Context, path, endpoint string, callers int) (*process, error) {
	command := exec.CommandContext(ctx, path, endpoint, strconv.Itoa(callers))
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return &process{command: command, stdin: stdin, stdout: bufio.NewReader(stdout)}, nil
}

func (p *process) rollOut(rollouts int) error {
	if _, err := fmt.Fprintln(p.stdin, rollouts); err != nil {
		return fmt.Errorf("%s: %w", p.command.Path, err)
	}
	line, err := p.stdout.ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "done" {
		return fmt.Errorf("%s said %q instead of \"done\" (%v)", p.command.Path, line, err)
	}
	return nil
}

func (p *process) usage() (session.CPU, session.Memory, error) {
	cpu, err := session.CPUOf(p.command.Process.Pid)
	if err != nil {
		return cpu, session.Memory{}, err
	}
	memory, err := session.MemoryOf(p.command.Process.Pid)
	return cpu, memory, err
}

// stop ends the program by the end of its stdin, and waits for it.
func (p *process) stop() error {
	if err := p.stdin.Close(); err != nil {
		return err
	}
	return p.command.Wait()
}
