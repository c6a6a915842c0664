//! What a provider consists of, put together once before it is served.

use std::collections::BTreeMap;
use std::sync::Arc;

use tf_provider::schema::Schema;
use tf_provider::{Diagnostics, Provider, Resource};

use super::convert::Type;
use super::traits::{ErasedProvider, ErasedResource, TypedProvider, TypedResource};

/// A provider and all that it offers.
pub struct Definition {
    pub(crate) name: &'static str,
    pub(crate) provider: Described<dyn ErasedProvider>,
    pub(crate) resources: BTreeMap<&'static str, Described<dyn ErasedResource>>,
    /// What the schemas complained about while they were asked for.
    pub(crate) schema_diagnostics: Diagnostics,
}

/// A part of a provider with its schema, and the type that the schema gives its values.
pub(crate) struct Described<T: ?Sized> {
    pub(crate) part: Arc<T>,
    pub(crate) schema: Schema,
    pub(crate) of: Type,
}

impl<T: ?Sized> Described<T> {
    fn new(part: Arc<T>, schema: Schema) -> Self {
        let of = (&schema.block).into();
        Self { part, schema, of }
    }
}

impl Definition {
    /// A provider without resources. `name` is the last part of its source address.
    pub fn new<P: Provider>(name: &'static str, provider: P) -> Self {
        let mut diagnostics = Diagnostics::default();
        let provider: Arc<dyn ErasedProvider> = Arc::new(TypedProvider(provider));
        let schema = provider.schema(&mut diagnostics).unwrap_or_else(empty_schema);
        Self {
            name,
            provider: Described::new(provider, schema),
            resources: BTreeMap::new(),
            schema_diagnostics: diagnostics,
        }
    }

    /// The same with one more managed resource, under its full type name.
    #[must_use]
    pub fn resource<R: Resource + 'static>(mut self, type_name: &'static str, resource: R) -> Self {
        let resource: Arc<dyn ErasedResource> = Arc::new(TypedResource(resource));
        let schema = resource.schema(&mut self.schema_diagnostics).unwrap_or_else(empty_schema);
        self.resources.insert(type_name, Described::new(resource, schema));
        self
    }
}

impl std::fmt::Debug for Definition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Definition")
            .field("name", &self.name)
            .field("resources", &self.resources.keys())
            .finish_non_exhaustive()
    }
}

/// Stands in for a schema that could not be made. The diagnostics say why, and fail every command.
fn empty_schema() -> Schema {
    Schema { version: 0, block: tf_provider::schema::Block { version: 0, ..Default::default() } }
}
