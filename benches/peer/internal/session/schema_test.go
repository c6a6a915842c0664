package session

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func field(number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), content)
}

func diagnostic(severity uint64, summary string) []byte {
	encoded := protowire.AppendVarint(protowire.AppendTag(nil, fieldSeverity, protowire.VarintType), severity)
	return field(fieldDiagnostics, append(encoded, field(fieldSummary, []byte(summary))...))
}

func join(fields ...[]byte) []byte {
	var message []byte
	for _, field := range fields {
		message = append(message, field...)
	}
	return message
}

func TestSchemaSummaryCounts(t *testing.T) {
	answer := join(
		field(fieldProviderSchema, nil),
		field(fieldResourceSchemas, []byte("a")), field(fieldResourceSchemas, []byte("b")),
		field(fieldDataSourceSchemas, []byte("c")),
		diagnostic(2, "only a warning"),
	)
	summary, err := SummarizeSchema(answer)
	if want := (SchemaSummary{Bytes: len(answer), Resources: 2, DataSources: 1}); err != nil || summary != want {
		t.Errorf("got %+v and error %v, want %+v", summary, err, want)
	}
}

func TestSchemaSummaryRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		answer  []byte
		message string
	}{
		"an empty answer":  {nil, "no provider schema"},
		"an error":         {join(field(fieldProviderSchema, nil), diagnostic(1, "schema is broken")), "schema is broken"},
		"a truncated text": {field(fieldProviderSchema, []byte("abc"))[:3], "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := SummarizeSchema(test.answer)
			if err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("got error %v, want one with %q", err, test.message)
			}
		})
	}
}
