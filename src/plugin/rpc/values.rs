//! Values in and out of messages, with a diagnostic for each that does not fit.

use std::collections::BTreeMap;

use tf_provider::{AttributePath, Diagnostic, Diagnostics};

use super::super::call::Call;
use super::super::convert::diagnostics::{diagnostic, provider_bug, unreadable};
use super::super::convert::from_json::from_json;
use super::super::convert::from_msgpack::from_msgpack;
use super::super::convert::to_msgpack::to_msgpack;
use super::super::convert::{Type, WireValue};
use super::super::resource::OfferedResource;
use super::super::schema::Described;
use super::wire;

/// What is offered under that name, or an error that nothing is.
pub(super) fn named<'a, T>(
    diagnostics: &mut Diagnostics,
    kind: &str,
    offered: &'a BTreeMap<&'static str, T>,
    name: &str,
) -> Option<&'a T> {
    let found = offered.get(name);
    if found.is_none() {
        diagnostics.errors.push(no_such_type(kind, name));
    }
    found
}

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

/// Reads an identity. None if there is none, or, with an error, if it does not fit.
pub(super) fn read_identity(
    diagnostics: &mut Diagnostics,
    resource: &OfferedResource,
    identity: Option<&wire::ResourceIdentityData>,
) -> Option<WireValue> {
    let (identity, of) = (identity?.identity_data.as_ref()?, &resource.identity.as_ref()?.of);
    read(diagnostics, "identity", Some(identity), of)
}

/// Writes an identity of an answer.
pub(super) fn write_identity(
    diagnostics: &mut Diagnostics,
    resource: &OfferedResource,
    identity: &WireValue,
) -> Option<wire::ResourceIdentityData> {
    let identity_data = write(diagnostics, identity, &resource.identity.as_ref()?.of)?;
    Some(wire::ResourceIdentityData { identity_data: Some(identity_data) })
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

/// Makes sure that a state holds nothing unknown and no value of a write-only attribute.
pub(super) fn for_state(diagnostics: &mut Diagnostics, value: WireValue, schema: &Described) -> WireValue {
    schema.without_write_only(wholly_known(diagnostics, value))
}

/// The same for an object that was just created or changed: an error beside it would taint it, and the
/// next apply would destroy it, so it is a warning.
pub(super) fn for_state_after_apply(diagnostics: &mut Diagnostics, value: WireValue, schema: &Described) -> WireValue {
    if !value.is_wholly_known() {
        diagnostics.warnings.push(provider_bug("an attribute was still unknown after the apply, and is null now"));
    }
    schema.without_write_only(value.with_unknown_as_null())
}

/// The deferral that the operation asked for. Core that does not allow any gets an error in its place.
pub(super) fn deferred(diagnostics: &mut Diagnostics, call: &Call) -> Option<wire::Deferred> {
    let reason = call.deferred()?;
    if call.client().deferral_allowed {
        return Some(reason.into());
    }
    diagnostics.errors.push(diagnostic(
        "Too Much Is Unknown",
        "This depends on values that are known only after another apply, and this run cannot put it off. Apply what it \
         depends on first, with `-target`, and then the rest.",
        AttributePath::root(),
    ));
    None
}

/// The error for a form of state or identity that nobody here can read.
pub(super) fn other_version(what: &str, type_name: &str, stored: i64, own: i64) -> Diagnostic {
    diagnostic(
        "State Version Not Supported",
        format!(
            "The state holds the {what} of {type_name} in schema version {stored}; this version of the provider reads \
             version {own}. Use the provider version that wrote the state."
        ),
        AttributePath::root(),
    )
}

/// The error for a state or identity with nothing in it. Core would take null for an object that is gone.
pub(super) fn empty(what: &str, type_name: &str) -> Diagnostic {
    diagnostic(
        "State Is Empty",
        format!(
            "The state holds an object of {type_name}, and nothing where its {what} has to be. Nothing was changed. \
             Restore the state from a backup, or remove the object from it with `terraform state rm` and import it \
             again."
        ),
        AttributePath::root(),
    )
}

/// The error for a type that the schema does not declare. Core checks that itself, so its schema is another one.
fn no_such_type(kind: &str, type_name: &str) -> Diagnostic {
    diagnostic(
        "No Such Type",
        format!(
            "This version of the provider has no {kind} {type_name:?}. Run `terraform init -upgrade`, \
             or correct the type in the configuration."
        ),
        AttributePath::root(),
    )
}
