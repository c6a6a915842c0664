//! A managed resource, with what it can do beyond tf-provider's trait.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::schema::Schema;
use tf_provider::{Diagnostics, Resource};

use super::convert::deserialize::from_value;
use super::convert::{Type, WireValue};
use super::schema::identity::IdentitySchema;
use super::schema::{Described, SchemaExtension, faulty, rules};
use super::traits::{
    ErasedIdentity, ErasedMove, ErasedResource, ErasedUpgrade, MoveSource, ResourceIdentity, TypedIdentity, TypedMove,
    TypedResource, TypedUpgrade,
};

/// Is shown objects of a state.
type Observer = Box<dyn Fn(&WireValue) + Send + Sync>;

/// A managed resource to be offered.
#[must_use]
pub struct ManagedResource<R> {
    resource: Arc<R>,
    extension: SchemaExtension,
    identity: Option<OfferedIdentity>,
    upgrades: BTreeMap<i64, Box<dyn ErasedUpgrade>>,
    moves: Vec<Box<dyn ErasedMove>>,
    observer: Option<Observer>,
}

impl<R: Resource + 'static> ManagedResource<R> {
    /// A resource that can do what its trait says.
    pub fn new(resource: R) -> Self {
        Self {
            resource: Arc::new(resource),
            extension: SchemaExtension::default(),
            identity: None,
            upgrades: BTreeMap::new(),
            moves: Vec::new(),
            observer: None,
        }
    }

    /// With what tf-provider's schema cannot say.
    pub fn schema_extension(mut self, extension: SchemaExtension) -> Self {
        self.extension = extension;
        self
    }

    /// With an identity, by which its objects can be imported and listed.
    pub fn identity(mut self) -> Self
    where
        R: ResourceIdentity,
    {
        let part: Box<dyn ErasedIdentity> = Box::new(TypedIdentity(Arc::clone(&self.resource)));
        let schema = part.schema();
        self.identity = Some(OfferedIdentity { part, of: schema.of(), schema });
        self
    }

    /// With a way from the state of an older schema version, `old`, straight to today's.
    ///
    /// The state is read leniently: attributes that `old` does not have are dropped, and those that the state does not
    /// have are null. `upgrade` has to work without a configured provider.
    pub fn upgrade<Old, New, F>(mut self, old: &Schema, upgrade: F) -> Self
    where
        Old: DeserializeOwned + 'static,
        New: Serialize + 'static,
        F: Fn(&mut Diagnostics, Old) -> Option<New> + Send + Sync + 'static,
    {
        self.upgrades.insert(old.version, Box::new(TypedUpgrade::new(old, upgrade)));
        self
    }

    /// With a way to take over objects of another resource. Of several, the first that knows the source counts: `take`
    /// answers None, without an error, for sources that it does not know.
    pub fn takes_over<S, P, F>(mut self, take: F) -> Self
    where
        S: Serialize + 'static,
        P: Serialize + 'static,
        F: Fn(&mut Diagnostics, &MoveSource) -> Option<(S, P)> + Send + Sync + 'static,
    {
        self.moves.push(Box::new(TypedMove(take)));
        self
    }

    /// With somebody who is shown every object of a state that core has had upgraded, which it does with each before it
    /// plans or applies anything. Of a tainted object, its plan says nothing else.
    ///
    /// `observe` has to work without a configured provider.
    pub fn observes<S, F>(mut self, observe: F) -> Self
    where
        S: DeserializeOwned,
        F: Fn(S) + Send + Sync + 'static,
    {
        // An object that is not an `S` is reported where it is used.
        self.observer = Some(Box::new(move |state| _ = from_value(state).map(&observe)));
        self
    }

    pub(crate) fn offered(self, type_name: &str, diagnostics: &mut Diagnostics) -> OfferedResource {
        let part: Box<dyn ErasedResource> = Box::new(TypedResource(self.resource));
        let schema = part.schema(diagnostics);
        let schema = Described::managed(type_name, schema, self.extension, diagnostics);
        if let Some(identity) = &self.identity {
            let faults = rules::faults_of_identity(&identity.schema.to_wire());
            diagnostics
                .errors
                .extend(faults.iter().map(|fault| faulty(&format!("the identity of {type_name}"), fault)));
        }
        OfferedResource {
            part,
            schema,
            identity: self.identity,
            upgrades: self.upgrades,
            moves: self.moves,
            observer: self.observer,
        }
    }
}

impl<R> std::fmt::Debug for ManagedResource<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ManagedResource").field("upgrades", &self.upgrades.keys()).finish_non_exhaustive()
    }
}

/// A managed resource with everything that is known of it.
pub(crate) struct OfferedResource {
    pub(crate) part: Box<dyn ErasedResource>,
    pub(crate) schema: Described,
    pub(crate) identity: Option<OfferedIdentity>,
    /// By the schema version that they begin with.
    pub(crate) upgrades: BTreeMap<i64, Box<dyn ErasedUpgrade>>,
    pub(crate) moves: Vec<Box<dyn ErasedMove>>,
    pub(crate) observer: Option<Observer>,
}

/// A resource's identity with its schema.
pub(crate) struct OfferedIdentity {
    pub(crate) part: Box<dyn ErasedIdentity>,
    pub(crate) schema: IdentitySchema,
    pub(crate) of: Type,
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use serde::Deserialize;
    use tf_provider::AttributePath;
    use tf_provider::schema::{AttributeType, Block};

    use super::super::schema::identity::IdentityAttribute;
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Empty {}

    /// A resource whose identity is of a type that core refuses.
    struct Odd;

    #[async_trait]
    impl Resource for Odd {
        type State<'a> = Empty;
        type PrivateState<'a> = Empty;
        type ProviderMetaState<'a> = Empty;

        fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
            Some(Schema { version: 0, block: Block::default() })
        }

        async fn read<'a>(&self, _: &mut Diagnostics, _: Empty, _: Empty, _: Empty) -> Option<(Empty, Empty)> {
            None
        }

        async fn plan_create<'a>(&self, _: &mut Diagnostics, _: Empty, _: Empty, _: Empty) -> Option<(Empty, Empty)> {
            None
        }

        async fn plan_update<'a>(
            &self,
            _: &mut Diagnostics,
            _: Empty,
            _: Empty,
            _: Empty,
            _: Empty,
            _: Empty,
        ) -> Option<(Empty, Empty, Vec<AttributePath>)> {
            None
        }

        async fn plan_destroy<'a>(&self, _: &mut Diagnostics, _: Empty, _: Empty, _: Empty) -> Option<Empty> {
            None
        }

        async fn create<'a>(
            &self,
            _: &mut Diagnostics,
            _: Empty,
            _: Empty,
            _: Empty,
            _: Empty,
        ) -> Option<(Empty, Empty)> {
            None
        }

        async fn update<'a>(
            &self,
            _: &mut Diagnostics,
            _: Empty,
            _: Empty,
            _: Empty,
            _: Empty,
            _: Empty,
        ) -> Option<(Empty, Empty)> {
            None
        }

        async fn destroy<'a>(&self, _: &mut Diagnostics, _: Empty, _: Empty, _: Empty) -> Option<()> {
            None
        }
    }

    #[async_trait]
    impl ResourceIdentity for Odd {
        type Identity = Empty;

        fn identity_schema(&self) -> IdentitySchema {
            let attr_type = AttributeType::Map(Box::new(AttributeType::String));
            let name = IdentityAttribute { name: "a", attr_type, required_for_import: true, description: "" };
            IdentitySchema { version: 0, attributes: vec![name] }
        }

        fn identity<'a>(&self, _: &Empty) -> Option<Empty> {
            None
        }

        async fn import_by_identity<'a>(&self, _: &mut Diagnostics, _: Empty) -> Option<(Empty, Empty)> {
            None
        }
    }

    #[test]
    fn an_identity_that_core_would_refuse_is_found_when_the_resource_is_offered() {
        let mut diagnostics = Diagnostics::default();
        ManagedResource::new(Odd).offered("odd", &mut diagnostics);
        assert!(diagnostics.errors.is_empty());
        ManagedResource::new(Odd).identity().offered("odd", &mut diagnostics);
        let [error] = diagnostics.errors.as_slice() else { panic!("{:?}", diagnostics.errors) };
        assert!(error.summary == "Faulty Schema" && error.detail.contains("the identity of odd"), "{error:?}");
    }
}
