package otapeer

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

const (
	rolloutGateTypeName = TypeName + "_iot_ota_rollout_gate"
	jobProgressTypeName = TypeName + "_iot_ota_job_progress"
)

// notCallable is the summary of what only has a schema.
const notCallable = "This is here for its schema"

// rolloutGateResource has a schema and refuses everything else.
type rolloutGateResource struct{}

func newRolloutGateResource() resource.Resource { return rolloutGateResource{} }

func (rolloutGateResource) Metadata(_ context.Context, _ resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = rolloutGateTypeName
}

func (rolloutGateResource) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	table := resourceTables[rolloutGateTypeName]
	response.Schema = resourceschema.Schema{
		MarkdownDescription: table.description,
		Attributes:          resourceAttributes(table.attributes),
		Blocks:              resourceBlocks(table.blocks),
	}
}

func (rolloutGateResource) Create(_ context.Context, _ resource.CreateRequest, response *resource.CreateResponse) {
	response.Diagnostics.AddError(notCallable, rolloutGateTypeName)
}

func (rolloutGateResource) Read(_ context.Context, _ resource.ReadRequest, response *resource.ReadResponse) {
	response.Diagnostics.AddError(notCallable, rolloutGateTypeName)
}

func (rolloutGateResource) Update(_ context.Context, _ resource.UpdateRequest, response *resource.UpdateResponse) {
	response.Diagnostics.AddError(notCallable, rolloutGateTypeName)
}

func (rolloutGateResource) Delete(_ context.Context, _ resource.DeleteRequest, response *resource.DeleteResponse) {
	response.Diagnostics.AddError(notCallable, rolloutGateTypeName)
}

// jobProgressDataSource has a schema and refuses to be read.
type jobProgressDataSource struct{}

func newJobProgressDataSource() datasource.DataSource { return jobProgressDataSource{} }

func (jobProgressDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, response *datasource.MetadataResponse) {
	response.TypeName = jobProgressTypeName
}

func (jobProgressDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	table := dataSourceTables[jobProgressTypeName]
	response.Schema = datasourceschema.Schema{
		MarkdownDescription: table.description,
		Attributes:          dataSourceAttributes(table.attributes),
	}
}

func (jobProgressDataSource) Read(_ context.Context, _ datasource.ReadRequest, response *datasource.ReadResponse) {
	response.Diagnostics.AddError(notCallable, jobProgressTypeName)
}
