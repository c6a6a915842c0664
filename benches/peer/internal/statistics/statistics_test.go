package statistics

import (
	"math"
	"testing"
)

func TestSummarizeInterpolatesWithoutReordering(t *testing.T) {
	samples := []float64{40, 10, 30, 20}
	summary := Summarize(samples)
	for name, pair := range map[string][2]float64{
		"median": {summary.Median, 25},
		"p10":    {summary.P10, 13},
		"p90":    {summary.P90, 37},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	if samples[0] != 40 {
		t.Errorf("the samples were reordered: %v", samples)
	}
}

func TestSummarizeOfOneAndOfNoSample(t *testing.T) {
	if got, want := Summarize([]float64{7}), (Summary{Median: 7, P10: 7, P90: 7}); got != want {
		t.Errorf("one sample: %v, want %v", got, want)
	}
	if got := Summarize(nil); got != (Summary{}) {
		t.Errorf("no sample: %v, want zeros", got)
	}
}
