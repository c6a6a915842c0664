//! The schema of the provider block.

use std::collections::HashMap;

use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, NestedBlock, Schema};

use super::environment::{ACCESS_KEY, IOT_ENDPOINT, PREFLIGHT, REFUSE_LIVE, REGION, SECRET_KEY, SECURITY_TOKEN};
use super::settings::Preflight;
use super::settle::DEFAULT_REGION;

/// The schema of the provider block.
pub(crate) fn schema() -> Schema {
    let attributes = [
        ("region", text(&format!("Region of the IoT Platform service. Defaults to `{DEFAULT_REGION}`."), REGION)),
        ("access_key", text("AccessKey ID.", ACCESS_KEY)),
        ("secret_key", secret("AccessKey secret.", SECRET_KEY)),
        (
            "security_token",
            secret("Token that belongs to temporary keys. From the environment only if the key is.", SECURITY_TOKEN),
        ),
        (
            "iot_instance_id",
            text("ID of the IoT Platform instance of resources that name none themselves when they are created.", &[]),
        ),
        (
            "extended_limits",
            flag(
                "Whether the limits of the newer public documentation count, as a whole, instead of those of the \
                 edition that this provider implements. Defaults to `false`.",
                &[],
            ),
        ),
        (
            "preflight",
            text(
                &format!(
                    "What a plan makes of trouble that it foresees by asking the service: one of {}. Defaults to `error`.",
                    Preflight::names()
                ),
                PREFLIGHT,
            ),
        ),
        (
            "refuse_live",
            flag(
                "Whether endpoints that are not on this machine are refused, so that tests cannot reach the cloud. \
                 Defaults to `false`.",
                REFUSE_LIVE,
            ),
        ),
    ];
    let iot = text(
        "URL of the IoT Platform endpoint, instead of the region's. Plain `http` is accepted for this machine only.",
        IOT_ENDPOINT,
    );
    let endpoints = block("Endpoints other than those of the region.", [("iot", iot)]);
    let mut block = block("Manages firmware rollouts (OTA updates) of Alibaba Cloud IoT Platform.", attributes);
    block.blocks.insert("endpoints".to_owned(), NestedBlock::Optional(endpoints));
    Schema { version: 0, block }
}

fn block<const N: usize>(description: &str, attributes: [(&str, Attribute); N]) -> Block {
    Block {
        version: 0,
        attributes: attributes.map(|(name, attribute)| (name.to_owned(), attribute)).into_iter().collect(),
        blocks: HashMap::new(),
        description: Description::markdown(description.to_owned()),
        deprecated: false,
    }
}

fn text(description: &str, variables: &[&str]) -> Attribute {
    optional(AttributeType::String, description, variables)
}

fn secret(description: &str, variables: &[&str]) -> Attribute {
    Attribute { sensitive: true, ..text(description, variables) }
}

fn flag(description: &str, variables: &[&str]) -> Attribute {
    optional(AttributeType::Bool, description, variables)
}

fn optional(attr_type: AttributeType, description: &str, variables: &[&str]) -> Attribute {
    let variables =
        if variables.is_empty() { String::new() } else { format!(" Also read from `{}`.", variables.join("`, `")) };
    Attribute {
        attr_type,
        description: Description::markdown(format!("{description}{variables}")),
        constraint: AttributeConstraint::Optional,
        sensitive: false,
        deprecated: false,
    }
}
