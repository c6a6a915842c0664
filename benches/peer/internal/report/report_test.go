package report

import (
	"math"
	"strings"
	"testing"
)

func TestTableLinesUp(t *testing.T) {
	var text strings.Builder
	WriteTable(&text, [][]string{{"name", "ms"}, {"peer", "9.5"}, {"x", "-"}})
	want := "| name |  ms |\n|------|----:|\n| peer | 9.5 |\n| x    |   - |\n"
	if text.String() != want {
		t.Errorf("got\n%swant\n%s", text.String(), want)
	}
}

func TestAims(t *testing.T) {
	for name, test := range map[string]struct {
		measured float64
		verdict  string
	}{
		"below":        {0.1, "met"},
		"at the limit": {0.25, "met"},
		"above":        {0.26, "MISSED"},
		"nothing":      {math.NaN(), "MISSED"},
	} {
		t.Run(name, func(t *testing.T) {
			var text strings.Builder
			WriteAims(&text, []Aim{{Name: "aim", Measured: test.measured, Limit: 0.25, Format: "%.2f"}})
			if !strings.Contains(text.String(), "| "+test.verdict+" ") {
				t.Errorf("got\n%swant the verdict %s", text.String(), test.verdict)
			}
		})
	}
}
