package otapeer

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	provider "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// block is a row of the tables in table.go, which have what the Rust provider says
// about itself.
type block struct {
	description string
	attributes  []attribute
	blocks      []nested
}

type attribute struct {
	name        string
	kind        kind
	flags       flags
	description string
}

type nested struct {
	name    string
	nesting nesting
	block   block
}

type kind int

const (
	stringKind kind = iota
	numberKind
	boolKind
	stringsKind
	stringMapKind
	numberMapKind
)

type flags int

const (
	required flags = 1 << iota
	optional
	computed
	sensitive
)

func (f flags) has(flag flags) bool { return f&flag != 0 }

type nesting int

const (
	singleBlock nesting = iota
	listBlock
)

// elements is the type of a map's elements.
func (k kind) elements() attr.Type {
	if k == numberMapKind {
		return types.NumberType
	}
	return types.StringType
}

// The framework has a package of its own for each kind of schema. None of their
// attributes has more here than the wire shows; what the job's decide by is in
// dynamic_job_schema.go.

func providerAttributes(table []attribute) map[string]provider.Attribute {
	attributes := make(map[string]provider.Attribute, len(table))
	for _, row := range table {
		isRequired, isOptional, isSensitive := row.flags.has(required), row.flags.has(optional), row.flags.has(sensitive)
		switch row.kind {
		case stringKind:
			attributes[row.name] = provider.StringAttribute{Required: isRequired, Optional: isOptional, Sensitive: isSensitive, MarkdownDescription: row.description}
		case numberKind:
			attributes[row.name] = provider.Int64Attribute{Required: isRequired, Optional: isOptional, Sensitive: isSensitive, MarkdownDescription: row.description}
		case boolKind:
			attributes[row.name] = provider.BoolAttribute{Required: isRequired, Optional: isOptional, Sensitive: isSensitive, MarkdownDescription: row.description}
		case stringsKind:
			attributes[row.name] = provider.ListAttribute{ElementType: types.StringType, Required: isRequired, Optional: isOptional, Sensitive: isSensitive, MarkdownDescription: row.description}
		case stringMapKind, numberMapKind:
			attributes[row.name] = provider.MapAttribute{ElementType: row.kind.elements(), Required: isRequired, Optional: isOptional, Sensitive: isSensitive, MarkdownDescription: row.description}
		}
	}
	return attributes
}

func providerBlocks(table []nested) map[string]provider.Block {
	blocks := make(map[string]provider.Block, len(table))
	for _, row := range table {
		attributes := providerAttributes(row.block.attributes)
		switch row.nesting {
		case singleBlock:
			blocks[row.name] = provider.SingleNestedBlock{Attributes: attributes, MarkdownDescription: row.block.description}
		case listBlock:
			blocks[row.name] = provider.ListNestedBlock{
				NestedObject:        provider.NestedBlockObject{Attributes: attributes},
				MarkdownDescription: row.block.description,
			}
		}
	}
	return blocks
}

func resourceAttributes(table []attribute) map[string]resource.Attribute {
	attributes := make(map[string]resource.Attribute, len(table))
	for _, row := range table {
		isRequired, isOptional, isComputed := row.flags.has(required), row.flags.has(optional), row.flags.has(computed)
		switch row.kind {
		case stringKind:
			attributes[row.name] = resource.StringAttribute{Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		case numberKind:
			attributes[row.name] = resource.Int64Attribute{Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		case boolKind:
			attributes[row.name] = resource.BoolAttribute{Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		case stringsKind:
			attributes[row.name] = resource.ListAttribute{ElementType: types.StringType, Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		case stringMapKind, numberMapKind:
			attributes[row.name] = resource.MapAttribute{ElementType: row.kind.elements(), Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		}
	}
	return attributes
}

func resourceBlocks(table []nested) map[string]resource.Block {
	blocks := make(map[string]resource.Block, len(table))
	for _, row := range table {
		blocks[row.name] = resource.SingleNestedBlock{
			Attributes:          resourceAttributes(row.block.attributes),
			MarkdownDescription: row.block.description,
		}
	}
	return blocks
}

func dataSourceAttributes(table []attribute) map[string]datasource.Attribute {
	attributes := make(map[string]datasource.Attribute, len(table))
	for _, row := range table {
		isRequired, isOptional, isComputed := row.flags.has(required), row.flags.has(optional), row.flags.has(computed)
		switch row.kind {
		case stringKind:
			attributes[row.name] = datasource.StringAttribute{Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		case numberKind:
			attributes[row.name] = datasource.NumberAttribute{Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		case boolKind:
			attributes[row.name] = datasource.BoolAttribute{Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		case stringsKind:
			attributes[row.name] = datasource.ListAttribute{ElementType: types.StringType, Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		case stringMapKind, numberMapKind:
			attributes[row.name] = datasource.MapAttribute{ElementType: row.kind.elements(), Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: row.description}
		}
	}
	return attributes
}
