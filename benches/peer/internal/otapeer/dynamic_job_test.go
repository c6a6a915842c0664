package otapeer

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type values map[string]tftypes.Value

func text(value string) tftypes.Value  { return tftypes.NewValue(tftypes.String, value) }
func number(value int64) tftypes.Value { return tftypes.NewValue(tftypes.Number, value) }
func truth(value bool) tftypes.Value   { return tftypes.NewValue(tftypes.Bool, value) }

func versions(names ...string) tftypes.Value {
	elements := []tftypes.Value{}
	for _, name := range names {
		elements = append(elements, text(name))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
}

func tags(pairs map[string]string) tftypes.Value {
	elements := map[string]tftypes.Value{}
	for key, value := range pairs {
		elements[key] = text(value)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, elements)
}

// fullJob is a configuration with everything that one job can have.
func fullJob() values {
	return values{
		"firmware_id":        text("firmware"),
		"product_key":        text("product"),
		"src_versions":       versions("V1.0.0", "V1.0.1"),
		"tags":               tags(map[string]string{"key.1": "value"}),
		"retry_interval":     number(0),
		"retry_count":        number(1),
		"timeout_in_minutes": number(1440),
		"maximum_per_minute": number(1000),
		"overwrite_mode":     number(2),
		"dynamic_mode":       number(1),
		"need_push":          truth(true),
		"need_confirm":       truth(false),
		"multi_module_mode":  truth(false),
		"download_protocol":  text("HTTPS"),
	}
}

type peer struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	job    tftypes.Object
}

func newPeer(t *testing.T) peer {
	t.Helper()
	server := providerserver.NewProtocol6(New())()
	schema, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schema.Diagnostics) > 0 {
		t.Fatalf("schema: %v, %v", err, schema.Diagnostics)
	}
	job, isObject := schema.ResourceSchemas[DynamicJobTypeName].ValueType().(tftypes.Object)
	if !isObject {
		t.Fatal("the resource's type is no object")
	}
	return peer{t: t, server: server, job: job}
}

// encode makes an object of the given values with null for all others.
func (p peer) encode(given values) *tfprotov6.DynamicValue {
	p.t.Helper()
	all := map[string]tftypes.Value{}
	for name, kind := range p.job.AttributeTypes {
		all[name] = tftypes.NewValue(kind, nil)
	}
	maps.Copy(all, given)
	encoded, err := tfprotov6.NewDynamicValue(p.job, tftypes.NewValue(p.job, all))
	if err != nil {
		p.t.Fatal(err)
	}
	return &encoded
}

func (p peer) decode(encoded *tfprotov6.DynamicValue) values {
	p.t.Helper()
	value, err := encoded.Unmarshal(p.job)
	if err != nil {
		p.t.Fatal(err)
	}
	decoded := map[string]tftypes.Value{}
	if err := value.As(&decoded); err != nil {
		p.t.Fatal(err)
	}
	return decoded
}

func (p peer) validate(config values) []*tfprotov6.Diagnostic {
	p.t.Helper()
	response, err := p.server.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: DynamicJobTypeName,
		Config:   p.encode(config),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return response.Diagnostics
}

func (p peer) plan(prior, config, proposed *tfprotov6.DynamicValue) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	response, err := p.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: DynamicJobTypeName, PriorState: prior, Config: config, ProposedNewState: proposed,
	})
	if err != nil || len(response.Diagnostics) > 0 {
		p.t.Fatalf("plan: %v, %v", err, response.Diagnostics)
	}
	return response
}

func (p peer) null() *tfprotov6.DynamicValue {
	p.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(p.job, tftypes.NewValue(p.job, nil))
	if err != nil {
		p.t.Fatal(err)
	}
	return &encoded
}

// create plans and applies a configuration and returns the state, which may hold
// nothing unknown.
func (p peer) create(config values) *tfprotov6.DynamicValue {
	p.t.Helper()
	encoded := p.encode(config)
	planned := p.plan(p.null(), encoded, encoded)
	applied, err := p.server.ApplyResourceChange(context.Background(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: DynamicJobTypeName, PriorState: p.null(), Config: encoded, PlannedState: planned.PlannedState,
	})
	if err != nil || len(applied.Diagnostics) > 0 {
		p.t.Fatalf("apply: %v, %v", err, applied.Diagnostics)
	}
	for name, value := range p.decode(applied.NewState) {
		if !value.IsFullyKnown() {
			p.t.Errorf("%s is unknown after apply", name)
		}
	}
	return applied.NewState
}

func TestFullConfigurationIsValid(t *testing.T) {
	if diagnostics := newPeer(t).validate(fullJob()); len(diagnostics) > 0 {
		t.Errorf("unexpected: %v", diagnostics[0])
	}
}

func TestUnknownValuesAreSkipped(t *testing.T) {
	peer := newPeer(t)
	config := fullJob()
	for name, value := range config {
		config[name] = tftypes.NewValue(value.Type(), tftypes.UnknownValue)
	}
	if diagnostics := peer.validate(config); len(diagnostics) > 0 {
		t.Errorf("unexpected: %v", diagnostics[0])
	}
}

func TestRefusedConfigurations(t *testing.T) {
	peer := newPeer(t)
	for name, test := range map[string]struct {
		change  values
		remove  string
		message string
	}{
		"empty firmware":       {change: values{"firmware_id": text("")}, message: "1 to 128 characters"},
		"odd interval":         {change: values{"retry_interval": number(5)}, message: "must be one of"},
		"interval alone":       {remove: "retry_count", message: "also needs retry_count"},
		"long timeout":         {change: values{"timeout_in_minutes": number(1441)}, message: "between 1 and 1440"},
		"high rate":            {change: values{"maximum_per_minute": number(1001)}, message: "between 0 and 1000"},
		"unknown protocol":     {change: values{"download_protocol": text("FTP")}, message: "must be one of"},
		"repeated version":     {change: values{"src_versions": versions("V1", "V1")}, message: "named once"},
		"too many versions":    {change: values{"src_versions": versions(strings.Split("abcdefghijk", "")...)}, message: "at most 10 versions"},
		"tag key with a space": {change: values{"tags": tags(map[string]string{"a b": "c"})}, message: `the key "a b"`},
		"empty tag value":      {change: values{"tags": tags(map[string]string{"a": ""})}, message: "a value of 0 characters"},
		"half a group":         {change: values{"group_id": text("group")}, message: "only valid together"},
		"modes that exclude":   {change: values{"multi_module_mode": truth(true)}, message: "cannot be combined"},
	} {
		t.Run(name, func(t *testing.T) {
			config := fullJob()
			maps.Copy(config, test.change)
			delete(config, test.remove)
			for _, diagnostic := range peer.validate(config) {
				if diagnostic.Severity == tfprotov6.DiagnosticSeverityError && strings.Contains(diagnostic.Detail, test.message) {
					return
				}
			}
			t.Errorf("no error with %q", test.message)
		})
	}
}

func TestSecondPlanIsEmpty(t *testing.T) {
	peer := newPeer(t)
	for name, config := range map[string]values{
		"full":    fullJob(),
		"minimal": {"firmware_id": text("firmware"), "product_key": text("product")},
	} {
		t.Run(name, func(t *testing.T) {
			state := peer.create(config)
			planned := peer.plan(state, peer.encode(config), state)
			for name, value := range peer.decode(planned.PlannedState) {
				if prior := peer.decode(state)[name]; !value.Equal(prior) {
					t.Errorf("%s: planned %v, state has %v", name, value, prior)
				}
			}
		})
	}
}

func TestReplacements(t *testing.T) {
	peer := newPeer(t)
	for name, test := range map[string]struct {
		change   values
		replaced bool
	}{
		"firmware_id":              {values{"firmware_id": text("other")}, true},
		"tags":                     {values{"tags": tags(map[string]string{"other": "tag"})}, false},
		"src_versions":             {values{"src_versions": versions("V3")}, false},
		"src_versions to null":     {values{"src_versions": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, nil)}, true},
		"maximum_per_minute to 10": {values{"maximum_per_minute": number(10)}, false},
		"maximum_per_minute to 9":  {values{"maximum_per_minute": number(9)}, true},
		"timeout_in_minutes":       {values{"timeout_in_minutes": number(5)}, false},
		"timeout_in_minutes gone":  {values{"timeout_in_minutes": tftypes.NewValue(tftypes.Number, nil)}, true},
		"on_external_cancel":       {values{"on_external_cancel": text("keep")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			config := fullJob()
			state := peer.create(config)
			proposed := peer.decode(state)
			maps.Copy(config, test.change)
			maps.Copy(proposed, test.change)
			planned := peer.plan(state, peer.encode(config), peer.encode(proposed))
			if replaced := len(planned.RequiresReplace) > 0; replaced != test.replaced {
				t.Errorf("replaced: %t (%v), want %t", replaced, planned.RequiresReplace, test.replaced)
			}
		})
	}
}
