//! What is wrong with the provider block, or with the environment beside it.

use tf_provider::{AttributePath, Diagnostic};

use super::at;
use crate::iot::credentials::{ProfileError, RecipeError};
use crate::iot::{EndpointError, Error, REGIONS};
use crate::plugin::convert::diagnostics::diagnostic;
use crate::provider::config::Preflight;

/// A region that cannot be one, from the block or from an environment variable.
pub(crate) fn invalid_region(variable: Option<&'static str>, given: &str, error: &EndpointError) -> Diagnostic {
    let (what, path) = origin(variable, "`region`", at("region"));
    diagnostic(
        "Invalid Region",
        format!("{what} is {given:?}: {error}. Give the ID of a region, such as `cn-shanghai` or `ap-southeast-1`."),
        path,
    )
}

/// A region that the service is not known to be in, likewise.
pub(crate) fn unknown_region(variable: Option<&'static str>, given: &str) -> Diagnostic {
    let (what, path) = origin(variable, "`region`", at("region"));
    diagnostic(
        "Unknown Region",
        format!(
            "{what} is {given:?}, where there is no IoT Platform as far as this provider knows. It is in {}. Choose one of \
             them, or set `skip_region_validation = true` if the service has come to that region since.",
            REGIONS.join(", ")
        ),
        path,
    )
}

/// An endpoint that cannot be used, likewise. (The text itself may hold a password and is not repeated.)
pub(crate) fn invalid_endpoint(
    argument: &'static str,
    variable: Option<&'static str>,
    error: &EndpointError,
) -> Diagnostic {
    let (what, path) = origin(variable, &format!("`{argument}`"), path_of(argument));
    diagnostic(
        "Invalid Endpoint",
        format!(
            "{what} cannot be used: {error}. Give a URL of scheme and host, such as \
             `https://iot.cn-shanghai.aliyuncs.com`; plain `http` is accepted for this machine only, as in \
             `http://127.0.0.1:8080`."
        ),
        path,
    )
}

/// An endpoint that is the cloud's, while that is not allowed. `variable` is where the ban came from.
pub(crate) fn live_endpoint(variable: Option<&'static str>, argument: Option<&str>, address: &str) -> Diagnostic {
    let (ban, path) = origin(variable, "`refuse_live`", at("refuse_live"));
    let remedy = match argument {
        Some(argument) => {
            format!("Set `{argument}` to a server on this machine, such as an emulator at `http://127.0.0.1:8080`")
        }
        None => "Use keys that are got on this machine".to_owned(),
    };
    diagnostic(
        "Live Endpoint Refused",
        format!(
            "{ban} is set, so only endpoints on this machine may be used, and requests would go to {address}. Nothing was \
             sent. {remedy}, or unset {ban} if the cloud is meant."
        ),
        path,
    )
}

/// A preflight mode that there is none of.
pub(crate) fn invalid_preflight(variable: Option<&'static str>, given: &str) -> Diagnostic {
    let (what, path) = origin(variable, "`preflight`", at("preflight"));
    diagnostic(
        "Invalid Preflight",
        format!("{what} is {given:?}. It can be one of {}. Choose one of them, or leave it out.", Preflight::names()),
        path,
    )
}

/// An argument that cannot be right, from the block or from a variable. (The value may be a secret and is not repeated.)
pub(crate) fn invalid_argument(
    argument: &'static str,
    variable: Option<&'static str>,
    reason: &dyn std::fmt::Display,
) -> Diagnostic {
    let (what, path) = origin(variable, &format!("`{argument}`"), path_of(argument));
    let summary = if variable.is_some() { "Invalid Environment Variable" } else { "Invalid Provider Argument" };
    diagnostic(summary, format!("{what} cannot be used: {reason}. Correct it, or leave it out."), path)
}

/// An argument of a block that is nowhere.
pub(crate) fn missing_argument(argument: &'static str, variables: &[&'static str]) -> Diagnostic {
    let places = variables.join(", ");
    diagnostic(
        "Missing Provider Argument",
        format!("`{argument}` is neither in its block nor in the environment ({places}). Set it, or remove the block."),
        path_of(argument),
    )
}

/// A profile that cannot be used. `variable` is where its name came from.
pub(crate) fn profile_unusable(variable: Option<&'static str>, error: &ProfileError) -> Diagnostic {
    let (what, path) = origin(variable, "`profile`", at("profile"));
    diagnostic(
        "Profile Cannot Be Used",
        format!(
            "{what} names a profile of the Alibaba Cloud CLI, and it cannot be used. Nothing was sent. Correct the file \
             (`aliyun configure` writes it), or name another profile or file.\n\n  {error}"
        ),
        path,
    )
}

/// A source of credentials that may not be used, or cannot.
pub(crate) fn source_unusable(error: &RecipeError) -> Diagnostic {
    let path = match error {
        RecipeError::EcsRoleName => at("ecs_role_name"),
        RecipeError::Forbidden { .. } | RecipeError::StsRegion(_) => AttributePath::root(),
    };
    diagnostic(
        "Source Of Credentials Cannot Be Used",
        format!(
            "The source of the credentials cannot be used: {error}. Nothing was sent. Correct that, or use another."
        ),
        path,
    )
}

/// A source of credentials that the block names, while another counts.
pub(crate) fn source_not_used(
    argument: &'static str,
    winner: &'static str,
    variable: Option<&'static str>,
) -> Diagnostic {
    let winner = variable.map_or(format!("`{winner}`"), |variable| format!("the environment variable {variable}"));
    diagnostic(
        "Source Of Credentials Not Used",
        format!(
            "`{argument}` is in the provider block, but {winner} counts first, so keys come from there. They may belong to \
             another account. Unset {winner} if `{argument}` is meant, or remove `{argument}`."
        ),
        path_of(argument),
    )
}

/// The path of an argument, whose block stands before a period.
fn path_of(argument: &'static str) -> AttributePath {
    match argument.split_once('.') {
        Some((block, attribute)) => at(block).index(0).attribute(attribute),
        None => at(argument),
    }
}

/// What to call an argument, and where to point for it: nowhere if it came from the environment.
fn origin(variable: Option<&'static str>, argument: &str, path: AttributePath) -> (String, AttributePath) {
    match variable {
        Some(variable) => (format!("The environment variable {variable}"), AttributePath::root()),
        None => (argument.to_owned(), path),
    }
}

/// An instance id that resource ids could not be told from.
pub(crate) fn invalid_instance_id() -> Diagnostic {
    diagnostic(
        "Invalid IoT Instance ID",
        "`iot_instance_id` has a `/` or a blank in it, which no instance ID has. Copy the ID that the console shows.",
        at("iot_instance_id"),
    )
}

/// No key, or half of one.
pub(crate) fn missing_credentials(halves: &[(&'static str, &[&'static str])]) -> Diagnostic {
    let places: String = halves
        .iter()
        .map(|(argument, variables)| format!("\n  {argument}: the provider block, then {}", variables.join(", ")))
        .collect();
    let path = match halves {
        [(argument, _)] => at(argument),
        _ => AttributePath::root(),
    };
    diagnostic(
        "Missing Credentials",
        format!(
            "No AccessKey to sign requests with was found. Nothing was sent. Set the arguments, or better the environment \
             variables, so that the secret stays out of files; or name another source: `profile`, `ecs_role_name`, \
             `assume_role_with_oidc` or `credentials_uri`. Looked for it here, in this order:\n{places}"
        ),
        path,
    )
}

/// The HTTP client could not be set up.
pub(crate) fn no_client(error: &Error) -> Diagnostic {
    diagnostic(
        "Client Cannot Be Set Up",
        format!(
            "The HTTP client of the provider could not be set up: {error}. Check the certificates and the proxy settings of this machine."
        ),
        AttributePath::root(),
    )
}

/// Something needs the service, and arguments of the provider block are not known yet.
pub(crate) fn not_known_yet(arguments: &[&'static str]) -> Diagnostic {
    let [first, ..] = arguments else { return not_configured() };
    let list = arguments.join("`, `");
    diagnostic(
        "Provider Arguments Are Not Known Yet",
        format!(
            "`{list}` of the provider block {} on something that is created in the same run, so the service cannot be \
             asked yet. Nothing was changed. Give a fixed value ({first} first of all), use the environment variables, or \
             apply what it depends on beforehand with `-target`.",
            if arguments.len() == 1 { "depends" } else { "depend" }
        ),
        AttributePath::root(),
    )
}

/// Something needs the service, and the provider was never configured.
pub(crate) fn not_configured() -> Diagnostic {
    diagnostic(
        "Provider Not Configured",
        "The provider was asked to work before it was configured. Nothing was changed. Look for an earlier error about the \
         provider block; if there is none, please report this.",
        AttributePath::root(),
    )
}
