package otapeer

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// leastUpdatableRate is the smallest maximum_per_minute that an existing job can
// be changed to.
const leastUpdatableRate = 10

const (
	maximumVersions       = 10
	maximumTags           = 10
	maximumTagKeyLength   = 30
	maximumTagValueLength = 128
)

// numberRule allows some numbers and says which.
type numberRule struct {
	description string
	allows      func(int64) bool
}

func oneOfNumbers(allowed ...int64) validator.Int64 {
	return numberRule{
		description: fmt.Sprintf("must be one of %v", allowed),
		allows:      func(value int64) bool { return slices.Contains(allowed, value) },
	}
}

func numberBetween(least, most int64) validator.Int64 {
	return numberRule{
		description: fmt.Sprintf("must be between %d and %d", least, most),
		allows:      func(value int64) bool { return least <= value && value <= most },
	}
}

func (r numberRule) Description(context.Context) string         { return r.description }
func (r numberRule) MarkdownDescription(context.Context) string { return r.description }

func (r numberRule) ValidateInt64(_ context.Context, request validator.Int64Request, response *validator.Int64Response) {
	if request.ConfigValue.IsNull() || request.ConfigValue.IsUnknown() {
		return
	}
	if value := request.ConfigValue.ValueInt64(); !r.allows(value) {
		response.Diagnostics.AddAttributeError(request.Path, "Value not allowed",
			fmt.Sprintf("%s %s, got %d.", request.Path, r.description, value))
	}
}

// stringRule allows some strings and says which.
type stringRule struct {
	description string
	allows      func(string) bool
}

func oneOfStrings(allowed ...string) validator.String {
	return stringRule{
		description: fmt.Sprintf("must be one of %q", allowed),
		allows:      func(value string) bool { return slices.Contains(allowed, value) },
	}
}

func lengthBetween(least, most int) validator.String {
	return stringRule{
		description: fmt.Sprintf("must have %d to %d characters", least, most),
		allows:      func(value string) bool { return hasLength(value, least, most) },
	}
}

func (r stringRule) Description(context.Context) string         { return r.description }
func (r stringRule) MarkdownDescription(context.Context) string { return r.description }

func (r stringRule) ValidateString(_ context.Context, request validator.StringRequest, response *validator.StringResponse) {
	if request.ConfigValue.IsNull() || request.ConfigValue.IsUnknown() {
		return
	}
	if value := request.ConfigValue.ValueString(); !r.allows(value) {
		response.Diagnostics.AddAttributeError(request.Path, "Value not allowed",
			fmt.Sprintf("%s %s, got %q.", request.Path, r.description, value))
	}
}

// versionRules limits src_versions: few, none empty, none twice.
type versionRules struct{}

func (versionRules) Description(context.Context) string {
	return fmt.Sprintf("must have at most %d versions, none empty, none twice", maximumVersions)
}

func (r versionRules) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (versionRules) ValidateList(_ context.Context, request validator.ListRequest, response *validator.ListResponse) {
	elements := request.ConfigValue.Elements()
	if len(elements) > maximumVersions {
		response.Diagnostics.AddAttributeError(request.Path, "Too many versions",
			fmt.Sprintf("A job selects at most %d versions, got %d.", maximumVersions, len(elements)))
	}
	seen := make(map[string]bool, len(elements))
	for index, element := range elements {
		version, isString := element.(types.String)
		if !isString || version.IsUnknown() {
			continue
		}
		if version.ValueString() == "" || seen[version.ValueString()] {
			response.Diagnostics.AddAttributeError(request.Path.AtListIndex(index), "Version empty or repeated",
				fmt.Sprintf("Each version has to be named once, got %q.", version.ValueString()))
		}
		seen[version.ValueString()] = true
	}
}

// tagRules limits the number of tags and the letters and lengths of both halves.
type tagRules struct{}

func (tagRules) Description(context.Context) string {
	return fmt.Sprintf("must have at most %d tags; a key has 1 to %d letters, digits or dots, a value 1 to %d characters",
		maximumTags, maximumTagKeyLength, maximumTagValueLength)
}

func (r tagRules) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (r tagRules) ValidateMap(ctx context.Context, request validator.MapRequest, response *validator.MapResponse) {
	elements := request.ConfigValue.Elements()
	if len(elements) > maximumTags {
		response.Diagnostics.AddAttributeError(request.Path, "Too many tags", "The tags "+r.Description(ctx)+".")
	}
	for key, element := range elements {
		if !isTagKey(key) {
			response.Diagnostics.AddAttributeError(request.Path.AtMapKey(key), "Tag key not allowed",
				fmt.Sprintf("The tags %s. Got the key %q.", r.Description(ctx), key))
		}
		value, isString := element.(types.String)
		if !isString || value.IsUnknown() {
			continue
		}
		if !hasLength(value.ValueString(), 1, maximumTagValueLength) {
			response.Diagnostics.AddAttributeError(request.Path.AtMapKey(key), "Tag value not allowed",
				fmt.Sprintf("The tags %s. Got a value of %d characters.", r.Description(ctx), utf8.RuneCountInString(value.ValueString())))
		}
	}
}

func isTagKey(key string) bool {
	for _, letter := range key {
		isLetter := 'a' <= letter && letter <= 'z' || 'A' <= letter && letter <= 'Z'
		isDigit := '0' <= letter && letter <= '9'
		if !isLetter && !isDigit && letter != '.' {
			return false
		}
	}
	return hasLength(key, 1, maximumTagKeyLength)
}

func hasLength(text string, least, most int) bool {
	length := utf8.RuneCountInString(text)
	return least <= length && length <= most
}
