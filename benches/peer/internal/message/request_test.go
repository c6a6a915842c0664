package message

import (
	"maps"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

// schemaAnswer has a resource "job" with a required and a computed attribute, and a
// list block in the provider's own schema.
func schemaAnswer() []byte {
	nested := func(nesting uint64) []byte {
		inner := bytesField(fieldSchemaBlock, bytesField(fieldBlockAttributes, bytesField(fieldAttributeName, []byte("inner"))))
		return bytesField(fieldBlockTypes, join(bytesField(fieldBlockTypeName, []byte("nested")), inner, varintField(fieldNesting, nesting)))
	}
	block := bytesField(fieldSchemaBlock, join(
		bytesField(fieldBlockAttributes, bytesField(fieldAttributeName, []byte("name"))),
		bytesField(fieldBlockAttributes, append(bytesField(fieldAttributeName, []byte("id")), trueField(fieldComputed)...)),
	))
	return join(
		bytesField(fieldProviderSchema, bytesField(fieldSchemaBlock, nested(nestingList))),
		bytesField(fieldResourceSchemas, join(bytesField(fieldMapKey, []byte("job")), bytesField(fieldMapValue, block))),
	)
}

func decoded(t *testing.T) Schema {
	t.Helper()
	schema, err := DecodeSchema(schemaAnswer())
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSchemaIsDecoded(t *testing.T) {
	schema := decoded(t)
	if want := map[string]bool{"name": false, "id": true}; !maps.Equal(schema.Resources["job"].Attributes, want) {
		t.Errorf("got the attributes %v, want %v", schema.Resources["job"].Attributes, want)
	}
	if nested, isThere := schema.Provider.Lists["nested"]; len(schema.Provider.Lists) != 1 || !isThere || len(nested.Attributes) != 1 {
		t.Errorf("got the blocks %v, want a nested one with one attribute", schema.Provider.Lists)
	}
}

func TestObjectHoldsEverything(t *testing.T) {
	schema := decoded(t)
	for name, test := range map[string]struct {
		block Block
		given map[string]any
		want  string
	}{
		"attributes": {schema.Resources["job"], map[string]any{"name": "a"}, "\x82\xa2id\xc0\xa4name\xa1a"},
		"no blocks":  {schema.Provider, nil, "\x81\xa6nested\x90"},
		"a block":    {schema.Provider, map[string]any{"nested": []map[string]any{{}}}, "\x81\xa6nested\x91\x81\xa5inner\xc0"},
	} {
		t.Run(name, func(t *testing.T) {
			object, err := test.block.Object(test.given)
			if err != nil || !sameObject(t, object, []byte(test.want)) {
				t.Errorf("got %q and error %v, want %q", object, err, test.want)
			}
		})
	}
	for _, given := range []map[string]any{{"absent": 1}, {"nested": []map[string]any{{"absent": 1}}}} {
		if _, err := schema.Provider.Object(given); err == nil {
			t.Errorf("a name that the schema lacks was encoded in %v", given)
		}
	}
}

func sameObject(t *testing.T, left, right []byte) bool {
	t.Helper()
	var one, other map[string]msgpack.RawMessage
	if err := msgpack.Unmarshal(left, &one); err != nil {
		t.Fatal(err)
	}
	if err := msgpack.Unmarshal(right, &other); err != nil {
		t.Fatal(err)
	}
	return maps.EqualFunc(one, other, func(a, b msgpack.RawMessage) bool { return string(a) == string(b) })
}

func TestCheck(t *testing.T) {
	result := bytesField(fieldPlannedState, []byte("x"))
	report := func(severity uint64) []byte {
		return bytesField(Plan.diagnostics, append(varintField(fieldSeverity, severity), bytesField(fieldSummary, []byte("text"))...))
	}
	for name, test := range map[string]struct {
		method  Method
		answer  []byte
		message string
	}{
		"a result":              {Plan, result, ""},
		"nothing where allowed": {Validate, nil, ""},
		"nothing":               {Plan, nil, "no result"},
		"an empty result":       {Plan, bytesField(fieldPlannedState, nil), "no result"},
		"an error":              {Plan, join(result, report(1)), "text"},
		"a warning":             {Plan, join(result, report(2)), "text"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.method.Check(test.answer)
			if test.message == "" && err != nil || test.message != "" && (err == nil || !strings.Contains(err.Error(), test.message)) {
				t.Errorf("got error %v, want one with %q", err, test.message)
			}
		})
	}
}

func TestPlanAnswerMakesComputedNullsUnknown(t *testing.T) {
	job := decoded(t).Resources["job"]
	object, err := job.Object(map[string]any{"name": nil})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := job.PlanAnswer(PlanRequest("job", object))
	if err != nil || Plan.Check(answer) != nil {
		t.Fatalf("error %v, answer %q", err, answer)
	}
	planned, err := job.accept(object)
	if want := []byte("\x82\xa2id\xd4\x00\x00\xa4name\xc0"); err != nil || !sameObject(t, planned, want) {
		t.Errorf("planned %q, error %v, want %q", planned, err, want)
	}
	if _, err := job.PlanAnswer(PlanRequest("job", null)); err == nil {
		t.Error("the end of an object was planned")
	}
}
