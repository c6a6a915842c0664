package main

import (
	"fmt"
	"math"
	"strings"

	"terraform.local/iot/benches/peer/internal/report"
	"terraform.local/iot/benches/peer/internal/workload"
)

const mebibyte = 1 << 20

// What the official provider needs a call for its device group of five attributes, in
// milliseconds of CPU at ten callers.
const (
	officialValidate = 0.10
	officialPlan     = 0.24
)

func (m measurement) write(text *strings.Builder) {
	report.WriteTable(text, m.resultCells())
	if len(m.memory) > 0 {
		text.WriteByte('\n')
		report.WriteTable(text, memoryCells(m.memory))
	}
	text.WriteByte('\n')
	report.WriteAims(text, m.aims())
}

func (m measurement) resultCells() [][]string {
	cells := [][]string{{"call", "callers", "provider", "calls", "calls a second", "median, ms", "p90, ms", "CPU a call, ms", "CPU, ratio"}}
	for _, result := range m.results {
		cells = append(cells, []string{
			result.kind,
			fmt.Sprint(result.callers),
			result.provider,
			fmt.Sprint(result.calls),
			fmt.Sprintf("%.0f", result.rate),
			fmt.Sprintf("%.3f", result.latency.Median),
			fmt.Sprintf("%.3f", result.latency.P90),
			fmt.Sprintf("%.3f", result.cpu),
			fmt.Sprintf("%.3f", result.cpu/m.find(quietPeerName, result.kind, result.callers).cpu),
		})
	}
	return cells
}

func memoryCells(memory []watched) [][]string {
	cells := [][]string{{"provider", "calls of", "number", "resident, MiB", "peak, MiB"}}
	for _, watched := range memory {
		for _, point := range watched.points {
			cells = append(cells, []string{
				watched.provider,
				watched.kinds,
				fmt.Sprint(point.calls),
				fmt.Sprintf("%.1f", float64(point.memory.Now)/mebibyte),
				fmt.Sprintf("%.1f", float64(point.memory.Peak)/mebibyte),
			})
		}
	}
	return cells
}

// find returns figures that are not a number where nothing was measured.
func (m measurement) find(provider, kind string, callers int) results {
	for _, result := range m.results {
		if result.provider == provider && result.kind == kind && result.callers == callers {
			return result
		}
	}
	missing := results{cpu: math.NaN()}
	missing.latency.Median = math.NaN()
	return missing
}

func (m measurement) aims() []report.Aim {
	var aims []report.Aim
	for _, each := range []struct {
		kind     workload.Kind
		official float64
	}{{workload.Validate, officialValidate}, {workload.Plan, officialPlan}} {
		own := m.find(ownName, each.kind.Name, callersOfCPU)
		peer := m.find(quietPeerName, each.kind.Name, callersOfCPU)
		lone := m.find(ownName, each.kind.Name, 1)
		aims = append(aims,
			report.Aim{Name: each.kind.Name + ": CPU a call, ratio to the Go peer with logs off", Measured: own.cpu / peer.cpu, Limit: 1.0 / 20, Format: "%.3f"},
			report.Aim{Name: each.kind.Name + ": CPU a call, ms, as the official provider's device group", Measured: own.cpu, Limit: each.official, Format: "%.3f"},
			report.Aim{Name: each.kind.Name + ": a lone caller's median, ms", Measured: lone.latency.Median, Limit: 0.5, Format: "%.3f"},
		)
	}
	for _, watched := range m.memory {
		if watched.provider == ownName {
			first, last := watched.points[0], watched.points[len(watched.points)-1]
			aims = append(aims, report.Aim{
				Name:     fmt.Sprintf("%s: memory after %d calls, ratio to that after %d", watched.kinds, last.calls, first.calls),
				Measured: float64(last.memory.Now) / float64(first.memory.Now), Limit: 1.10, Format: "%.2f",
			})
		}
	}
	return aims
}
