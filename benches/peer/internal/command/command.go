// Package command is what the measuring programs have in common as programs.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// Run is the main function of a program: it parses the arguments, runs until it is done or
// interrupted, and ends the process with 2 for wrong arguments and 1 for a failure.
func Run[Options any](
	name string,
	parse func(arguments []string, output io.Writer) (Options, error),
	run func(ctx context.Context, options Options, output io.Writer) error,
) {
	options, err := parse(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, options, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
