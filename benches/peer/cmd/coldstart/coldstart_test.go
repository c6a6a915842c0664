package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// handshakeOnlySubject is a script that adds its name to the journal and prints a
// handshake line.
func handshakeOnlySubject(t *testing.T, name, journal string) *subject {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	script := fmt.Sprintf("#!/bin/sh\nprintf %s >> '%s'\necho '1|6|unix|/nonexistent/socket|grpc|'\nexec sleep 60\n", name, journal)
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return &subject{name: name, path: path, handshakeOnly: true}
}

func TestStartsAreInterleavedAndRotated(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "journal")
	var subjects []*subject
	for _, name := range []string{"a", "b", "c"} {
		subjects = append(subjects, handshakeOnlySubject(t, name, journal))
	}
	if err := measureColdStarts(context.Background(), subjects, 3, 1); err != nil {
		t.Fatal(err)
	}
	order, err := os.ReadFile(journal)
	if want := "abc" + "bca" + "cab" + "abc"; err != nil || string(order) != want {
		t.Errorf("started in the order %s (error %v), want %s", order, err, want)
	}
	for _, subject := range subjects {
		if len(subject.starts) != 3 {
			t.Errorf("%s: %d counted starts, want 3 without the warm-up", subject.name, len(subject.starts))
		}
	}
}

func TestInterruptedMeasurementIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := measureColdStarts(ctx, []*subject{{name: "a", path: "/nonexistent"}}, 1, 0)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want the interruption", err)
	}
}

func TestArguments(t *testing.T) {
	for name, test := range map[string]struct {
		arguments []string
		message   string
	}{
		"nothing":         {nil, "no binary given"},
		"no path":         {[]string{"peer"}, "NAME=PATH"},
		"same name twice": {[]string{"a=x", "a=y"}, "given twice"},
		"reserved name":   {[]string{"-floor", "x", "floor=y"}, "reserved"},
		"no starts":       {[]string{"-n", "0", "a=x"}, "at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(test.arguments, &strings.Builder{})
			if err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("got error %v, want one with %q", err, test.message)
			}
		})
	}
}

func TestPathMayHoldAnEqualsSign(t *testing.T) {
	options, err := parse([]string{"a=x=y"}, &strings.Builder{})
	if err != nil || options.subjects[0].path != "x=y" {
		t.Errorf("got %+v and error %v", options, err)
	}
}

func TestRatioRefersToTheFirstBinary(t *testing.T) {
	subjects := []*subject{
		{name: "first", starts: []coldStart{{handshake: 20 * time.Millisecond, schema: 40 * time.Millisecond}}},
		{name: "second", starts: []coldStart{{handshake: 5 * time.Millisecond, schema: 30 * time.Millisecond}}},
		{name: "floor", starts: []coldStart{{handshake: 2 * time.Millisecond}}},
	}
	handshakes := newMetric("handshake", subjects, handshakeMilliseconds)
	if got := handshakes.Rows[1]; got.Median != 5 || got.Ratio != 0.25 {
		t.Errorf("got %+v, want a median of 5 and a ratio of 0.25", got)
	}
	if schemas := newMetric("schema", subjects, schemaMilliseconds); len(schemas.Rows) != 2 {
		t.Errorf("got %d rows, want none for the floor", len(schemas.Rows))
	}
}

func TestAimsOfAnUnknownBinaryAreMissed(t *testing.T) {
	var text strings.Builder
	if err := (measurement{}).writeTables(&text, "absent"); err != nil || strings.Count(text.String(), "MISSED") != 3 {
		t.Errorf("got error %v and\n%s", err, text.String())
	}
}
