package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
