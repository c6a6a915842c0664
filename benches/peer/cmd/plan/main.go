// Command plan measures `terraform plan` of many resources: of Terraform's built-in
// kind, and of the same resource in several providers.
//
//	plan -terraform PATH -provider PATH -peer PATH -stub PATH [-count N] [-rounds N]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"terraform.local/iot/benches/peer/internal/command"
	"terraform.local/iot/benches/peer/internal/report"
)

type options struct {
	terraform string
	provider  string
	peer      string
	stub      string
	count     int
	rounds    int
}

func main() {
	command.Run("plan", parse, run)
}

func parse(arguments []string, output io.Writer) (options, error) {
	var parsed options
	flags := flag.NewFlagSet("plan", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.StringVar(&parsed.terraform, "terraform", "terraform", "`path` of Terraform")
	flags.StringVar(&parsed.provider, "provider", "", "`path` of this repository's provider")
	flags.StringVar(&parsed.peer, "peer", "", "`path` of the Go peer")
	flags.StringVar(&parsed.stub, "stub", "", "`path` of the provider that does no work")
	flags.IntVar(&parsed.count, "count", 500, "resources in the larger plan")
	flags.IntVar(&parsed.rounds, "rounds", 5, "counted runs of each larger plan; of a plan of one resource there are three times as many")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("not a flag: %q", flags.Arg(0))
	}
	if parsed.provider == "" || parsed.peer == "" || parsed.stub == "" {
		return options{}, errors.New("-provider, -peer and -stub are needed")
	}
	if parsed.count < 2 || parsed.rounds < 1 {
		return options{}, errors.New("-count must be at least 2 and -rounds at least 1")
	}
	return parsed, nil
}

func run(ctx context.Context, options options, output io.Writer) error {
	directory, err := os.MkdirTemp("", "plan")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)

	loadBefore := report.Load()
	contestants, err := contestants(ctx, options, directory)
	if err != nil {
		return err
	}
	one, err := measure(ctx, options.terraform, contestants, 1, 3*options.rounds)
	if err != nil {
		return err
	}
	many, err := measure(ctx, options.terraform, contestants, options.count, options.rounds)
	if err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "terraform plan. %s\n\n", report.Machine(loadBefore))
	writeTables(&text, one, many)
	_, err = io.WriteString(output, text.String())
	return err
}
