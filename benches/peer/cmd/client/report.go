package main

import (
	"fmt"
	"math"
	"strings"

	"terraform.local/iot/benches/peer/internal/report"
)

func (m measurement) write(text *strings.Builder) {
	cells := [][]string{{"callers", "client", "calls", "calls a second", "CPU a call, ms", "CPU, ratio", "peak memory, MiB", "ratio", "its own, MiB", "ratio"}}
	for _, result := range m {
		peer := m.find(sdkName, result.callers)
		cells = append(cells, []string{
			fmt.Sprint(result.callers),
			result.program,
			fmt.Sprint(result.calls),
			fmt.Sprintf("%.0f", result.rate),
			fmt.Sprintf("%.3f", result.cpu),
			fmt.Sprintf("%.2f", result.cpu/peer.cpu),
			fmt.Sprintf("%.1f", result.peak),
			fmt.Sprintf("%.2f", result.peak/peer.peak),
			fmt.Sprintf("%.1f", result.own),
			fmt.Sprintf("%.2f", result.own/peer.own),
		})
	}
	report.WriteTable(text, cells)
	text.WriteByte('\n')
	report.WriteAims(text, m.aims())
}

// find returns figures that are not a number where nothing was measured.
func (m measurement) find(program string, callers int) results {
	for _, result := range m {
		if result.program == program && result.callers == callers {
			return result
		}
	}
	return results{cpu: math.NaN(), peak: math.NaN(), own: math.NaN()}
}

func (m measurement) aims() []report.Aim {
	own, peer := m.find(ownName, callersOfAims), m.find(sdkName, callersOfAims)
	return []report.Aim{
		{Name: "CPU a call at 10 callers, ratio to the Go SDK", Measured: own.cpu / peer.cpu, Limit: 0.5, Format: "%.2f"},
		{Name: "peak memory at 10 callers, ratio to the Go SDK", Measured: own.peak / peer.peak, Limit: 0.1, Format: "%.2f"},
	}
}
