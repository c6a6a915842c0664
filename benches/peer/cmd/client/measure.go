package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"terraform.local/iot/benches/peer/internal/emulator"
	"terraform.local/iot/benches/peer/internal/session"
	"terraform.local/iot/benches/peer/internal/statistics"
)

const (
	// rounds is how often every batch is made.
	rounds = 3
	// callsInRollout is how many calls a rollout has.
	callsInRollout = 5
	// warmUpRollouts come before each batch and are not counted.
	warmUpRollouts = 40
	// callersOfAims is the number of callers whose figures have aims: Terraform's default parallelism.
	callersOfAims = 10
)

// Names of the programs.
const (
	sdkName = "official Go SDK"
	ownName = "alicloud-iot"
)

var numbersOfCallers = []int{1, callersOfAims, 64}

// batch is a number of rollouts of one process.
type batch struct {
	calls   int
	elapsed time.Duration
	cpu     time.Duration
	memory  session.Memory
}

// results are a program's figures at one number of callers.
type results struct {
	program string
	callers int
	calls   int
	// rate is the median of the batches, in calls a second.
	rate float64
	// cpu is milliseconds a call, over all batches.
	cpu float64
	// peak is the most memory that the process had, the median of the batches, in MiB.
	peak float64
	// own is what it had after the calls without mapped files, likewise.
	own float64
}

type measurement []results

// measure has the programs take turns, so that a slow stretch of the machine hits them alike.
func measure(ctx context.Context, options options, service *emulator.Emulator) (measurement, error) {
	programs := []struct{ name, path string }{{sdkName, options.sdk}, {ownName, options.client}}
	var made measurement
	for _, callers := range numbersOfCallers {
		fmt.Fprintf(os.Stderr, "client: callers: %d\n", callers)
		rollouts := options.rollouts
		if callers == 1 {
			rollouts /= 5
		}
		batches := make([][]batch, len(programs))
		for round := range rounds {
			for place := range programs {
				index := (round + place) % len(programs)
				batch, err := runBatch(ctx, programs[index].path, service, callers, rollouts)
				if err != nil {
					return nil, err
				}
				batches[index] = append(batches[index], batch)
			}
		}
		for index, program := range programs {
			made = append(made, summarize(program.name, callers, batches[index]))
		}
	}
	return made, nil
}

// runBatch starts a program, warms it up and has it make the rollouts. The emulator has to have seen all of them.
func runBatch(ctx context.Context, path string, service *emulator.Emulator, callers, rollouts int) (batch, error) {
	if err := service.Reset(ctx); err != nil {
		return batch{}, err
	}
	// Whatever happens, it is gone afterwards.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	running, err := start(ctx, path, service.URL, callers)
	if err != nil {
		return batch{}, err
	}
	warmUp := max(warmUpRollouts, callers)
	if err := running.rollOut(warmUp); err != nil {
		return batch{}, err
	}
	before, _, err := running.usage()
	if err != nil {
		return batch{}, err
	}
	begin := time.Now()
	if err := running.rollOut(rollouts); err != nil {
		return batch{}, err
	}
	elapsed := time.Since(begin)
	after, memory, err := running.usage()
	if err != nil {
		return batch{}, err
	}
	if err := running.stop(); err != nil {
		return batch{}, fmt.Errorf("%s: %w", path, err)
	}
	jobs, err := service.Jobs(ctx)
	if err != nil {
		return batch{}, err
	}
	if jobs["CANCELED"] != warmUp+rollouts || len(jobs) != 1 {
		return batch{}, fmt.Errorf("%s: %d rollouts left these jobs behind: %v", path, warmUp+rollouts, jobs)
	}
	return batch{calls: callsInRollout * rollouts, elapsed: elapsed, cpu: after.Own - before.Own, memory: memory}, nil
}

func summarize(program string, callers int, batches []batch) results {
	summed := results{program: program, callers: callers}
	var rates, peaks, owns []float64
	var cpu time.Duration
	for _, batch := range batches {
		summed.calls += batch.calls
		cpu += batch.cpu
		rates = append(rates, float64(batch.calls)/batch.elapsed.Seconds())
		peaks = append(peaks, float64(batch.memory.Peak)/(1<<20))
		owns = append(owns, float64(batch.memory.Own)/(1<<20))
	}
	summed.rate = statistics.Summarize(rates).Median
	summed.peak = statistics.Summarize(peaks).Median
	summed.own = statistics.Summarize(owns).Median
	summed.cpu = cpu.Seconds() * 1000 / float64(summed.calls)
	return summed
}
