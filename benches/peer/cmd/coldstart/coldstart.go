package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"terraform.local/iot/benches/peer/internal/message"
	"terraform.local/iot/benches/peer/internal/session"
)

// answerTimeout limits the schema call of one start.
const answerTimeout = time.Minute

// subject is a binary under measurement with what has been seen of it.
type subject struct {
	name string
	path string
	// handshakeOnly is set for a program that does not serve.
	handshakeOnly bool

	protocolVersion int
	schema          message.SchemaSummary
	starts          []coldStart
}

// coldStart is what one start of a provider cost.
type coldStart struct {
	// preparation is the client's work before the spawn, no part of the others.
	preparation time.Duration
	handshake   time.Duration
	schema      time.Duration
	// peakMemory is the peak resident memory when the schema answer had come, in
	// bytes; 0 where the system does not tell.
	peakMemory int64
}

// measureColdStarts starts every subject once a round, so that a disturbance of
// the machine hits them alike.
func measureColdStarts(ctx context.Context, subjects []*subject, starts, warmUps int) error {
	for round := range warmUps + starts {
		for place := range subjects {
			// Each round begins with another subject, so that nobody always runs
			// in the wake of the same neighbour.
			subject := subjects[(round+place)%len(subjects)]
			start, err := subject.start(ctx)
			// Ctrl-C reaches the provider too, whose error then says nothing.
			if ctx.Err() != nil {
				return fmt.Errorf("interrupted in round %d: %w", round+1, ctx.Err())
			}
			if err != nil {
				return fmt.Errorf("%s: %w", subject.name, err)
			}
			if round >= warmUps {
				subject.starts = append(subject.starts, start)
			}
		}
	}
	return nil
}

// start runs the subject once, from spawn to exit.
func (s *subject) start(ctx context.Context) (coldStart, error) {
	// The client's garbage is collected now, not between spawn and answer.
	runtime.GC()

	running, err := session.Start(s.path)
	if err != nil {
		return coldStart{}, err
	}
	measured := coldStart{preparation: running.Preparation, handshake: running.Handshake}
	s.protocolVersion = running.ProtocolVersion()
	if s.handshakeOnly {
		running.Kill()
		return measured, nil
	}
	defer running.Stop()
	return measured, s.fetchSchema(ctx, running, &measured)
}

func (s *subject) fetchSchema(ctx context.Context, running *session.Session, measured *coldStart) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	if err := running.Connect(); err != nil {
		return err
	}
	answer, err := running.GetSchema(ctx)
	if err != nil {
		return err
	}
	measured.schema = running.SinceSpawn()
	if runtime.GOOS == "linux" {
		memory, err := running.Memory()
		if err != nil {
			return err
		}
		measured.peakMemory = memory.Peak
	}
	s.schema, err = message.SummarizeSchema(answer)
	return err
}
