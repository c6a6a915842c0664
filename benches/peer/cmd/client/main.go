// Command client measures what calls of the service cost through this repository's client library and through the
// official Go SDK: calls a second, CPU time a call, memory.
//
//	client -emulator PATH -client PATH -sdk PATH [-rollouts N]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"terraform.local/iot/benches/peer/internal/command"
	"terraform.local/iot/benches/peer/internal/emulator"
	"terraform.local/iot/benches/peer/internal/report"
)

type options struct {
	emulator string
	client   string
	sdk      string
	rollouts int
}

func main() {
	command.Run("client", parse, run)
}

func parse(arguments []string, output io.Writer) (options, error) {
	var parsed options
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.StringVar(&parsed.emulator, "emulator", "", "`path` of this repository's emulator")
	flags.StringVar(&parsed.client, "client", "", "`path` of the program on this repository's client library")
	flags.StringVar(&parsed.sdk, "sdk", "", "`path` of the program on the official Go SDK")
	flags.IntVar(&parsed.rollouts, "rollouts", 2000, "rollouts of five calls in a batch of 10 or 64 callers; a lone caller makes a fifth of them")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("not a flag: %q", flags.Arg(0))
	}
	if parsed.emulator == "" || parsed.client == "" || parsed.sdk == "" {
		return options{}, errors.New("-emulator, -client and -sdk are needed")
	}
	if parsed.rollouts < 100 {
		return options{}, errors.New("-rollouts must be at least 100")
	}
	return parsed, nil
}

func run(ctx context.Context, options options, output io.Writer) error {
	directory, err := os.MkdirTemp("", "client")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)

	loadBefore := report.Load()
	service, err := emulator.Start(options.emulator, directory, slices.Max(numbersOfCallers))
	if err != nil {
		return err
	}
	defer service.Stop()
	measured, err := measure(ctx, options, service)
	if err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Calls of the service. %s\n\n", report.Machine(loadBefore))
	measured.write(&text)
	_, err = io.WriteString(output, text.String())
	return err
}
