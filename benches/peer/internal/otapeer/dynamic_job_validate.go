package otapeer

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ValidateConfig checks the rules between attributes. Unknown values are given
// the benefit of the doubt.
func (r *dynamicJobResource) ValidateConfig(ctx context.Context, request resource.ValidateConfigRequest, response *resource.ValidateConfigResponse) {
	var job dynamicJobModel
	response.Diagnostics.Append(request.Config.Get(ctx, &job)...)
	if response.Diagnostics.HasError() {
		return
	}
	job.checkRetry(&response.Diagnostics)
	job.checkGroup(&response.Diagnostics)
	job.checkModes(&response.Diagnostics)
}

func (job *dynamicJobModel) checkRetry(diagnostics *diag.Diagnostics) {
	isInterval := !job.RetryInterval.IsNull() && !job.RetryInterval.IsUnknown()
	if isInterval && job.RetryCount.IsNull() {
		diagnostics.AddAttributeError(path.Root("retry_count"), "Missing retry_count",
			"A job with retry_interval also needs retry_count.")
	}
}

func (job *dynamicJobModel) checkGroup(diagnostics *diag.Diagnostics) {
	if job.GroupID.IsUnknown() || job.GroupType.IsUnknown() || job.SrcVersions.IsUnknown() {
		return
	}
	isGroup := !job.GroupID.IsNull()
	if isGroup == job.GroupType.IsNull() {
		diagnostics.AddAttributeError(path.Root("group_id"), "Half a group",
			"group_id and group_type are only valid together.")
	}
	if isGroup && !job.SrcVersions.IsNull() {
		diagnostics.AddAttributeError(path.Root("src_versions"), "Two selections",
			"A job selects devices by src_versions or by a group, not by both.")
	}
	if !isGroup && job.SrcVersions.IsNull() {
		diagnostics.AddWarning("No selection of devices",
			"Without src_versions and without a group it is not documented which devices the job selects.")
	}
}

func (job *dynamicJobModel) checkModes(diagnostics *diag.Diagnostics) {
	if job.OverwriteMode.ValueInt64() == 2 && job.MultiModuleMode.ValueBool() {
		diagnostics.AddAttributeError(path.Root("multi_module_mode"), "Modes exclude each other",
			"overwrite_mode 2 cannot be combined with multi_module_mode.")
	}
}
