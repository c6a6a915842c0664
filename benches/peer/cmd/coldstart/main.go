// Command coldstart starts provider binaries as Terraform does and measures the
// start: time to the handshake line, time to the schema answer, peak memory then.
//
//	coldstart [-n 40] [-warmup 2] [-floor PATH] [-aims NAME] [-json] NAME=PATH ...
//
// The first binary is the one that ratios refer to.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"terraform.local/iot/benches/peer/internal/command"
	"terraform.local/iot/benches/peer/internal/report"
)

// floorName is the floor's name in the report.
const floorName = "floor"

type options struct {
	starts  int
	warmUps int
	asJSON  bool
	// aimsFor is the name of the binary that has aims.
	aimsFor  string
	subjects []*subject
}

func main() {
	command.Run("coldstart", parse, run)
}

func run(ctx context.Context, options options, output io.Writer) error {
	directory, err := os.MkdirTemp("", "coldstart")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	if err := install(options.subjects, directory); err != nil {
		return err
	}
	loadBefore := report.Load()
	if err := measureColdStarts(ctx, options.subjects, options.starts, options.warmUps); err != nil {
		return err
	}
	measured, err := newMeasurement(options, report.Machine(loadBefore))
	if err != nil {
		return err
	}
	if options.asJSON {
		return measured.writeJSON(output)
	}
	return measured.writeTables(output, options.aimsFor)
}

// install copies the binaries in pieces of 32 KiB, as whoever unpacks an archive does. How much of a file the kernel maps
// around a page that is needed depends on the pieces in which the file was written.
func install(subjects []*subject, directory string) error {
	for index, subject := range subjects {
		path := filepath.Join(directory, fmt.Sprintf("%d-%s", index, filepath.Base(subject.path)))
		if err := unpack(subject.path, path); err != nil {
			return fmt.Errorf("%s: %w", subject.name, err)
		}
		subject.path = path
	}
	return nil
}

func unpack(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o700)
	if err != nil {
		return err
	}
	// Files alone would be copied by the kernel, in pieces of its own.
	_, err = io.Copy(struct{ io.Writer }{target}, struct{ io.Reader }{source})
	return errors.Join(err, target.Close())
}

func parse(arguments []string, output io.Writer) (options, error) {
	var parsed options
	flags := flag.NewFlagSet("coldstart", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.Usage = func() {
		fmt.Fprintln(output, "usage: coldstart [flags] NAME=PATH ...    (ratios refer to the first)")
		flags.PrintDefaults()
	}
	flags.IntVar(&parsed.starts, "n", 40, "counted starts of each binary")
	flags.IntVar(&parsed.warmUps, "warmup", 2, "starts of each binary beforehand that are not counted")
	flags.BoolVar(&parsed.asJSON, "json", false, "print JSON with every sample instead of tables")
	flags.StringVar(&parsed.aimsFor, "aims", "", "`name` of the binary whose aims are printed")
	floor := flags.String("floor", "", "`path` of a program that only prints a handshake line")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if parsed.starts < 1 || parsed.warmUps < 0 {
		return options{}, errors.New("-n must be at least 1 and -warmup at least 0")
	}

	for _, argument := range flags.Args() {
		name, path, isPair := strings.Cut(argument, "=")
		if !isPair || name == "" || path == "" {
			return options{}, fmt.Errorf("a binary is given as NAME=PATH, got %q", argument)
		}
		parsed.subjects = append(parsed.subjects, &subject{name: name, path: path})
	}
	if len(parsed.subjects) == 0 {
		return options{}, errors.New("no binary given: name at least one as NAME=PATH")
	}
	if *floor != "" {
		parsed.subjects = append(parsed.subjects, &subject{name: floorName, path: *floor, handshakeOnly: true})
	}
	return parsed, checkNames(parsed.subjects)
}

// checkNames refuses a name that would stand for two rows of the report.
func checkNames(subjects []*subject) error {
	seen := make(map[string]bool, len(subjects))
	for _, subject := range subjects {
		if seen[subject.name] {
			return fmt.Errorf("the name %q is given twice (%q is reserved for -floor)", subject.name, floorName)
		}
		seen[subject.name] = true
	}
	return nil
}
