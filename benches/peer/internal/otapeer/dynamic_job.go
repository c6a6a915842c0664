package otapeer

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// DynamicJobTypeName is the full name of the resource that is measured.
const DynamicJobTypeName = TypeName + "_iot_ota_dynamic_job"

var (
	_ resource.ResourceWithConfigure      = (*dynamicJobResource)(nil)
	_ resource.ResourceWithValidateConfig = (*dynamicJobResource)(nil)
)

// jobsCreated numbers the jobs of this process.
var jobsCreated atomic.Int64

type dynamicJobResource struct {
	provider providerModel
}

type dynamicJobModel struct {
	FirmwareID       types.String `tfsdk:"firmware_id"`
	ProductKey       types.String `tfsdk:"product_key"`
	IotInstanceID    types.String `tfsdk:"iot_instance_id"`
	SrcVersions      types.List   `tfsdk:"src_versions"`
	Tags             types.Map    `tfsdk:"tags"`
	RetryInterval    types.Int64  `tfsdk:"retry_interval"`
	RetryCount       types.Int64  `tfsdk:"retry_count"`
	TimeoutInMinutes types.Int64  `tfsdk:"timeout_in_minutes"`
	MaximumPerMinute types.Int64  `tfsdk:"maximum_per_minute"`
	OverwriteMode    types.Int64  `tfsdk:"overwrite_mode"`
	DynamicMode      types.Int64  `tfsdk:"dynamic_mode"`
	NeedPush         types.Bool   `tfsdk:"need_push"`
	NeedConfirm      types.Bool   `tfsdk:"need_confirm"`
	MultiModuleMode  types.Bool   `tfsdk:"multi_module_mode"`
	DownloadProtocol types.String `tfsdk:"download_protocol"`
	GroupID          types.String `tfsdk:"group_id"`
	GroupType        types.String `tfsdk:"group_type"`
	OnExternalCancel types.String `tfsdk:"on_external_cancel"`
	OnDestroy        types.String `tfsdk:"on_destroy"`
	ID               types.String `tfsdk:"id"`
	JobID            types.String `tfsdk:"job_id"`
	Region           types.String `tfsdk:"region"`
	UtcCreate        types.String `tfsdk:"utc_create"`
	JobStatus        types.String `tfsdk:"job_status"`
	FirmwareName     types.String `tfsdk:"firmware_name"`
	DestVersion      types.String `tfsdk:"dest_version"`
	Timeouts         types.Object `tfsdk:"timeouts"`
}

func newDynamicJobResource() resource.Resource {
	return &dynamicJobResource{}
}

func (r *dynamicJobResource) Metadata(_ context.Context, _ resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = DynamicJobTypeName
}

func (r *dynamicJobResource) Configure(_ context.Context, request resource.ConfigureRequest, response *resource.ConfigureResponse) {
	// Validation runs before the provider is configured.
	if request.ProviderData == nil {
		return
	}
	configured, isModel := request.ProviderData.(providerModel)
	if !isModel {
		response.Diagnostics.AddError("Unexpected provider data", fmt.Sprintf("Got %T.", request.ProviderData))
		return
	}
	r.provider = configured
}

func (r *dynamicJobResource) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var job dynamicJobModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &job)...)
	if response.Diagnostics.HasError() {
		return
	}
	job.settle(r.provider)
	job.identify(r.provider, jobsCreated.Add(1), time.Now())
	response.Diagnostics.Append(response.State.Set(ctx, &job)...)
}

// Read is empty on purpose: there is no service that could know better than the state.
func (r *dynamicJobResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r *dynamicJobResource) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var job dynamicJobModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &job)...)
	if response.Diagnostics.HasError() {
		return
	}
	job.settle(r.provider)
	response.Diagnostics.Append(response.State.Set(ctx, &job)...)
}

// Delete is empty on purpose: the framework drops the state of a resource whose
// deletion reports no error.
func (r *dynamicJobResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}

// settle gives every optional and computed attribute the value it has when the
// configuration leaves it out.
func (job *dynamicJobModel) settle(configured providerModel) {
	if job.IotInstanceID.IsUnknown() {
		job.IotInstanceID = configured.IotInstanceID
	}
	if job.MaximumPerMinute.IsUnknown() {
		job.MaximumPerMinute = types.Int64Value(1000)
	}
	// The service does not report these, so an unwritten one is not known.
	for _, number := range []*types.Int64{&job.OverwriteMode, &job.DynamicMode} {
		if number.IsUnknown() {
			*number = types.Int64Null()
		}
	}
	for _, truth := range []*types.Bool{&job.NeedPush, &job.NeedConfirm, &job.MultiModuleMode} {
		if truth.IsUnknown() {
			*truth = types.BoolNull()
		}
	}
	if job.DownloadProtocol.IsUnknown() {
		job.DownloadProtocol = types.StringNull()
	}
}

// identify fills in what the service would answer to a create.
func (job *dynamicJobModel) identify(configured providerModel, number int64, now time.Time) {
	job.JobID = types.StringValue(fmt.Sprintf("peer%022d", number))
	job.ID = job.JobID
	job.Region = configured.Region
	job.UtcCreate = types.StringValue(now.UTC().Format("2006-01-02T15:04:05.000Z"))
	job.JobStatus = types.StringValue("IN_PROGRESS")
	job.FirmwareName = types.StringValue("firmware " + job.FirmwareID.ValueString())
	job.DestVersion = types.StringValue("V2.0.0")
}
