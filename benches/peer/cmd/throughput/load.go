package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"terraform.local/iot/benches/peer/internal/workload"
)

// warmUpCalls come before each batch and are not counted.
const warmUpCalls = 200

// batch is a number of calls that were made at once or one after the other.
type batch struct {
	latencies []time.Duration
	elapsed   time.Duration
	// cpu is what the provider used meanwhile.
	cpu time.Duration
}

// runBatch starts the provider, warms it up and makes the calls. Each call has a
// package of its own, so that a real service would accept all of them.
func runBatch(ctx context.Context, provider workload.Provider, kind workload.Kind, callers, calls int) (batch, error) {
	running, err := provider.Start(ctx)
	if err != nil {
		return batch{}, err
	}
	defer running.Stop()
	warmUp := min(warmUpCalls, calls)
	if _, err := callAll(ctx, running, kind, callers, 0, warmUp); err != nil {
		return batch{}, fmt.Errorf("%s: %w", provider.Name, err)
	}

	// The client's garbage is collected now and not while the calls are made.
	runtime.GC()
	cpuBefore, err := running.CPU()
	if err != nil {
		return batch{}, err
	}
	begin := time.Now()
	latencies, err := callAll(ctx, running, kind, callers, warmUp, calls)
	if err != nil {
		return batch{}, fmt.Errorf("%s: %w", provider.Name, err)
	}
	made := batch{latencies: latencies, elapsed: time.Since(begin)}
	cpuAfter, err := running.CPU()
	made.cpu = cpuAfter - cpuBefore
	return made, err
}

// callAll makes calls about the packages from first on, by so many callers, each of
// which waits for its answer before it asks again.
func callAll(ctx context.Context, running *workload.Running, kind workload.Kind, callers, first, calls int) ([]time.Duration, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	latencies := make([]time.Duration, calls)
	var next atomic.Int64
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for ctx.Err() == nil {
				index := int(next.Add(1)) - 1
				if index >= calls {
					return
				}
				begin := time.Now()
				if err := running.Ask(ctx, kind, first+index); err != nil {
					cancel(err)
					return
				}
				latencies[index] = time.Since(begin)
			}
		})
	}
	group.Wait()
	return latencies, context.Cause(ctx)
}
