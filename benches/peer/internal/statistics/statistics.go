// Package statistics sums up samples by quantiles, which a few disturbed samples
// do not move.
package statistics

import (
	"math"
	"slices"
)

// Summary describes a set of samples, in their unit.
type Summary struct {
	Median float64 `json:"median"`
	P10    float64 `json:"p10"`
	P90    float64 `json:"p90"`
}

// Summarize leaves the samples as they are. Without samples everything is zero.
func Summarize(samples []float64) Summary {
	sorted := slices.Sorted(slices.Values(samples))
	return Summary{
		Median: quantile(sorted, 0.5),
		P10:    quantile(sorted, 0.1),
		P90:    quantile(sorted, 0.9),
	}
}

// quantile interpolates linearly between the two nearest of the sorted samples.
func quantile(sorted []float64, fraction float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	position := fraction * float64(len(sorted)-1)
	below := int(math.Floor(position))
	above := int(math.Ceil(position))
	return sorted[below] + (sorted[above]-sorted[below])*(position-float64(below))
}
