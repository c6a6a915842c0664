package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"terraform.local/iot/benches/peer/internal/emulator"
	"terraform.local/iot/benches/peer/internal/statistics"
	"terraform.local/iot/benches/peer/internal/workload"
)

// Names of the contestants that aims speak of.
const (
	ownName       = "alicloud-iot"
	quietPeerName = "go-peer, logs off"
)

// callersOfCPU is the number of callers whose CPU figures have aims.
const callersOfCPU = 10

// numbersOfCallers are the numbers of callers that are measured.
var numbersOfCallers = []int{1, callersOfCPU, 64}

// contestant is a provider with what it is asked for.
type contestant struct {
	workload.Provider
	kinds []workload.Kind
	// weight is how many calls there are for each that the options name: more for
	// the quick ones, whose CPU time is small beside the kernel's unit of 10 ms.
	weight float64
	// memoryCalls is how many calls there are while memory is watched.
	memoryCalls int
	// usesService is set if an apply talks to the emulator.
	usesService bool
}

// quotaCalls is how many calls a batch has that the service's quota lets through ten a
// second.
const quotaCalls = 100

// callsInBatch is how many calls a batch has. What no aim counts CPU time of is asked
// for less often.
func (c contestant) callsInBatch(options options, kind workload.Kind, callers int) int {
	if c.usesService && kind.Name == workload.Apply.Name {
		return max(quotaCalls, callers)
	}
	calls := float64(options.calls) * c.weight / rounds
	switch {
	case callers == 1:
		calls /= 10
	case callers != callersOfCPU, kind.Name == workload.Apply.Name:
		calls /= 3
	}
	return max(int(calls)+1, callers)
}

// packages is how many packages the emulator needs: one for each call of a batch and of
// those before it, and the first, which is nobody's.
const packages = 2*quotaCalls + 1

// results are a contestant's figures for one kind of calls at one number of callers.
type results struct {
	provider string
	kind     string
	callers  int
	calls    int
	// rate is the median of the batches, in calls a second.
	rate float64
	// latency is in milliseconds.
	latency statistics.Summary
	// cpu is milliseconds a call, over all batches.
	cpu float64
}

// watched is what became of a contestant's memory.
type watched struct {
	provider string
	kinds    string
	points   []memoryPoint
}

type measurement struct {
	results []results
	memory  []watched
}

// measure runs the batches of all contestants in turns, so that a slow stretch of the
// machine hits them alike.
func measure(ctx context.Context, options options, contestants []contestant, service *emulator.Emulator) (measurement, error) {
	var made measurement
	for _, kind := range []workload.Kind{workload.Validate, workload.Plan, workload.Apply} {
		for _, callers := range numbersOfCallers {
			fmt.Fprintf(os.Stderr, "throughput: %s, callers: %d\n", kind.Name, callers)
			batches := make([][]batch, len(contestants))
			for round := range rounds {
				for place := range contestants {
					index := (round + place) % len(contestants)
					contestant := contestants[index]
					if !slices.ContainsFunc(contestant.kinds, func(its workload.Kind) bool { return its.Name == kind.Name }) {
						continue
					}
					if err := service.Reset(ctx); err != nil {
						return measurement{}, err
					}
					calls := contestant.callsInBatch(options, kind, callers)
					batch, err := runBatch(ctx, contestant.Provider, kind, callers, calls)
					if err != nil {
						return measurement{}, err
					}
					batches[index] = append(batches[index], batch)
				}
			}
			for index, contestant := range contestants {
				if len(batches[index]) > 0 {
					made.results = append(made.results, summarize(contestant.Name, kind.Name, callers, batches[index]))
				}
			}
		}
	}
	if options.memory == 0 {
		return made, nil
	}
	var err error
	made.memory, err = measureMemory(ctx, options, contestants, service)
	return made, err
}

func summarize(provider, kind string, callers int, batches []batch) results {
	var latencies, rates []float64
	var cpu time.Duration
	for _, batch := range batches {
		for _, latency := range batch.latencies {
			latencies = append(latencies, milliseconds(latency))
		}
		rates = append(rates, float64(len(batch.latencies))/batch.elapsed.Seconds())
		cpu += batch.cpu
	}
	return results{
		provider: provider, kind: kind, callers: callers, calls: len(latencies),
		rate:    statistics.Summarize(rates).Median,
		latency: statistics.Summarize(latencies),
		cpu:     milliseconds(cpu) / float64(len(latencies)),
	}
}

func measureMemory(ctx context.Context, options options, contestants []contestant, service *emulator.Emulator) ([]watched, error) {
	fmt.Fprintln(os.Stderr, "throughput: memory")
	var all []watched
	watch := func(contestant contestant, name string, kinds []workload.Kind, calls int) error {
		if err := service.Reset(ctx); err != nil {
			return err
		}
		points, err := watchMemory(ctx, contestant.Provider, kinds, memoryPoints(calls))
		all = append(all, watched{provider: contestant.Name, kinds: name, points: points})
		return err
	}
	for _, contestant := range contestants {
		if contestant.memoryCalls > 0 {
			kinds := []workload.Kind{workload.Validate, workload.Plan}
			if err := watch(contestant, "validate and plan", kinds, contestant.memoryCalls); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// memoryPoints are the powers of ten from a thousand up to the number of calls, and
// that number.
func memoryPoints(calls int) []int {
	var points []int
	for point := 1000; point < calls; point *= 10 {
		points = append(points, point)
	}
	return append(points, calls)
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}
