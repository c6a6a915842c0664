package session

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of the schema answer's fields, the same in protocols 5 and 6.
const (
	fieldProviderSchema    = 1
	fieldResourceSchemas   = 2
	fieldDataSourceSchemas = 3
	fieldDiagnostics       = 4
)

// Numbers and values of a diagnostic's fields.
const (
	fieldSeverity = 1
	fieldSummary  = 2
	severityError = 1
)

// SchemaSummary says how much a schema answer holds.
type SchemaSummary struct {
	Bytes       int `json:"bytes"`
	Resources   int `json:"resources"`
	DataSources int `json:"data_sources"`
}

// SummarizeSchema counts what an encoded schema answer holds. An answer without a
// provider schema or with an error diagnostic is an error: a provider that fails
// early must not count as a fast one.
func SummarizeSchema(answer []byte) (SchemaSummary, error) {
	summary := SchemaSummary{Bytes: len(answer)}
	isProvider := false
	err := eachField(answer, func(number protowire.Number, content []byte, _ uint64) error {
		switch number {
		case fieldProviderSchema:
			isProvider = true
		case fieldResourceSchemas:
			summary.Resources++
		case fieldDataSourceSchemas:
			summary.DataSources++
		case fieldDiagnostics:
			return diagnosticError(content)
		}
		return nil
	})
	if err == nil && !isProvider {
		err = errors.New("the answer has no provider schema")
	}
	if err != nil {
		return SchemaSummary{}, fmt.Errorf("schema answer of %d bytes: %w", len(answer), err)
	}
	return summary, nil
}

// diagnosticError returns an error for a diagnostic that is one, nil for a warning.
func diagnosticError(diagnostic []byte) error {
	var severity uint64
	var text string
	err := eachField(diagnostic, func(number protowire.Number, content []byte, value uint64) error {
		switch number {
		case fieldSeverity:
			severity = value
		case fieldSummary:
			text = string(content)
		}
		return nil
	})
	if err == nil && severity == severityError {
		err = fmt.Errorf("the provider reports: %s", text)
	}
	return err
}

// eachField hands every field of an encoded message to visit: its content if it
// has a length, its value if it is a varint.
func eachField(message []byte, visit func(number protowire.Number, content []byte, value uint64) error) error {
	for len(message) > 0 {
		number, kind, tagLength := protowire.ConsumeTag(message)
		if tagLength < 0 {
			return protowire.ParseError(tagLength)
		}
		message = message[tagLength:]
		length := protowire.ConsumeFieldValue(number, kind, message)
		if length < 0 {
			return protowire.ParseError(length)
		}
		var content []byte
		var value uint64
		switch kind {
		case protowire.BytesType:
			content, _ = protowire.ConsumeBytes(message)
		case protowire.VarintType:
			value, _ = protowire.ConsumeVarint(message)
		}
		if err := visit(number, content, value); err != nil {
			return err
		}
		message = message[length:]
	}
	return nil
}
