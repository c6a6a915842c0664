package main

import (
	"math"
	"testing"
	"time"

	"terraform.local/iot/benches/peer/internal/session"
)

func TestSummaryAddsCPUAndTakesMedians(t *testing.T) {
	got := summarize("x", 10, []batch{
		{calls: 100, elapsed: time.Second, cpu: 10 * time.Millisecond, memory: session.Memory{Peak: 1 << 20, Own: 1 << 19}},
		{calls: 100, elapsed: 2 * time.Second, cpu: 20 * time.Millisecond, memory: session.Memory{Peak: 3 << 20, Own: 1 << 19}},
		{calls: 100, elapsed: 4 * time.Second, cpu: 30 * time.Millisecond, memory: session.Memory{Peak: 2 << 20, Own: 1 << 20}},
	})
	if got != (results{program: "x", callers: 10, calls: 300, rate: 50, cpu: 0.2, peak: 2, own: 0.5}) {
		t.Errorf("got %+v", got)
	}
}

func TestAims(t *testing.T) {
	aims := measurement{
		{program: sdkName, callers: 10, cpu: 0.4, peak: 20},
		{program: ownName, callers: 10, cpu: 0.1, peak: 5},
		{program: ownName, callers: 64, cpu: 9, peak: 9},
	}.aims()
	if aims[0].Measured != 0.25 || aims[1].Measured != 0.25 {
		t.Errorf("got %+v", aims)
	}
	if missing := (measurement{}).aims()[0].Measured; !math.IsNaN(missing) {
		t.Errorf("nothing was measured, and yet %v", missing)
	}
}
