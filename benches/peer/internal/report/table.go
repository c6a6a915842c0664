package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// WriteTable writes a Markdown table whose first line of cells is the header.
// A column whose cells below the header start with a digit, behind a sign or
// not, or are a dash is numeric and set to the right.
func WriteTable(text *strings.Builder, cells [][]string) {
	if len(cells) == 0 {
		return
	}
	widths := make([]int, len(cells[0]))
	numeric := make([]bool, len(cells[0]))
	for column := range cells[0] {
		numeric[column] = true
		for index, line := range cells {
			widths[column] = max(widths[column], utf8.RuneCountInString(line[column]))
			if index > 0 && !isNumeric(line[column]) {
				numeric[column] = false
			}
		}
	}

	writeLine(text, cells[0], widths, numeric)
	writeRule(text, widths, numeric)
	for _, line := range cells[1:] {
		writeLine(text, line, widths, numeric)
	}
}

func writeLine(text *strings.Builder, line []string, widths []int, numeric []bool) {
	for column, cell := range line {
		padding := strings.Repeat(" ", widths[column]-utf8.RuneCountInString(cell))
		if numeric[column] {
			cell = padding + cell
		} else {
			cell += padding
		}
		text.WriteString("| " + cell + " ")
	}
	text.WriteString("|\n")
}

func writeRule(text *strings.Builder, widths []int, numeric []bool) {
	for column, width := range widths {
		end := "-"
		if numeric[column] {
			end = ":"
		}
		text.WriteString("|" + strings.Repeat("-", width+1) + end)
	}
	text.WriteString("|\n")
}

func isNumeric(cell string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, "+-"))
	return cell == "-" || unicode.IsDigit(first)
}
