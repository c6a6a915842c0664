package message

import (
	"errors"
	"fmt"

	"github.com/vmihailenco/msgpack/v5"
	"google.golang.org/protobuf/encoding/protowire"
)

// Method is a remote procedure of protocol 6 with the place of the diagnostics in
// its answer.
type Method struct {
	// Path is what gRPC calls it by.
	Path        string
	diagnostics protowire.Number
	// result is the field that an answer cannot do without; 0 if there is none.
	result protowire.Number
}

// Methods that are measured, and the ones that come before them.
var (
	ValidateProvider = Method{Path: service + "ValidateProviderConfig", diagnostics: 2}
	Configure        = Method{Path: service + "ConfigureProvider", diagnostics: 1}
	Validate         = Method{Path: service + "ValidateResourceConfig", diagnostics: 1}
	Plan             = Method{Path: service + "PlanResourceChange", diagnostics: 4, result: fieldPlannedState}
	Apply            = Method{Path: service + "ApplyResourceChange", diagnostics: 3, result: fieldNewState}
)

// Methods that are not checked as those above are.
const (
	GetSchema = service + "GetProviderSchema"
	Stop      = service + "StopProvider"
)

const service = "/tfplugin6.Provider/"

// Numbers of the fields of answers.
const (
	fieldPlannedState   = 1
	fieldPlannedPrivate = 3
	fieldNewState       = 1
)

// terraformVersion is the version that the client pretends to be.
const terraformVersion = "1.11.4"

// Check returns an error if the answer has any diagnostic, even a warning, or lacks
// its result: what did not do its work must not count.
func (m Method) Check(answer []byte) error {
	complete := m.result == 0
	err := eachField(answer, func(number protowire.Number, content []byte, _ uint64) error {
		if number == m.diagnostics {
			return diagnosticAsError(content)
		}
		complete = complete || number == m.result && len(content) > 0
		return nil
	})
	if err == nil && !complete {
		err = errors.New("the answer has no result")
	}
	return err
}

// Object encodes an object of the block: the given values, and null or no block for
// the others. Nested blocks are given as []map[string]any.
func (b Block) Object(given map[string]any) ([]byte, error) {
	all, err := b.complete(given)
	if err != nil {
		return nil, err
	}
	return msgpack.Marshal(all)
}

// complete adds to the given values what else an encoded object must hold.
func (b Block) complete(given map[string]any) (map[string]any, error) {
	all := make(map[string]any, len(b.Attributes)+len(b.Lists))
	for name := range b.Attributes {
		all[name] = nil
	}
	for name := range b.Lists {
		all[name] = []any{}
	}
	for name, value := range given {
		nested, isList := b.Lists[name]
		elements, hasElements := value.([]map[string]any)
		_, isAttribute := b.Attributes[name]
		switch {
		case isList && hasElements:
			completed := make([]any, len(elements))
			for index, element := range elements {
				var err error
				if completed[index], err = nested.complete(element); err != nil {
					return nil, fmt.Errorf("%s: %w", name, err)
				}
			}
			all[name] = completed
		case isAttribute:
			all[name] = value
		default:
			return nil, fmt.Errorf("the schema has no %s like %v", name, value)
		}
	}
	return all, nil
}

// ValidateProviderRequest asks whether a provider block is right.
func ValidateProviderRequest(config []byte) []byte {
	return bytesField(1, dynamicValue(config))
}

// ConfigureRequest hands a provider its block.
func ConfigureRequest(config []byte) []byte {
	return join(
		bytesField(1, []byte(terraformVersion)),
		bytesField(2, dynamicValue(config)),
		bytesField(3, clientCapabilities),
	)
}

// ValidateRequest asks whether a resource's configuration is right.
func ValidateRequest(typeName string, config []byte) []byte {
	return join(
		bytesField(1, []byte(typeName)),
		bytesField(2, dynamicValue(config)),
		bytesField(3, clientCapabilities),
	)
}

// PlanRequest asks for the plan of a new object. Where everything computed is null in
// the configuration, core proposes the configuration itself.
func PlanRequest(typeName string, config []byte) []byte {
	return join(
		bytesField(1, []byte(typeName)),
		bytesField(2, dynamicValue(null)),
		bytesField(fieldProposedState, dynamicValue(config)),
		bytesField(4, dynamicValue(config)),
		bytesField(7, clientCapabilities),
	)
}

// ApplyRequest asks for the object that planAnswer planned for the same configuration.
func ApplyRequest(typeName string, config, planAnswer []byte) ([]byte, error) {
	request := join(
		bytesField(1, []byte(typeName)),
		bytesField(2, dynamicValue(null)),
		bytesField(4, dynamicValue(config)),
	)
	err := eachField(planAnswer, func(number protowire.Number, content []byte, _ uint64) error {
		switch number {
		case fieldPlannedState:
			request = append(request, bytesField(3, content)...)
		case fieldPlannedPrivate:
			request = append(request, bytesField(5, content)...)
		}
		return nil
	})
	return request, err
}

// null is the encoded value that stands for no object.
var null = []byte{0xc0}

// clientCapabilities tells that write-only attributes are understood, as Terraform
// does from 1.11 on.
var clientCapabilities = trueField(2)

// dynamicValue is the message around an encoded value.
func dynamicValue(encoded []byte) []byte {
	return bytesField(1, encoded)
}
