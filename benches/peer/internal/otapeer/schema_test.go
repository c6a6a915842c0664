package otapeer

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The tables come from the Rust provider, so what is served here is what that serves.
func TestEverythingInTheTablesIsServed(t *testing.T) {
	server := providerserver.NewProtocol6(New())()
	served, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, diagnostic := range served.Diagnostics {
		t.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	check(t, "the provider", providerTable, served.Provider.Block)
	if len(served.ResourceSchemas) != len(resourceTables) || len(served.DataSourceSchemas) != len(dataSourceTables) {
		t.Errorf("%d resources and %d data sources", len(served.ResourceSchemas), len(served.DataSourceSchemas))
	}
	for name, table := range resourceTables {
		check(t, name, table, served.ResourceSchemas[name].Block)
	}
	for name, table := range dataSourceTables {
		check(t, name, table, served.DataSourceSchemas[name].Block)
	}
}

func check(t *testing.T, name string, table block, served *tfprotov6.SchemaBlock) {
	t.Helper()
	attributes := map[string]*tfprotov6.SchemaAttribute{}
	for _, attribute := range served.Attributes {
		attributes[attribute.Name] = attribute
	}
	if len(attributes) != len(table.attributes) || len(served.BlockTypes) != len(table.blocks) {
		t.Errorf("%s has %d attributes and %d blocks", name, len(attributes), len(served.BlockTypes))
	}
	if served.Description != table.description {
		t.Errorf("%s is described as %q", name, served.Description)
	}
	for _, row := range table.attributes {
		attribute := attributes[row.name]
		if attribute == nil {
			t.Errorf("%s has no %s", name, row.name)
			continue
		}
		var found flags
		for flag, isSet := range map[flags]bool{required: attribute.Required, optional: attribute.Optional, computed: attribute.Computed, sensitive: attribute.Sensitive} {
			if isSet {
				found |= flag
			}
		}
		if found != row.flags || attribute.Description != row.description {
			t.Errorf("%s of %s: flags %b, described as %q", row.name, name, found, attribute.Description)
		}
	}
}
