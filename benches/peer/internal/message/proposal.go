package message

import (
	"errors"

	"github.com/vmihailenco/msgpack/v5"
	"google.golang.org/protobuf/encoding/protowire"
)

// fieldProposedState is where a plan request has core's proposal.
const fieldProposedState = 3

// unknown is an encoded value that is not known yet.
var unknown = []byte{0xd4, 0x00, 0x00}

// PlanAnswer accepts the proposal of an encoded plan request; what the provider may
// fill in and the configuration leaves out becomes unknown. It is as little as a
// provider can answer.
func (b Block) PlanAnswer(request []byte) ([]byte, error) {
	var proposed []byte
	err := eachField(request, func(number protowire.Number, content []byte, _ uint64) error {
		if number != fieldProposedState {
			return nil
		}
		return eachField(content, func(_ protowire.Number, content []byte, _ uint64) error {
			proposed = content
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	planned, err := b.accept(proposed)
	return bytesField(fieldPlannedState, dynamicValue(planned)), err
}

// accept makes an encoded object's computed nulls unknown.
func (b Block) accept(object []byte) ([]byte, error) {
	var attributes map[string]msgpack.RawMessage
	if err := msgpack.Unmarshal(object, &attributes); err != nil {
		return nil, err
	}
	if attributes == nil {
		return nil, errors.New("only the creation of objects is known here")
	}
	for name, value := range attributes {
		// The decoder leaves the bytes of a null out.
		if b.Attributes[name] && len(value) == 0 {
			attributes[name] = unknown
		}
	}
	return msgpack.Marshal(attributes)
}
