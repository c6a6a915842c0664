package message

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func varintField(number protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), value)
}

func diagnostic(severity uint64, summary string) []byte {
	encoded := varintField(fieldSeverity, severity)
	return bytesField(fieldDiagnostics, append(encoded, bytesField(fieldSummary, []byte(summary))...))
}

func TestSchemaSummaryCounts(t *testing.T) {
	answer := join(
		bytesField(fieldProviderSchema, nil),
		bytesField(fieldResourceSchemas, []byte("a")), bytesField(fieldResourceSchemas, []byte("b")),
		bytesField(fieldDataSourceSchemas, []byte("c")),
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
		"an error":         {join(bytesField(fieldProviderSchema, nil), diagnostic(1, "schema is broken")), "schema is broken"},
		"a truncated text": {bytesField(fieldProviderSchema, []byte("abc"))[:3], "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := SummarizeSchema(test.answer)
			if err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("got error %v, want one with %q", err, test.message)
			}
		})
	}
}
