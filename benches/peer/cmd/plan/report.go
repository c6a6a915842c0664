package main

import (
	"fmt"
	"strings"

	"terraform.local/iot/benches/peer/internal/report"
)

// allowance is how much longer a plan may take than Terraform alone.
const allowance = 1.05

func writeTables(text *strings.Builder, one, many []results) {
	cells := [][]string{{"resources", "of", "plans", "median, s", "p10, s", "p90, s", "Terraform's CPU, s", "provider's CPU, s", "median, ratio"}}
	for _, results := range [][]results{one, many} {
		for _, result := range results {
			cells = append(cells, []string{
				fmt.Sprint(result.instances),
				result.name,
				fmt.Sprint(result.runs),
				fmt.Sprintf("%.2f", result.elapsed.Median),
				fmt.Sprintf("%.2f", result.elapsed.P10),
				fmt.Sprintf("%.2f", result.elapsed.P90),
				fmt.Sprintf("%.2f", result.core),
				fmt.Sprintf("%.2f", result.providerCPU),
				fmt.Sprintf("%.2f", result.elapsed.Median/find(results, builtInName).elapsed.Median),
			})
		}
	}
	report.WriteTable(text, cells)

	builtIn, stub := find(many, builtInName), find(many, stubName)
	// What the stub used may all have been on the way of the plan, or none of it.
	alone := stub.elapsed.Median - stub.providerCPU
	fmt.Fprintf(text, "\nTerraform alone, %d resources: %.2f s for %s, and %.2f s more for the larger resource: %.2f s\n\n",
		stub.instances, builtIn.elapsed.Median, builtInName, alone-builtIn.elapsed.Median, alone)
	own := find(many, ownName)
	report.WriteAims(text, []report.Aim{{
		Name:     fmt.Sprintf("plan of %d resources, ratio to Terraform alone", own.instances),
		Measured: own.elapsed.Median / alone, Limit: allowance, Format: "%.3f",
	}})
}

// find returns zeros for a name that is not there.
func find(all []results, name string) results {
	for _, result := range all {
		if result.name == name {
			return result
		}
	}
	return results{}
}
