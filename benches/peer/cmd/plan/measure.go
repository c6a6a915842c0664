package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"terraform.local/iot/benches/peer/internal/session"
	"terraform.local/iot/benches/peer/internal/statistics"
)

// figures are what one plan took.
type figures struct {
	elapsed time.Duration
	// cpu is Terraform's own time and, apart, its providers'.
	cpu session.CPU
}

// results are a contestant's plans, one of each round.
type results struct {
	name      string
	instances int
	runs      []figures
}

// summary is of one of the figures, in seconds.
func (r results) summary(value func(figures) time.Duration) statistics.Summary {
	var samples []float64
	for _, run := range r.runs {
		samples = append(samples, value(run).Seconds())
	}
	return statistics.Summarize(samples)
}

func elapsed(run figures) time.Duration     { return run.elapsed }
func coreCPU(run figures) time.Duration     { return run.cpu.Own }
func providerCPU(run figures) time.Duration { return run.cpu.Children }
func bothCPU(run figures) time.Duration     { return run.cpu.Own + run.cpu.Children }

// undisturbed is a lower limit of what Terraform alone takes: all that the provider
// used may have been on the way of the plan.
func undisturbed(run figures) time.Duration { return run.elapsed - run.cpu.Children }

// measure plans every contestant once a round, so that a slow stretch of the machine
// hits them alike. A round before that is not counted.
func measure(ctx context.Context, terraform string, contestants []contestant, instances, rounds int) ([]results, error) {
	made := make([]results, len(contestants))
	for index, contestant := range contestants {
		made[index] = results{name: contestant.name, instances: instances}
	}
	// The larger plans come after the small ones, when all files are in the page cache.
	warmUps := 0
	if instances == 1 {
		warmUps = 1
	}
	for round := range warmUps + rounds {
		fmt.Fprintf(os.Stderr, "plan: %d, round %d of %d\n", instances, round+1, warmUps+rounds)
		for place := range contestants {
			index := (round + place) % len(contestants)
			figures, err := contestants[index].plan(ctx, terraform, instances)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", contestants[index].name, err)
			}
			if round >= warmUps {
				made[index].runs = append(made[index].runs, figures)
			}
		}
	}
	return made, nil
}

// plan runs Terraform once. A plan that does not add all instances is an error.
func (c contestant) plan(ctx context.Context, terraform string, instances int) (figures, error) {
	command := exec.CommandContext(ctx, terraform, "plan", "-input=false", "-no-color", fmt.Sprintf("-var=instances=%d", instances))
	command.Dir = c.directory
	command.Env = append(os.Environ(), c.variables...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	begin := time.Now()
	if err := command.Start(); err != nil {
		return figures{}, err
	}
	cpu, elapsed, waitError := settle(command.Process.Pid, begin)
	if err := command.Wait(); err != nil {
		return figures{}, fmt.Errorf("%w\n%s", err, output.String())
	}
	if waitError != nil {
		return figures{}, waitError
	}
	if expected := fmt.Sprintf("Plan: %d to add, 0 to change, 0 to destroy.", instances); !strings.Contains(output.String(), expected) {
		return figures{}, fmt.Errorf("not what was expected (%s):\n%s", expected, output.String())
	}
	return figures{elapsed: elapsed, cpu: cpu}, nil
}

// settle waits for the process to end and reads its CPU times before anybody takes its
// exit status, while the kernel still has its own apart from its children's.
func settle(pid int, begin time.Time) (session.CPU, time.Duration, error) {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err == unix.EINTR {
			continue
		}
		elapsed := time.Since(begin)
		if err != nil {
			return session.CPU{}, 0, fmt.Errorf("waiting for Terraform: %w", err)
		}
		cpu, err := session.CPUOf(pid)
		return cpu, elapsed, err
	}
}
