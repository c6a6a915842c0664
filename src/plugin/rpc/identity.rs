//! What names objects for good.

use tf_provider::{AttributePath, Diagnostics};

use super::super::convert::WireValue;
use super::super::convert::diagnostics::{diagnostic, provider_bug, unreadable};
use super::super::convert::from_json::from_json;
use super::{OfferedResource, ProviderService, values, wire};

impl ProviderService {
    /// Resources without an identity are left out. Any answer but this one fails the provider in core.
    pub(super) async fn identity_schemas(
        &self,
        diagnostics: &mut Diagnostics,
        _request: wire::get_resource_identity_schemas::Request,
    ) -> Option<wire::get_resource_identity_schemas::Response> {
        diagnostics.clone_from(&self.definition.schema_diagnostics);
        let resources = self.definition.resources.iter();
        let identities = resources
            .filter_map(|(name, resource)| Some(((*name).to_owned(), resource.identity.as_ref()?.schema.to_wire())));
        Some(wire::get_resource_identity_schemas::Response {
            identity_schemas: identities.collect(),
            ..Default::default()
        })
    }

    pub(super) async fn upgrade_identity(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::upgrade_resource_identity::Request,
    ) -> Option<wire::upgrade_resource_identity::Response> {
        let resource = self.resource(diagnostics, &request.type_name)?;
        let Some(identity) = &resource.identity else {
            diagnostics.errors.push(without_identity(&request.type_name));
            return None;
        };
        let json = request.raw_identity.unwrap_or_default().json;
        let upgraded = if request.version == identity.schema.version {
            from_json(&json, &identity.of).map_err(|error| diagnostics.errors.push(unreadable("identity", &error))).ok()
        } else {
            identity.part.upgrade(diagnostics, request.version, &json)
        };
        if upgraded.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(values::other_version(
                "identity",
                &request.type_name,
                request.version,
                identity.schema.version,
            ));
        }
        let upgraded = upgraded?;
        if upgraded == WireValue::Null {
            diagnostics.errors.push(values::empty("identity", &request.type_name));
            return None;
        }
        let upgraded_identity = values::write_identity(diagnostics, resource, &upgraded);
        Some(wire::upgrade_resource_identity::Response { upgraded_identity, ..Default::default() })
    }
}

/// The identity of an object that exists. It must be what it was before; core does not check that.
pub(super) fn of_state(
    diagnostics: &mut Diagnostics,
    resource: &OfferedResource,
    state: &WireValue,
    before: Option<&wire::ResourceIdentityData>,
) -> Option<wire::ResourceIdentityData> {
    let identity = resource.identity.as_ref()?;
    if *state == WireValue::Null {
        return None;
    }
    let now = identity.part.identity(diagnostics, state)?;
    let before = values::read_identity(diagnostics, resource, before);
    if before.is_some_and(|before| before != WireValue::Null && before != now) {
        diagnostics.errors.push(provider_bug("the identity of an object changed during its life"));
    }
    values::write_identity(diagnostics, resource, &now)
}

/// The error for an identity where there is none.
pub(super) fn without_identity(type_name: &str) -> tf_provider::Diagnostic {
    diagnostic(
        "Import By Identity Is Not Supported",
        format!("{type_name} can be imported by `id` only. Replace `identity` by `id` in the import block."),
        AttributePath::root(),
    )
}
