package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"terraform.local/iot/benches/peer/internal/workload"
)

// Names of the contestants that figures are compared with.
const (
	builtInName = "terraform_data"
	stubName    = "stub"
	ownName     = "alicloud-iot"
	peerName    = "go-peer"
)

// contestant is a folder with a Terraform configuration.
type contestant struct {
	name      string
	directory string
	// variables join Terraform's environment.
	variables []string
}

// contestants writes the configurations under the directory.
func contestants(ctx context.Context, options options, directory string) ([]contestant, error) {
	settings := filepath.Join(directory, "cli.tfrc")
	own := workload.Provider{Name: ownName, Path: options.provider, Config: map[string]any{
		"region": "cn-shanghai", "access_key": "never-used", "secret_key": "never-used",
	}}
	stub := workload.Provider{Name: stubName, Path: options.stub, Config: own.Config}
	peer := workload.Provider{Name: peerName, Path: options.peer}
	schema, err := recordSchema(ctx, own, directory)
	if err != nil {
		return nil, err
	}

	builtIn := contestant{name: builtInName, directory: filepath.Join(directory, builtInName)}
	if err := writeConfiguration(builtIn.directory, builtInConfiguration()); err != nil {
		return nil, err
	}
	made := []contestant{builtIn}
	overrides := map[string]string{}
	for _, provider := range []workload.Provider{stub, own, peer} {
		its := contestant{name: provider.Name, directory: filepath.Join(directory, provider.Name)}
		if err := writeConfiguration(its.directory, configuration(provider)); err != nil {
			return nil, err
		}
		made = append(made, its)
		// Terraform looks for a provider by its name in a folder.
		folder := filepath.Join(its.directory, "bin")
		if err := os.Mkdir(folder, 0o755); err != nil {
			return nil, err
		}
		path, err := filepath.Abs(provider.Path)
		if err != nil {
			return nil, err
		}
		if err := os.Symlink(path, filepath.Join(folder, "terraform-provider-"+provider.Name)); err != nil {
			return nil, err
		}
		overrides[source(provider)] = folder
	}
	for index := range made {
		made[index].variables = []string{
			"TF_CLI_CONFIG_FILE=" + settings,
			// Terraform would ask its makers for news.
			"CHECKPOINT_DISABLE=1",
			workload.SchemaVariable + "=" + schema,
		}
	}
	return made, writeSettings(settings, overrides)
}

// recordSchema keeps the provider's schema answer in a file, for the stub.
func recordSchema(ctx context.Context, provider workload.Provider, directory string) (string, error) {
	running, err := provider.Start(ctx)
	if err != nil {
		return "", err
	}
	defer running.Stop()
	path := filepath.Join(directory, "schema")
	return path, os.WriteFile(path, running.Schema, 0o600)
}

// source is the address that the provider has in configurations.
func source(provider workload.Provider) string {
	return "terraform.local/bench/" + provider.Name
}

// writeSettings writes Terraform's own settings: the providers are where they were
// built, and nothing is installed.
func writeSettings(path string, overrides map[string]string) error {
	var text strings.Builder
	text.WriteString("provider_installation {\n  dev_overrides {\n")
	for source, folder := range overrides {
		fmt.Fprintf(&text, "    %q = %q\n", source, folder)
	}
	text.WriteString("  }\n}\n")
	return os.WriteFile(path, []byte(text.String()), 0o600)
}

// writeConfiguration writes a configuration in Terraform's JSON form.
func writeConfiguration(directory string, configuration map[string]any) error {
	if err := os.Mkdir(directory, 0o755); err != nil {
		return err
	}
	encoded, err := json.MarshalIndent(configuration, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, "main.tf.json"), encoded, 0o600)
}

// forEach is as many instances as the variable says.
const forEach = `${toset([for number in range(var.instances) : format("%08d", number)])}`

var instances = map[string]any{"instances": map[string]any{"type": "number"}}

func builtInConfiguration() map[string]any {
	return map[string]any{
		"variable": instances,
		"resource": map[string]any{builtInName: map[string]any{"all": map[string]any{
			"for_each": forEach,
			"input":    "${each.key}",
		}}},
	}
}

// configuration has the same resource for every provider.
func configuration(provider workload.Provider) map[string]any {
	job := workload.Job()
	job["for_each"] = forEach
	job["provider"] = provider.Name
	job["firmware_id"] = "firmware-${each.key}"
	block := provider.Config
	if block == nil {
		block = map[string]any{}
	}
	return map[string]any{
		"terraform": map[string]any{"required_providers": map[string]any{
			provider.Name: map[string]any{"source": source(provider)},
		}},
		"provider": map[string]any{provider.Name: block},
		"variable": instances,
		"resource": map[string]any{workload.TypeName: map[string]any{"all": job}},
	}
}
