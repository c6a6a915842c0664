//! What the provider offers.

use std::collections::{BTreeMap, HashMap};

use tf_provider::Diagnostics;

use super::{ProviderService, wire};

/// Makes an entry of the metadata for each name.
macro_rules! entries {
    ($offered:expr, $entry:ident { $field:ident }) => {
        $offered.keys().map(|name| wire::get_metadata::$entry { $field: (*name).to_owned() }).collect()
    };
}

impl ProviderService {
    pub(super) async fn metadata(
        &self,
        diagnostics: &mut Diagnostics,
        _request: wire::get_metadata::Request,
    ) -> Option<wire::get_metadata::Response> {
        let definition = &self.definition;
        diagnostics.clone_from(&definition.schema_diagnostics);
        Some(wire::get_metadata::Response {
            server_capabilities: Some(self.capabilities()),
            resources: entries!(definition.resources, ResourceMetadata { type_name }),
            data_sources: entries!(definition.data_sources, DataSourceMetadata { type_name }),
            ephemeral_resources: entries!(definition.ephemeral_resources, EphemeralMetadata { type_name }),
            list_resources: entries!(definition.list_resources, ListResourceMetadata { type_name }),
            actions: entries!(definition.actions, ActionMetadata { type_name }),
            functions: entries!(definition.functions, FunctionMetadata { name }),
            ..Default::default()
        })
    }

    pub(super) async fn schema(
        &self,
        diagnostics: &mut Diagnostics,
        _request: wire::get_provider_schema::Request,
    ) -> Option<wire::get_provider_schema::Response> {
        let definition = &self.definition;
        diagnostics.clone_from(&definition.schema_diagnostics);
        Some(wire::get_provider_schema::Response {
            provider: Some(definition.provider.schema.schema.clone()),
            resource_schemas: by_name(&definition.resources, |resource| resource.schema.schema.clone()),
            data_source_schemas: by_name(&definition.data_sources, |source| source.schema.schema.clone()),
            ephemeral_resource_schemas: by_name(&definition.ephemeral_resources, |it| it.schema.schema.clone()),
            list_resource_schemas: by_name(&definition.list_resources, |list| list.schema.schema.clone()),
            action_schemas: by_name(&definition.actions, |action| wire::ActionSchema {
                schema: Some(action.schema.schema.clone()),
            }),
            functions: self.function_schemas(),
            server_capabilities: Some(self.capabilities()),
            ..Default::default()
        })
    }

    pub(super) fn function_schemas(&self) -> HashMap<String, wire::Function> {
        by_name(&self.definition.functions, |function| function.schema.clone())
    }

    fn capabilities(&self) -> wire::ServerCapabilities {
        wire::ServerCapabilities {
            // A destroy that cannot work is refused while it is planned.
            plan_destroy: true,
            // Nothing here waits for the schema to be asked for, so core may use the one it has.
            get_provider_schema_optional: true,
            move_resource_state: self.definition.resources.values().any(|resource| !resource.moves.is_empty()),
            generate_resource_config: true,
        }
    }
}

fn by_name<T, S>(offered: &BTreeMap<&'static str, T>, schema: impl Fn(&T) -> S) -> HashMap<String, S> {
    offered.iter().map(|(name, part)| ((*name).to_owned(), schema(part))).collect()
}
