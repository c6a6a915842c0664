package main

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/iot/benches/peer/internal/session"
	"terraform.local/iot/benches/peer/internal/workload"
)

func TestSummaryAddsCPUAndTakesMedians(t *testing.T) {
	made := summarize("a", "plan", 10, []batch{
		{latencies: []time.Duration{time.Millisecond, 3 * time.Millisecond}, elapsed: time.Second, cpu: 10 * time.Millisecond},
		{latencies: []time.Duration{2 * time.Millisecond}, elapsed: 100 * time.Millisecond, cpu: 20 * time.Millisecond},
	})
	if made.calls != 3 || made.rate != 6 || made.latency.Median != 2 || math.Abs(made.cpu-10) > 1e-9 {
		t.Errorf("got %+v, want 3 calls, 6 a second, 2 ms and 10 ms of CPU a call", made)
	}
}

func TestAllBatchesTogetherMakeTheCalls(t *testing.T) {
	quick := contestant{weight: 1}
	if calls := rounds * quick.callsInBatch(options{calls: 10_000}, workload.Plan, callersOfCPU); calls < 10_000 {
		t.Errorf("got %d calls, want at least 10,000", calls)
	}
}

func TestEveryApplyHasAPackage(t *testing.T) {
	own := contestant{weight: 3, usesService: true}
	for _, callers := range numbersOfCallers {
		calls := own.callsInBatch(options{calls: 10_000}, workload.Apply, callers)
		if most := min(warmUpCalls, calls) + calls; packages <= most {
			t.Errorf("%d packages for %d calls", packages, most)
		}
	}
}

func TestMemoryPoints(t *testing.T) {
	for calls, want := range map[int][]int{500: {500}, 1000: {1000}, 100_000: {1000, 10_000, 100_000}} {
		if got := memoryPoints(calls); !slices.Equal(got, want) {
			t.Errorf("%d calls: got %v, want %v", calls, got, want)
		}
	}
}

func TestAims(t *testing.T) {
	var made measurement
	for _, kind := range []string{"validate", "plan"} {
		made.results = append(made.results,
			results{provider: quietPeerName, kind: kind, callers: 10, cpu: 2},
			results{provider: ownName, kind: kind, callers: 10, cpu: 0.05},
			results{provider: ownName, kind: kind, callers: 1},
		)
	}
	made.memory = []watched{{provider: ownName, kinds: "plan", points: []memoryPoint{
		{calls: 1000, memory: session.Memory{Now: 10}}, {calls: 2000, memory: session.Memory{Now: 12}},
	}}}
	var text strings.Builder
	made.write(&text)
	if strings.Count(text.String(), "| met ") != 6 || strings.Count(text.String(), "| MISSED ") != 1 {
		t.Errorf("got\n%swant all aims met but that of the memory", text.String())
	}
}
