//! Values in and out of messages, with a diagnostic for each that does not fit.

use tf_provider::{AttributePath, Diagnostic, Diagnostics};

use super::super::convert::diagnostics::{diagnostic, provider_bug, unreadable};
use super::super::convert::from_json::from_json;
use super::super::convert::from_msgpack::from_msgpack;
use super::super::convert::to_msgpack::to_msgpack;
use super::super::convert::{Type, WireValue};
use super::wire;

/// Reads one of a request's values; `what` is its name in a message. Absent means null.
pub(super) fn read(
    diagnostics: &mut Diagnostics,
    what: &str,
    value: Option<&wire::DynamicValue>,
    of: &Type,
) -> Option<WireValue> {
    let decoded = match value {
        None => Ok(WireValue::Null),
        Some(value) if value.msgpack.is_empty() => from_json(&value.json, of),
        Some(value) => from_msgpack(&value.msgpack, of),
    };
    decoded.map_err(|error| diagnostics.errors.push(unreadable(what, &error))).ok()
}

/// Writes a value of an answer. One that does not fit its schema is the provider's fault.
pub(super) fn write(diagnostics: &mut Diagnostics, value: &WireValue, of: &Type) -> Option<wire::DynamicValue> {
    to_msgpack(value, of)
        .map(|msgpack| wire::DynamicValue { msgpack, json: Vec::new() })
        .map_err(|error| diagnostics.errors.push(provider_bug(format!("an answer does not fit the schema: {error}"))))
        .ok()
}

/// Makes sure that nothing unknown reaches the state, which cannot hold it.
pub(super) fn wholly_known(diagnostics: &mut Diagnostics, value: WireValue) -> WireValue {
    if value.is_wholly_known() {
        return value;
    }
    if diagnostics.errors.is_empty() {
        diagnostics.errors.push(provider_bug("an attribute was still unknown after the call"));
    }
    value.with_unknown_as_null()
}

/// The same for an object that was just created or changed: an error beside it would taint it, and the
/// next apply would destroy it, so it is a warning.
pub(super) fn wholly_known_after_apply(diagnostics: &mut Diagnostics, value: WireValue) -> WireValue {
    if !value.is_wholly_known() {
        diagnostics.warnings.push(provider_bug("an attribute was still unknown after the apply, and is null now"));
    }
    value.with_unknown_as_null()
}

/// The error for a type that the schema does not declare. Core checks that itself, so its schema is another one.
pub(super) fn no_such_type(kind: &str, type_name: &str) -> Diagnostic {
    diagnostic(
        "No Such Type",
        format!(
            "This version of the provider has no {kind} {type_name:?}. Run `terraform init -upgrade`, \
             or correct the type in the configuration."
        ),
        AttributePath::root(),
    )
}
