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
	table := resourceTables[DynamicJobTypeName]
	described := make(map[string]string, len(table.attributes))
	for _, row := range table.attributes {
		described[row.name] = row.description
	}
	response.Schema = schema.Schema{
		MarkdownDescription: table.description,
		Attributes: map[string]schema.Attribute{
			"firmware_id":        requiredString(described["firmware_id"]),
			"product_key":        requiredString(described["product_key"]),
			"iot_instance_id":    settledString(described["iot_instance_id"]),
			"src_versions":       sourceVersions(described["src_versions"]),
			"tags":               tagMap(described["tags"]),
			"retry_interval":     optionalReplacingNumber(described["retry_interval"], oneOfNumbers(0, 10, 30, 60, 1440)),
			"retry_count":        optionalReplacingNumber(described["retry_count"], oneOfNumbers(1, 2, 5)),
			"timeout_in_minutes": timeoutInMinutes(described["timeout_in_minutes"]),
			"maximum_per_minute": maximumPerMinute(described["maximum_per_minute"]),
			"overwrite_mode":     settledNumber(described["overwrite_mode"], oneOfNumbers(1, 2)),
			"dynamic_mode":       settledNumber(described["dynamic_mode"], oneOfNumbers(1, 2)),
			"need_push":          settledBool(described["need_push"]),
			"need_confirm":       settledBool(described["need_confirm"]),
			"multi_module_mode":  settledBool(described["multi_module_mode"]),
			"download_protocol":  settledString(described["download_protocol"], oneOfStrings("HTTPS", "MQTT")),
			"group_id":           optionalReplacingString(described["group_id"], lengthBetween(1, 128)),
			"group_type":         optionalReplacingString(described["group_type"], oneOfStrings("LINK_PLATFORM_DYNAMIC")),
			"on_external_cancel": defaultedString(described["on_external_cancel"], "recreate", "keep", "error"),
			"on_destroy":         defaultedString(described["on_destroy"], "cancel_strategy", "cancel_pending", "cancel_all", "keep"),
			"id":                 computedString(described["id"]),
			"job_id":             computedString(described["job_id"]),
			"region":             computedString(described["region"]),
			"utc_create":         computedString(described["utc_create"]),
			"job_status":         computedString(described["job_status"]),
			"firmware_name":      computedString(described["firmware_name"]),
			"dest_version":       computedString(described["dest_version"]),
		},
		Blocks: resourceBlocks(table.blocks),
	}
}

func tagMap(description string) schema.MapAttribute {
	return schema.MapAttribute{
		Optional:            true,
		ElementType:         types.StringType,
		MarkdownDescription: description,
		Validators:          []validator.Map{tagRules{}},
	}
}

func requiredString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Required:            true,
		MarkdownDescription: description,
		Validators:          []validator.String{lengthBetween(1, 128)},
		PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

func optionalReplacingString(description string, rules ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: description,
		Validators:          rules,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
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
		Optional:            true,
		Computed:            true,
		MarkdownDescription: description,
		Default:             stringdefault.StaticString(fallback),
		Validators:          []validator.String{oneOfStrings(append([]string{fallback}, others...)...)},
	}
}

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func optionalReplacingNumber(description string, rule validator.Int64) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: description,
		Validators:          []validator.Int64{rule},
		PlanModifiers:       []planmodifier.Int64{int64planmodifier.RequiresReplace()},
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
		Optional:            true,
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers: []planmodifier.Bool{
			boolplanmodifier.UseStateForUnknown(),
			boolplanmodifier.RequiresReplace(),
		},
	}
}

func sourceVersions(description string) schema.ListAttribute {
	const reason = "Appearing or disappearing replaces the job."
	replace := func(_ context.Context, request planmodifier.ListRequest, response *listplanmodifier.RequiresReplaceIfFuncResponse) {
		response.RequiresReplace = request.StateValue.IsNull() != request.PlanValue.IsNull()
	}
	return schema.ListAttribute{
		Optional:            true,
		ElementType:         types.StringType,
		MarkdownDescription: description,
		Validators:          []validator.List{versionRules{}},
		PlanModifiers:       []planmodifier.List{listplanmodifier.RequiresReplaceIf(replace, reason, reason)},
	}
}

func timeoutInMinutes(description string) schema.Int64Attribute {
	const reason = "Removal replaces the job."
	replace := func(_ context.Context, request planmodifier.Int64Request, response *int64planmodifier.RequiresReplaceIfFuncResponse) {
		response.RequiresReplace = request.PlanValue.IsNull()
	}
	attribute := optionalReplacingNumber(description, numberBetween(1, 1440))
	attribute.PlanModifiers = []planmodifier.Int64{int64planmodifier.RequiresReplaceIf(replace, reason, reason)}
	return attribute
}

func maximumPerMinute(description string) schema.Int64Attribute {
	const reason = "A rate below 10 cannot be set on a job that exists."
	replace := func(_ context.Context, request planmodifier.Int64Request, response *int64planmodifier.RequiresReplaceIfFuncResponse) {
		response.RequiresReplace = request.PlanValue.ValueInt64() < leastUpdatableRate
	}
	attribute := settledNumber(description, numberBetween(0, 1000))
	attribute.PlanModifiers = []planmodifier.Int64{
		int64planmodifier.UseStateForUnknown(),
		int64planmodifier.RequiresReplaceIf(replace, reason, reason),
	}
	return attribute
}
