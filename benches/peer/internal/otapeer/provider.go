// Package otapeer is a minimal provider with the schema of the Rust provider.
// Replacement rules and validation of alicloud_iot_ota_dynamic_job follow the
// contract of the Rust provider; create, read, update and delete only move values
// between plan and state. The other resource and the data source have a schema and
// nothing behind it: nothing but their schema is measured.
package otapeer

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TypeName is the prefix of every resource name of this provider.
const TypeName = "alicloud"

const defaultRegion = "cn-shanghai"

type peerProvider struct{}

type providerModel struct {
	Region        types.String
	IotInstanceID types.String
}

// New returns the provider, unconfigured.
func New() provider.Provider {
	return &peerProvider{}
}

func (p *peerProvider) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = TypeName
	response.Version = "0.1.0"
}

func (p *peerProvider) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	response.Schema = schema.Schema{
		MarkdownDescription: providerTable.description,
		Attributes:          providerAttributes(providerTable.attributes),
		Blocks:              providerBlocks(providerTable.blocks),
	}
}

func (p *peerProvider) Configure(ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse) {
	var model providerModel
	response.Diagnostics.Append(request.Config.GetAttribute(ctx, path.Root("region"), &model.Region)...)
	response.Diagnostics.Append(request.Config.GetAttribute(ctx, path.Root("iot_instance_id"), &model.IotInstanceID)...)
	if response.Diagnostics.HasError() {
		return
	}
	if model.Region.IsNull() || model.Region.IsUnknown() {
		model.Region = types.StringValue(defaultRegion)
	}
	response.ResourceData = model
}

func (p *peerProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newDynamicJobResource, newRolloutGateResource}
}

func (p *peerProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newJobProgressDataSource}
}
