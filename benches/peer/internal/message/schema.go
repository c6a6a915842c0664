// Package message encodes the requests of Terraform's plugin protocol that are
// measured, and reads their answers. It knows the few fields that matter here, so
// that decoding is no burden on the measuring client.
package message

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

// Numbers of the fields on the way from the schema answer to its attributes. A map
// entry has its key in field 1 and its value in field 2.
const (
	fieldMapKey          = 1
	fieldMapValue        = 2
	fieldSchemaBlock     = 2
	fieldBlockAttributes = 2
	fieldBlockTypes      = 3
	fieldAttributeName   = 1
	fieldComputed        = 6
	fieldBlockTypeName   = 1
	fieldNesting         = 3
	nestingSingle        = 1
	nestingList          = 2
)

// Schema is what is needed of a schema answer to make up values and to answer in
// a provider's place.
type Schema struct {
	Provider  Block
	Resources map[string]Block
}

// Block has the names that an encoded object must hold.
type Block struct {
	// Attributes tells of each whether the provider may fill it in. A block that stands there once at most is one too:
	// left out, it is null, as an attribute is.
	Attributes map[string]bool
	// Lists are nested blocks, encoded as lists of objects.
	Lists map[string]Block
}

// DecodeSchema reads an encoded schema answer.
func DecodeSchema(answer []byte) (Schema, error) {
	decoded := Schema{Resources: map[string]Block{}}
	err := eachField(answer, func(number protowire.Number, content []byte, _ uint64) error {
		var err error
		switch number {
		case fieldProviderSchema:
			decoded.Provider, err = decodeBlock(content)
		case fieldResourceSchemas:
			var name string
			var block Block
			err = eachField(content, func(number protowire.Number, content []byte, _ uint64) error {
				var err error
				switch number {
				case fieldMapKey:
					name = string(content)
				case fieldMapValue:
					block, err = decodeBlock(content)
				}
				return err
			})
			decoded.Resources[name] = block
		}
		return err
	})
	if err != nil {
		return Schema{}, fmt.Errorf("schema answer of %d bytes: %w", len(answer), err)
	}
	return decoded, nil
}

// decodeBlock reads the block of an encoded schema or of a nested block, which have it
// in the same field.
func decodeBlock(schema []byte) (Block, error) {
	block := Block{Attributes: map[string]bool{}, Lists: map[string]Block{}}
	err := eachField(schema, func(number protowire.Number, content []byte, _ uint64) error {
		if number != fieldSchemaBlock {
			return nil
		}
		return eachField(content, func(number protowire.Number, content []byte, _ uint64) error {
			switch number {
			case fieldBlockAttributes:
				return block.addAttribute(content)
			case fieldBlockTypes:
				return block.addNested(content)
			}
			return nil
		})
	})
	return block, err
}

func (b *Block) addAttribute(attribute []byte) error {
	var name string
	computed := false
	err := eachField(attribute, func(number protowire.Number, content []byte, value uint64) error {
		switch number {
		case fieldAttributeName:
			name = string(content)
		case fieldComputed:
			computed = value != 0
		}
		return nil
	})
	b.Attributes[name] = computed
	return err
}

func (b *Block) addNested(nested []byte) error {
	var name string
	var nesting uint64
	err := eachField(nested, func(number protowire.Number, content []byte, value uint64) error {
		switch number {
		case fieldBlockTypeName:
			name = string(content)
		case fieldNesting:
			nesting = value
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch nesting {
	case nestingSingle:
		b.Attributes[name] = false
	case nestingList:
		b.Lists[name], err = decodeBlock(nested)
	default:
		return fmt.Errorf("the nested block %s has the nesting %d, and only single ones and lists are known here", name, nesting)
	}
	return err
}
