// Package report prints what measurements have in common: the machine's state,
// tables, and whether aims are met.
package report

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Load is the machine's load over one, five and fifteen minutes, or a dash where it
// is unknown.
func Load() string {
	content, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(content))
	if err != nil || len(fields) < 3 {
		return "-"
	}
	return strings.Join(fields[:3], " ")
}

// Machine is a line about the machine; loadBefore comes from Load.
func Machine(loadBefore string) string {
	return fmt.Sprintf("%s/%s, %d CPUs; load average before %s, after %s",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), loadBefore, Load())
}

// Aim is an upper limit for a figure.
type Aim struct {
	Name     string
	Measured float64
	Limit    float64
	// Format is how both numbers are printed, for example "%.2f".
	Format string
}

// WriteAims prints which aims are met.
func WriteAims(text *strings.Builder, aims []Aim) {
	cells := [][]string{{"aim", "measured", "at most", "verdict"}}
	for _, aim := range aims {
		verdict := "met"
		// So that a figure that is not a number meets nothing.
		if !(aim.Measured <= aim.Limit) {
			verdict = "MISSED"
		}
		cells = append(cells, []string{aim.Name, fmt.Sprintf(aim.Format, aim.Measured), fmt.Sprintf(aim.Format, aim.Limit), verdict})
	}
	WriteTable(text, cells)
}
