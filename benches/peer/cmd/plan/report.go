package main

import (
	"fmt"
	"strings"
	"time"

	"terraform.local/iot/benches/peer/internal/report"
	"terraform.local/iot/benches/peer/internal/statistics"
)

// allowance is how much longer a plan may take than Terraform alone.
const allowance = 1.05

func writeTables(text *strings.Builder, one, many []results) {
	cells := [][]string{{"resources", "of", "plans", "median, s", "p10, s", "p90, s", "Terraform's CPU, s", "provider's CPU, s", "median, ratio"}}
	for _, all := range [][]results{one, many} {
		builtIn := find(all, builtInName).summary(elapsed).Median
		for _, result := range all {
			time := result.summary(elapsed)
			cells = append(cells, []string{
				fmt.Sprint(result.instances),
				result.name,
				fmt.Sprint(len(result.runs)),
				fmt.Sprintf("%.2f", time.Median),
				fmt.Sprintf("%.2f", time.P10),
				fmt.Sprintf("%.2f", time.P90),
				fmt.Sprintf("%.2f", result.summary(coreCPU).Median),
				fmt.Sprintf("%.2f", result.summary(providerCPU).Median),
				fmt.Sprintf("%.2f", time.Median/builtIn),
			})
		}
	}
	report.WriteTable(text, cells)
	text.WriteByte('\n')

	builtIn, stub, own := find(many, builtInName), find(many, stubName), find(many, ownName)
	share := func(name string, small, large float64) []string {
		return []string{name, fmt.Sprintf("%.2f", small), fmt.Sprintf("%+.2f", large-small), fmt.Sprintf("%.2f", large)}
	}
	report.WriteTable(text, [][]string{
		{"Terraform alone", builtInName, "the larger resource", "both"},
		share("time, s", builtIn.summary(elapsed).Median, stub.summary(undisturbed).Median),
		share("CPU, s", builtIn.summary(coreCPU).Median, stub.summary(coreCPU).Median),
	})
	text.WriteByte('\n')
	report.WriteAims(text, []report.Aim{
		{
			Name:     fmt.Sprintf("plan of %d resources: time, ratio to Terraform alone", own.instances),
			Measured: ratio(own, elapsed, stub, undisturbed), Limit: allowance, Format: "%.3f",
		},
		{
			Name:     fmt.Sprintf("plan of %d resources: CPU, ratio to Terraform alone", own.instances),
			Measured: ratio(own, bothCPU, stub, coreCPU), Limit: allowance, Format: "%.3f",
		},
	})
}

// ratio is the median of the rounds' ratios: runs of one round were made under about
// the same conditions.
func ratio(above results, itsValue func(figures) time.Duration, below results, otherValue func(figures) time.Duration) float64 {
	var ratios []float64
	for round, run := range above.runs {
		ratios = append(ratios, float64(itsValue(run))/float64(otherValue(below.runs[round])))
	}
	return statistics.Summarize(ratios).Median
}

// find returns no plans for a name that is not there.
func find(all []results, name string) results {
	for _, result := range all {
		if result.name == name {
			return result
		}
	}
	return results{}
}
