package main

import (
	"context"
	"fmt"

	"terraform.local/iot/benches/peer/internal/session"
	"terraform.local/iot/benches/peer/internal/workload"
)

// memoryCallers is how many callers there are while memory is watched: Terraform's
// default parallelism.
const memoryCallers = 10

// memoryPoint is a process's memory after a number of calls.
type memoryPoint struct {
	calls  int
	memory session.Memory
}

// watchMemory makes calls of the kinds in turns and notes the memory whenever the
// number of calls, in all, reaches one of the points.
func watchMemory(ctx context.Context, provider workload.Provider, kinds []workload.Kind, points []int) ([]memoryPoint, error) {
	running, err := provider.Start(ctx)
	if err != nil {
		return nil, err
	}
	defer running.Stop()
	var seen []memoryPoint
	made := 0
	for _, point := range points {
		for made < point {
			kind := kinds[(made/stretch)%len(kinds)]
			calls := min(stretch, point-made)
			if _, err := callAll(ctx, running, kind, memoryCallers, made, calls); err != nil {
				return nil, fmt.Errorf("%s: %w", provider.Name, err)
			}
			made += calls
		}
		memory, err := running.Memory()
		if err != nil {
			return nil, err
		}
		seen = append(seen, memoryPoint{calls: made, memory: memory})
	}
	return seen, nil
}

// stretch is how many calls of one kind there are before the next kind's turn.
const stretch = 500
