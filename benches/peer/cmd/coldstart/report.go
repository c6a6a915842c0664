package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"terraform.local/iot/benches/peer/internal/message"
	"terraform.local/iot/benches/peer/internal/report"
	"terraform.local/iot/benches/peer/internal/statistics"
)

const mebibyte = 1 << 20

// Names of the figures.
const (
	handshakeFigure = "spawn to handshake, ms"
	schemaFigure    = "spawn to schema answer, ms"
	memoryFigure    = "peak memory then, MiB"
)

// measurement is a finished one.
type measurement struct {
	Machine           string             `json:"machine"`
	Starts            int                `json:"starts"`
	ClientPreparation statistics.Summary `json:"client_preparation_ms"`
	Binaries          []binary           `json:"binaries"`
	Metrics           []metric           `json:"metrics"`
}

type binary struct {
	Name            string                 `json:"name"`
	SizeBytes       int64                  `json:"size_bytes"`
	ProtocolVersion int                    `json:"protocol_version"`
	Schema          *message.SchemaSummary `json:"schema,omitempty"`
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

func newMeasurement(options options, machine string) (measurement, error) {
	made := measurement{
		Machine:           machine,
		Starts:            options.starts,
		ClientPreparation: statistics.Summarize(preparations(options.subjects)),
		Metrics: []metric{
			newMetric(handshakeFigure, options.subjects, handshakeMilliseconds),
			newMetric(schemaFigure, options.subjects, schemaMilliseconds),
			newMetric(memoryFigure, options.subjects, peakMebibytes),
		},
	}
	for _, subject := range options.subjects {
		described, err := describe(subject)
		if err != nil {
			return measurement{}, err
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

func (m measurement) writeJSON(output io.Writer) error {
	encoder := json.NewEncoder(output)
	encoder.SetIndent("", "  ")
	return encoder.Encode(m)
}

// writeTables prints Markdown whose columns also line up as plain text. The aims are
// those of the binary of that name; without a name there are none.
func (m measurement) writeTables(output io.Writer, aimsFor string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Cold start. %s\n", m.Machine)
	fmt.Fprintf(&text, "%d counted starts of each binary, interleaved; client's preparation before each spawn (in no figure below): median %.1f ms\n\n",
		m.Starts, m.ClientPreparation.Median)

	report.WriteTable(&text, binaryCells(m.Binaries))
	text.WriteByte('\n')
	report.WriteTable(&text, metricCells(m.Metrics))
	if aimsFor != "" {
		text.WriteByte('\n')
		report.WriteAims(&text, m.aims(aimsFor))
	}
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

// aims compares the binary of that name with the first one. A figure that it lacks
// misses its aim.
func (m measurement) aims(name string) []report.Aim {
	size := math.NaN()
	for _, binary := range m.Binaries {
		if binary.Name == name {
			size = float64(binary.SizeBytes) / mebibyte
		}
	}
	ratio := func(figure string) float64 {
		for _, metric := range m.Metrics {
			for _, row := range metric.Rows {
				if metric.Name == figure && row.Binary == name {
					return row.Ratio
				}
			}
		}
		return math.NaN()
	}
	return []report.Aim{
		{Name: schemaFigure + ", ratio", Measured: ratio(schemaFigure), Limit: 1.0 / 4, Format: "%.3f"},
		{Name: memoryFigure + ", ratio", Measured: ratio(memoryFigure), Limit: 1.0 / 3, Format: "%.3f"},
		{Name: "size, MiB", Measured: size, Limit: 12, Format: "%.1f"},
	}
}
