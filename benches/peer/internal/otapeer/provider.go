// Package otapeer is a minimal provider with the one resource
// alicloud_iot_ota_dynamic_job. Attributes, replacement rules and validation
// follow the contract of the Rust provider; create, read, update and delete only
// move values between plan and state.
package otapeer

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
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
	Region        types.String `tfsdk:"region"`
	IotInstanceID types.String `tfsdk:"iot_instance_id"`
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
		Description: "Firmware rollouts, kept in the state only.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional:    true,
				Description: "Region that the resources report. Default: " + defaultRegion + ".",
			},
			"iot_instance_id": schema.StringAttribute{
				Optional:    true,
				Description: "Instance of the resources that name none.",
			},
		},
	}
}

func (p *peerProvider) Configure(ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse) {
	var model providerModel
	response.Diagnostics.Append(request.Config.Get(ctx, &model)...)
	if response.Diagnostics.HasError() {
		return
	}
	if model.Region.IsNull() || model.Region.IsUnknown() {
		model.Region = types.StringValue(defaultRegion)
	}
	response.ResourceData = model
}

func (p *peerProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newDynamicJobResource}
}

func (p *peerProvider) DataSources(context.Context) []func() datasource.DataSource {
	return nil
}
