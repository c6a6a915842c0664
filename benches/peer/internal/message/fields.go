package message

import "google.golang.org/protobuf/encoding/protowire"

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

// bytesField is an encoded field that has a length: text, bytes or a message.
func bytesField(number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), content)
}

// trueField is an encoded truth value; false is absence.
func trueField(number protowire.Number) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), 1)
}

func join(fields ...[]byte) []byte {
	var message []byte
	for _, field := range fields {
		message = append(message, field...)
	}
	return message
}
