package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/iot/benches/peer/internal/session"
)

// pretended is a Terraform that runs a child for a while and prints the words.
func pretended(t *testing.T, words string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "terraform")
	script := "#!/bin/sh\nsh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'\necho \"" + words + "\"\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestProvidersCPUIsApart(t *testing.T) {
	run, err := contestant{directory: t.TempDir()}.plan(context.Background(), pretended(t, "Plan: 2 to add, 0 to change, 0 to destroy."), 2)
	if err != nil {
		t.Fatal(err)
	}
	if run.cpu.Children <= run.cpu.Own || run.elapsed < time.Millisecond {
		t.Errorf("got %+v, want more time in the child", run)
	}
}

func TestAnotherPlanIsAnError(t *testing.T) {
	_, err := contestant{directory: t.TempDir()}.plan(context.Background(), pretended(t, "No changes."), 2)
	if err == nil || !strings.Contains(err.Error(), "No changes.") {
		t.Errorf("got error %v, want one that shows the output", err)
	}
}

func TestAimIsTheMedianOfTheRoundsRatios(t *testing.T) {
	plans := func(name string, seconds ...time.Duration) results {
		made := results{name: name, instances: 500}
		for _, each := range seconds {
			run := figures{elapsed: each * time.Second, cpu: session.CPU{Own: each * time.Second}}
			made.runs = append(made.runs, run)
		}
		return made
	}
	// The machine was busy in the second round.
	many := []results{plans(builtInName, 9, 18, 9), plans(stubName, 10, 20, 10), plans(ownName, 10, 21, 10)}
	var text strings.Builder
	writeTables(&text, many, many)
	if strings.Count(text.String(), "|    1.000 |   1.050 | met") != 2 || !strings.Contains(text.String(), "+1.00") {
		t.Errorf("got\n%s", text.String())
	}
}
