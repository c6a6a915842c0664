// Package workload has the one resource that all providers under measurement are
// asked for, and the requests about it.
package workload

import (
	"bytes"
	"context"
	"fmt"

	"terraform.local/iot/benches/peer/internal/message"
	"terraform.local/iot/benches/peer/internal/session"
)

// TypeName is the resource's name.
const TypeName = "alicloud_iot_ota_dynamic_job"

// SchemaVariable is the environment variable that names the stub's schema file.
const SchemaVariable = "BENCH_STUB_SCHEMA"

// ProductKey is the product of every job.
const ProductKey = "a1Bench0001"

// firmwareID is the package's ID in the templates. Those that replace it are as long,
// so that the encoding around it stays right.
const firmwareID = "firmware-00000000"

// FirmwareID is the ID of a package; numbers go up to 99,999,999.
func FirmwareID(number int) string {
	return fmt.Sprintf("firmware-%08d", number)
}

// Job sets 14 attributes, all that one job can have beside a group in their place. It
// has the first package.
func Job() map[string]any {
	return map[string]any{
		"firmware_id":        firmwareID,
		"product_key":        ProductKey,
		"src_versions":       []string{"V1.0.0", "V1.0.1"},
		"tags":               map[string]string{"key.1": "value"},
		"retry_interval":     10,
		"retry_count":        1,
		"timeout_in_minutes": 1440,
		"maximum_per_minute": 1000,
		"overwrite_mode":     2,
		"dynamic_mode":       1,
		"need_push":          true,
		"need_confirm":       false,
		"multi_module_mode":  false,
		"download_protocol":  "HTTPS",
	}
}

// Kind is a call that is measured.
type Kind struct {
	Name   string
	Method message.Method
}

// The kinds of calls.
var (
	Validate = Kind{Name: "validate", Method: message.Validate}
	Plan     = Kind{Name: "plan", Method: message.Plan}
	Apply    = Kind{Name: "apply", Method: message.Apply}
)

// Provider is a provider to start.
type Provider struct {
	Name string
	Path string
	// Variables join its environment, as NAME=VALUE.
	Variables []string
	// Config is the provider block.
	Config map[string]any
}

// Running is a provider that is configured and takes calls.
type Running struct {
	*session.Session
	// Schema is the encoded schema answer.
	Schema    []byte
	templates map[string][]byte
}

// Start starts a provider up to the point where Terraform would ask for resources,
// and tries a plan. The caller stops it.
func (p Provider) Start(ctx context.Context) (*Running, error) {
	started, err := session.Start(p.Path, p.Variables...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	running := &Running{Session: started}
	if err := running.configure(ctx, p.Config); err != nil {
		started.Stop()
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	return running, nil
}

func (r *Running) configure(ctx context.Context, config map[string]any) error {
	if err := r.Connect(); err != nil {
		return err
	}
	var err error
	if r.Schema, err = r.GetSchema(ctx); err != nil {
		return err
	}
	if _, err := message.SummarizeSchema(r.Schema); err != nil {
		return err
	}
	schema, err := message.DecodeSchema(r.Schema)
	if err != nil {
		return err
	}
	block, err := schema.Provider.Object(config)
	if err != nil {
		return err
	}
	if _, err := r.checked(ctx, message.ValidateProvider, message.ValidateProviderRequest(block)); err != nil {
		return err
	}
	if _, err := r.checked(ctx, message.Configure, message.ConfigureRequest(block)); err != nil {
		return err
	}
	return r.makeTemplates(ctx, schema)
}

func (r *Running) makeTemplates(ctx context.Context, schema message.Schema) error {
	resource, isThere := schema.Resources[TypeName]
	if !isThere {
		return fmt.Errorf("the schema has no %s", TypeName)
	}
	job, err := resource.Object(Job())
	if err != nil {
		return err
	}
	plan := message.PlanRequest(TypeName, job)
	planned, err := r.checked(ctx, message.Plan, plan)
	if err != nil {
		return err
	}
	apply, err := message.ApplyRequest(TypeName, job, planned)
	if err != nil {
		return err
	}
	r.templates = map[string][]byte{
		Validate.Name: message.ValidateRequest(TypeName, job),
		Plan.Name:     plan,
		Apply.Name:    apply,
	}
	return nil
}

// Ask makes one call about the job with the package of that number. An answer with a
// diagnostic or without its result is an error.
func (r *Running) Ask(ctx context.Context, kind Kind, number int) error {
	request := bytes.ReplaceAll(r.templates[kind.Name], []byte(firmwareID), []byte(FirmwareID(number)))
	_, err := r.checked(ctx, kind.Method, request)
	return err
}

func (r *Running) checked(ctx context.Context, method message.Method, request []byte) ([]byte, error) {
	answer, err := r.Call(ctx, method.Path, request)
	if err != nil {
		return nil, err
	}
	if err := method.Check(answer); err != nil {
		return nil, fmt.Errorf("answer to %s: %w", method.Path, err)
	}
	return answer, nil
}
