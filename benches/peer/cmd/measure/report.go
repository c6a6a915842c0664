package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"terraform.local/iot/benches/peer/internal/session"
	"terraform.local/iot/benches/peer/internal/statistics"
)

const mebibyte = 1 << 20

// report is a finished measurement.
type report struct {
	System string `json:"system"`
	CPUs   int    `json:"cpus"`
	// LoadBefore and LoadAfter are the machine's load averages around the
	// measurement, empty where unknown.
	LoadBefore        string             `json:"load_before"`
	LoadAfter         string             `json:"load_after"`
	Starts            int                `json:"starts"`
	ClientPreparation statistics.Summary `json:"client_preparation_ms"`
	Binaries          []binary           `json:"binaries"`
	Metrics           []metric           `json:"metrics"`
}

type binary struct {
	Name            string                 `json:"name"`
	SizeBytes       int64                  `json:"size_bytes"`
	ProtocolVersion int                    `json:"protocol_version"`
	Schema          *session.SchemaSummary `json:"schema,omitempty"`
}

// metric is one figure of every binary that has it.
type metric struct {
	Name string `json:"name"`
	Rows []row  `json:"rows"`
}

type row struct {
	Binary string `json:"binary"`
	statistics.Summary
	// Ratio is the median divided by the median of the first binary.
	Ratio   float64   `json:"ratio"`
	Samples []float64 `json:"samples"`
}

func newReport(options options, loadBefore, loadAfter string) (report, error) {
	made := report{
		System:            runtime.GOOS + "/" + runtime.GOARCH,
		CPUs:              runtime.NumCPU(),
		LoadBefore:        loadBefore,
		LoadAfter:         loadAfter,
		Starts:            options.starts,
		ClientPreparation: statistics.Summarize(preparations(options.subjects)),
		Metrics: []metric{
			newMetric("spawn to handshake, ms", options.subjects, handshakeMilliseconds),
			newMetric("spawn to schema answer, ms", options.subjects, schemaMilliseconds),
			newMetric("peak memory then, MiB", options.subjects, peakMebibytes),
		},
	}
	for _, subject := range options.subjects {
		described, err := describe(subject)
		if err != nil {
			return report{}, err
		}
		made.Binaries = append(made.Binaries, described)
	}
	return made, nil
}

func describe(subject *subject) (binary, error) {
	file, err := os.Stat(subject.path)
	if err != nil {
		return binary{}, fmt.Errorf("size of %s: %w", subject.name, err)
	}
	described := binary{Name: subject.name, SizeBytes: file.Size(), ProtocolVersion: subject.protocolVersion}
	if !subject.handshakeOnly {
		described.Schema = &subject.schema
	}
	return described, nil
}

// newMetric takes one value of every start; a value of zero means that there is
// nothing to tell.
func newMetric(name string, subjects []*subject, value func(coldStart) float64) metric {
	made := metric{Name: name}
	for _, subject := range subjects {
		var samples []float64
		for _, start := range subject.starts {
			if sample := value(start); sample > 0 {
				samples = append(samples, sample)
			}
		}
		if len(samples) == 0 {
			continue
		}
		made.Rows = append(made.Rows, row{
			Binary:  subject.name,
			Summary: statistics.Summarize(samples),
			Samples: samples,
		})
	}
	for index := range made.Rows {
		made.Rows[index].Ratio = made.Rows[index].Median / made.Rows[0].Median
	}
	return made
}

func handshakeMilliseconds(start coldStart) float64 { return milliseconds(start.handshake) }
func schemaMilliseconds(start coldStart) float64    { return milliseconds(start.schema) }
func peakMebibytes(start coldStart) float64         { return float64(start.peakMemory) / mebibyte }

func preparations(subjects []*subject) []float64 {
	var samples []float64
	for _, subject := range subjects {
		for _, start := range subject.starts {
			samples = append(samples, milliseconds(start.preparation))
		}
	}
	return samples
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}

// loadAverage is the machine's load over one, five and fifteen minutes.
func loadAverage() string {
	content, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(content))
	if err != nil || len(fields) < 3 {
		return ""
	}
	return strings.Join(fields[:3], " ")
}

func (r report) writeJSON(output io.Writer) error {
	encoder := json.NewEncoder(output)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// writeTables prints Markdown whose columns also line up as plain text.
func (r report) writeTables(output io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, %d CPUs; load average before %s, after %s\n", r.System, r.CPUs, orDash(r.LoadBefore), orDash(r.LoadAfter))
	fmt.Fprintf(&text, "%d counted starts of each binary, interleaved; client's preparation before each spawn (in no figure below): median %.1f ms\n\n",
		r.Starts, r.ClientPreparation.Median)

	writeTable(&text, binaryCells(r.Binaries))
	text.WriteByte('\n')
	writeTable(&text, metricCells(r.Metrics))
	_, err := io.WriteString(output, text.String())
	return err
}

func binaryCells(binaries []binary) [][]string {
	cells := [][]string{{"binary", "size, MiB", "protocol", "resources", "data sources", "schema answer, KiB"}}
	for _, binary := range binaries {
		line := []string{
			binary.Name,
			fmt.Sprintf("%.1f", float64(binary.SizeBytes)/mebibyte),
			fmt.Sprint(binary.ProtocolVersion),
			"-", "-", "-",
		}
		if schema := binary.Schema; schema != nil {
			line[3] = fmt.Sprint(schema.Resources)
			line[4] = fmt.Sprint(schema.DataSources)
			line[5] = fmt.Sprintf("%.1f", float64(schema.Bytes)/1024)
		}
		cells = append(cells, line)
	}
	return cells
}

func metricCells(metrics []metric) [][]string {
	cells := [][]string{{"figure", "binary", "median", "p10", "p90", "ratio"}}
	for _, metric := range metrics {
		for _, row := range metric.Rows {
			cells = append(cells, []string{
				metric.Name,
				row.Binary,
				fmt.Sprintf("%.1f", row.Median),
				fmt.Sprintf("%.1f", row.P10),
				fmt.Sprintf("%.1f", row.P90),
				fmt.Sprintf("%.2f", row.Ratio),
			})
		}
	}
	return cells
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
