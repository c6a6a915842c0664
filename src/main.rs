//! Starts the provider. Terraform and OpenTofu do that; see the README for how they find it.

use std::process::ExitCode;

use terraform_provider_alicloud_iot::{plugin, provider};

fn main() -> ExitCode {
    plugin::serve(provider::SOURCE, provider::definition)
}
