//! What the provider offers, asked of its own definition.

use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::provider_server::Provider;
use terraform_provider_alicloud_iot::{plugin, provider};
use tonic::Request;
use wire::resource_identity_schema::IdentityAttribute;

/// A kind of thing that has a page of its own.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its name in titles.
    pub(crate) title: &'static str,
    /// Its folder in `docs/`, `examples/` and `templates/`.
    pub(crate) folder: &'static str,
    /// The example that each of them has.
    pub(crate) example: &'static str,
}

const RESOURCE: Kind = Kind { title: "Resource", folder: "resources", example: "resource.tf" };
const DATA_SOURCE: Kind = Kind { title: "Data Source", folder: "data-sources", example: "data-source.tf" };
const EPHEMERAL: Kind =
    Kind { title: "Ephemeral Resource", folder: "ephemeral-resources", example: "ephemeral-resource.tf" };
const LIST: Kind = Kind { title: "List Resource", folder: "list-resources", example: "list-resource.tfquery.hcl" };
const ACTION: Kind = Kind { title: "Action", folder: "actions", example: "action.tf" };

/// Everything that registries know how to show, but for functions.
pub(crate) const KINDS: [&Kind; 5] = [&RESOURCE, &DATA_SOURCE, &EPHEMERAL, &LIST, &ACTION];

/// One thing that has a page of its own.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: &'static Kind,
    pub(crate) type_name: String,
    pub(crate) block: wire::schema::Block,
    /// Empty if it has none.
    pub(crate) identity: Vec<IdentityAttribute>,
}

/// The provider block, and all parts in the order of kind and name.
#[derive(Debug)]
pub(crate) struct Offered {
    pub(crate) provider: wire::schema::Block,
    pub(crate) parts: Vec<Part>,
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn all() -> Offered {
    let service = plugin::service(provider::definition());
    let request = Request::new(wire::get_provider_schema::Request {});
    let schemas = service.get_provider_schema(request).await.unwrap().into_inner();
    assert!(schemas.diagnostics.is_empty(), "{:?}", schemas.diagnostics);
    assert!(schemas.functions.is_empty(), "the generator has to learn how functions are documented");
    let request = Request::new(wire::get_resource_identity_schemas::Request {});
    let identities = service.get_resource_identity_schemas(request).await.unwrap().into_inner().identity_schemas;
    let actions = schemas.action_schemas.into_iter().map(|(name, action)| (name, action.schema.unwrap()));
    let kinds = [
        (&RESOURCE, schemas.resource_schemas.into_iter().collect::<Vec<_>>()),
        (&DATA_SOURCE, schemas.data_source_schemas.into_iter().collect()),
        (&EPHEMERAL, schemas.ephemeral_resource_schemas.into_iter().collect()),
        (&LIST, schemas.list_resource_schemas.into_iter().collect()),
        (&ACTION, actions.collect()),
    ];
    let mut parts = Vec::new();
    for (kind, mut schemas) in kinds {
        schemas.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (type_name, schema) in schemas {
            let identity = identities.get(&type_name).filter(|_| kind.folder == RESOURCE.folder);
            let identity = identity.map(|schema| schema.identity_attributes.clone()).unwrap_or_default();
            parts.push(Part { kind, type_name, block: schema.block.unwrap(), identity });
        }
    }
    Offered { provider: schemas.provider.unwrap().block.unwrap(), parts }
}

impl Part {
    /// The type without the prefix, which is what registries name files by. (It is not the provider's name.)
    pub(crate) fn short_name(&self) -> &str {
        let prefix = "alicloud_";
        self.type_name.strip_prefix(prefix).unwrap_or_else(|| panic!("{} has no {prefix:?}", self.type_name))
    }

    /// Where its examples are.
    pub(crate) fn examples(&self) -> String {
        format!("examples/{}/{}", self.kind.folder, self.type_name)
    }
}
