//! The schema of the provider block.

use std::collections::HashMap;

use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, NestedBlock, Schema};

use super::environment::{
    ACCESS_KEY, ACCOUNT_ID, CLIENT_CONNECT_TIMEOUT, CLIENT_READ_TIMEOUT, CONFIGURATION_SOURCE, CREDENTIALS_URI,
    ECS_ROLE_NAME, IOT_ENDPOINT, MAX_RETRY_TIMEOUT, OIDC_PROVIDER_ARN, OIDC_ROLE_ARN, OIDC_SESSION_NAME, OIDC_TOKEN,
    OIDC_TOKEN_FILE, PREFLIGHT, PROFILE, REFUSE_LIVE, REGION, ROLE_ARN, SECRET_KEY, SECURITY_TOKEN, SESSION_EXPIRATION,
    SESSION_NAME, SHARED_CREDENTIALS_FILE, SKIP_REGION_VALIDATION, STS_ENDPOINT,
};
use super::roles::DEFAULT_SESSION_NAME;
use super::settings::Preflight;
use super::settle::DEFAULT_REGION;

/// The schema of the provider block.
pub(crate) fn schema() -> Schema {
    let attributes = [place(), sources(), network(), rollouts()].concat();
    let mut schema = block("Manages firmware rollouts (OTA updates) of Alibaba Cloud IoT Platform.", attributes);
    let blocks = [
        ("endpoints", endpoints()),
        ("assume_role", assume_role()),
        ("assume_role_with_oidc", assume_role_with_oidc()),
    ];
    schema.blocks = blocks.map(|(name, block)| (name.to_owned(), NestedBlock::Optional(block))).into();
    Schema { version: 0, block: schema }
}

type Attributes = Vec<(&'static str, Attribute)>;

/// Where the devices are.
fn place() -> Attributes {
    vec![
        (
            "region",
            text(
                &format!(
                    "Region of the IoT Platform service. Defaults to the region of the profile, if one is named and has one, \
                     else to `{DEFAULT_REGION}`."
                ),
                REGION,
            ),
        ),
        (
            "skip_region_validation",
            flag(
                "Whether regions are accepted that this provider does not know to have IoT Platform. Defaults to `false`.",
                SKIP_REGION_VALIDATION,
            ),
        ),
        (
            "iot_instance_id",
            text("ID of the IoT Platform instance of resources that name none themselves when they are created.", &[]),
        ),
    ]
}

/// Where keys come from, in the order in which they count.
fn sources() -> Attributes {
    vec![
        ("access_key", text("AccessKey ID.", ACCESS_KEY)),
        ("secret_key", secret("AccessKey secret.", SECRET_KEY)),
        (
            "security_token",
            secret("Token that belongs to temporary keys. From the environment only if the key is.", SECURITY_TOKEN),
        ),
        ("profile", text("Profile of the Alibaba Cloud CLI to take keys from, unless an AccessKey is given.", PROFILE)),
        (
            "shared_credentials_file",
            text(
                "File of the Alibaba Cloud CLI that has the profile. Defaults to `~/.aliyun/config.json`.",
                SHARED_CREDENTIALS_FILE,
            ),
        ),
        ("ecs_role_name", text("RAM role of the ECS instance that Terraform runs on, to take keys of.", ECS_ROLE_NAME)),
        (
            "credentials_uri",
            secret(
                "URI that answers a GET with temporary keys. Plain `http` is accepted for this machine only.",
                CREDENTIALS_URI,
            ),
        ),
        (
            "account_id",
            text(
                "ID of the only account whose keys may be used: STS is asked whose they are before the first request is \
                 signed with them.",
                ACCOUNT_ID,
            ),
        ),
    ]
}

/// How the service is reached.
fn network() -> Attributes {
    vec![
        (
            "configuration_source",
            text("Text that is added to the user agent, of at most 1024 characters.", CONFIGURATION_SOURCE),
        ),
        (
            "client_connect_timeout",
            number("Milliseconds until a connection has to stand. Defaults to 10000.", CLIENT_CONNECT_TIMEOUT),
        ),
        (
            "client_read_timeout",
            number("Milliseconds until an answer has to be there. Defaults to 60000.", CLIENT_READ_TIMEOUT),
        ),
        (
            "max_retry_timeout",
            number(
                "Seconds, counted from its beginning, that a call is repeated at most where the service throttles or \
                 fails. The timeouts of a resource can end it before; left out, they alone do.",
                MAX_RETRY_TIMEOUT,
            ),
        ),
    ]
}

/// How rollouts are judged.
fn rollouts() -> Attributes {
    vec![
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
    ]
}

fn endpoints() -> Block {
    let of = |what, instead, variables| {
        let description = format!(
            "URL of the {what} endpoint, instead of {instead}. Plain `http` is accepted for this machine only."
        );
        text(&description, variables)
    };
    block(
        "Endpoints other than those of the region.",
        vec![
            ("iot", of("IoT Platform", "the region's", IOT_ENDPOINT)),
            ("sts", of("STS", "the profile's or the region's", STS_ENDPOINT)),
        ],
    )
}

fn assume_role() -> Block {
    let external_id = "Word that the role's owner wants to hear from whoever assumes it.";
    block(
        "Role to assume with the keys that are found. It takes the place of the role of a profile of mode `RamRoleArn`. An \
         empty `role_arn` switches it off.",
        vec![
            ("role_arn", text("ARN of the role, such as `acs:ram::100000000000:role/ota`.", ROLE_ARN)),
            ("session_name", text(&session_name(), SESSION_NAME)),
            ("session_expiration", number(SESSION_SECONDS, SESSION_EXPIRATION)),
            ("policy", text(POLICY, &[])),
            ("external_id", text(external_id, &[])),
        ],
    )
}

fn assume_role_with_oidc() -> Block {
    let token = "Token of the identity provider, of 4 to 20000 characters. It counts before a file.";
    let file = "File that holds the token. It is read each time keys are got.";
    block(
        "Role to assume with a token of an identity provider, as a Kubernetes service account has one.",
        vec![
            ("role_arn", text("ARN of the role.", OIDC_ROLE_ARN)),
            (
                "oidc_provider_arn",
                text(
                    "ARN of the identity provider, such as `acs:ram::100000000000:oidc-provider/name`.",
                    OIDC_PROVIDER_ARN,
                ),
            ),
            ("oidc_token", secret(token, OIDC_TOKEN)),
            ("oidc_token_file", text(file, OIDC_TOKEN_FILE)),
            ("role_session_name", text(&session_name(), OIDC_SESSION_NAME)),
            ("session_expiration", number(SESSION_SECONDS, &[])),
            ("policy", text(POLICY, &[])),
        ],
    )
}

const SESSION_SECONDS: &str = "Seconds that keys hold, 900 to 43200 and at most what the role allows. They are renewed in time. The service gives \
     3600.";
const POLICY: &str = "Policy in JSON, of at most 2048 characters, that takes permissions away from the session.";

fn session_name() -> String {
    format!("Name of the session in the account's logs. Defaults to `{DEFAULT_SESSION_NAME}`.")
}

fn block(description: &str, attributes: Attributes) -> Block {
    Block {
        version: 0,
        attributes: attributes.into_iter().map(|(name, attribute)| (name.to_owned(), attribute)).collect(),
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

fn number(description: &str, variables: &[&str]) -> Attribute {
    optional(AttributeType::Number, description, variables)
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
