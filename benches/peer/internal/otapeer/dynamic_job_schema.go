package otapeer

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func (r *dynamicJobResource) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = schema.Schema{
		Description: "A dynamic update batch: devices that match are updated until the batch is cancelled.",
		Attributes: map[string]schema.Attribute{
			"firmware_id":     requiredString("ID of the verified update package."),
			"product_key":     requiredString("Key of the product that the package belongs to."),
			"iot_instance_id": settledString("Instance of the product. Default: the provider's."),
			"src_versions":    sourceVersions(),
			"tags": schema.MapAttribute{
				Optional:    true,
				ElementType: types.StringType,
				Description: "Tags that are sent to the devices: at most 10, keys of 1 to 30 letters, digits and dots.",
				Validators:  []validator.Map{tagRules{}},
			},
			"retry_interval":     optionalReplacingNumber("Minutes before a failed update is tried again; 0 is at once.", oneOfNumbers(0, 10, 30, 60, 1440)),
			"retry_count":        optionalReplacingNumber("How often a failed update is tried again.", oneOfNumbers(1, 2, 5)),
			"timeout_in_minutes": timeoutInMinutes(),
			"maximum_per_minute": maximumPerMinute(),
			"overwrite_mode":     settledNumber("1 keeps an earlier task of the device, 2 replaces it.", oneOfNumbers(1, 2)),
			"dynamic_mode":       settledNumber("1 keeps checking devices, 2 only those that report a new version later.", oneOfNumbers(1, 2)),
			"need_push":          settledBool("Whether the task is pushed to devices that are online."),
			"need_confirm":       settledBool("Whether a device gets the task only after a confirmation."),
			"multi_module_mode":  settledBool("Whether a device may update several modules at once."),
			"download_protocol":  settledString("How devices fetch the package: HTTPS or MQTT.", oneOfStrings("HTTPS", "MQTT")),
			"group_id":           optionalReplacingString("ID of a dynamic group, in place of versions.", lengthBetween(1, 128)),
			"group_type":         optionalReplacingString("Kind of the group.", oneOfStrings("LINK_PLATFORM_DYNAMIC")),
			"on_external_cancel": defaultedString("What refresh makes of a job that was cancelled outside.", "recreate",
				"keep", "error"),
			"id":            computedString("ID of the job."),
			"job_id":        computedString("ID of the job as the service reports it."),
			"region":        computedString("Region of the job."),
			"utc_create":    computedString("When the job was created, UTC."),
			"job_status":    computedString("Status of the job."),
			"firmware_name": computedString("Name of the package."),
			"dest_version":  computedString("Version that the package brings."),
		},
	}
}

func requiredString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Required:      true,
		Description:   description,
		Validators:    []validator.String{lengthBetween(1, 128)},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

func optionalReplacingString(description string, rules ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:      true,
		Description:   description,
		Validators:    rules,
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

// settledString is optional and computed: left out of the configuration, it keeps
// what the job has.
func settledString(description string, rules ...validator.String) schema.StringAttribute {
	attribute := optionalReplacingString(description, rules...)
	attribute.Computed = true
	attribute.PlanModifiers = []planmodifier.String{
		stringplanmodifier.UseStateForUnknown(),
		stringplanmodifier.RequiresReplace(),
	}
	return attribute
}

func defaultedString(description, fallback string, others ...string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:    true,
		Computed:    true,
		Description: description + " Default: " + fallback + ".",
		Default:     stringdefault.StaticString(fallback),
		Validators:  []validator.String{oneOfStrings(append([]string{fallback}, others...)...)},
	}
}

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed:      true,
		Description:   description,
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func optionalReplacingNumber(description string, rule validator.Int64) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional:      true,
		Description:   description,
		Validators:    []validator.Int64{rule},
		PlanModifiers: []planmodifier.Int64{int64planmodifier.RequiresReplace()},
	}
}

// settledNumber is the number that settledString is for strings.
func settledNumber(description string, rule validator.Int64) schema.Int64Attribute {
	attribute := optionalReplacingNumber(description, rule)
	attribute.Computed = true
	attribute.PlanModifiers = []planmodifier.Int64{
		int64planmodifier.UseStateForUnknown(),
		int64planmodifier.RequiresReplace(),
	}
	return attribute
}

// settledBool is the truth value that settledString is for strings.
func settledBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional:    true,
		Computed:    true,
		Description: description,
		PlanModifiers: []planmodifier.Bool{
			boolplanmodifier.UseStateForUnknown(),
			boolplanmodifier.RequiresReplace(),
		},
	}
}

func sourceVersions() schema.ListAttribute {
	const reason = "Appearing or disappearing replaces the job."
	replace := func(_ context.Context, request planmodifier.ListRequest, response *listplanmodifier.RequiresReplaceIfFuncResponse) {
		response.RequiresReplace = request.StateValue.IsNull() != request.PlanValue.IsNull()
	}
	return schema.ListAttribute{
		Optional:      true,
		ElementType:   types.StringType,
		Description:   "Versions to update from: at most 10, each once.",
		Validators:    []validator.List{versionRules{}},
		PlanModifiers: []planmodifier.List{listplanmodifier.RequiresReplaceIf(replace, reason, reason)},
	}
}

func timeoutInMinutes() schema.Int64Attribute {
	const reason = "Removal replaces the job."
	replace := func(_ context.Context, request planmodifier.Int64Request, response *int64planmodifier.RequiresReplaceIfFuncResponse) {
		response.RequiresReplace = request.PlanValue.IsNull()
	}
	attribute := optionalReplacingNumber("Minutes after which a device's update has failed. Left out: never.", numberBetween(1, 1440))
	attribute.PlanModifiers = []planmodifier.Int64{int64planmodifier.RequiresReplaceIf(replace, reason, reason)}
	return attribute
}

func maximumPerMinute() schema.Int64Attribute {
	const reason = "A rate below 10 cannot be set on a job that exists."
	replace := func(_ context.Context, request planmodifier.Int64Request, response *int64planmodifier.RequiresReplaceIfFuncResponse) {
		response.RequiresReplace = request.PlanValue.ValueInt64() < leastUpdatableRate
	}
	attribute := settledNumber("Devices that get the package a minute, 0 to 1000.", numberBetween(0, 1000))
	attribute.PlanModifiers = []planmodifier.Int64{
		int64planmodifier.UseStateForUnknown(),
		int64planmodifier.RequiresReplaceIf(replace, reason, reason),
	}
	return attribute
}
