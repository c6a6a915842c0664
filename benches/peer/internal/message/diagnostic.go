package message

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers and values of a diagnostic's fields.
const (
	fieldSeverity = 1
	fieldSummary  = 2
	severityError = 1
)

// diagnosticError returns an error for a diagnostic that is one, nil for a warning.
func diagnosticError(diagnostic []byte) error {
	severity, summary, err := decodeDiagnostic(diagnostic)
	if err == nil && severity == severityError {
		err = reported(summary)
	}
	return err
}

// diagnosticAsError returns an error for any diagnostic.
func diagnosticAsError(diagnostic []byte) error {
	_, summary, err := decodeDiagnostic(diagnostic)
	if err == nil {
		err = reported(summary)
	}
	return err
}

func reported(summary string) error {
	return fmt.Errorf("the provider reports: %s", summary)
}

func decodeDiagnostic(diagnostic []byte) (severity uint64, summary string, err error) {
	err = eachField(diagnostic, func(number protowire.Number, content []byte, value uint64) error {
		switch number {
		case fieldSeverity:
			severity = value
		case fieldSummary:
			summary = string(content)
		}
		return nil
	})
	return severity, summary, err
}
