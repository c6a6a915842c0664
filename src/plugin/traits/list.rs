//! List resources: objects that exist, found for `terraform query` (protocol 6.10, Terraform 1.14).

use std::num::NonZeroU64;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::schema::Schema;
use tf_provider::{Diagnostic, Diagnostics};
use tokio::sync::mpsc;

use super::super::convert::serialize::to_value;
use super::super::convert::{ConvertError, WireValue};
use super::super::schema::SchemaExtension;
use super::typed;

/// Finds the objects of a managed resource that has an identity.
#[async_trait]
pub trait ListResource: Send + Sync {
    /// What narrows the search.
    type Config: DeserializeOwned + Send;

    /// The identity of what is found, as the managed resource has it.
    type Identity: Serialize + Send + Sync;

    /// The state of what is found, as the managed resource has it.
    type State: Serialize + Send + Sync;

    /// What can be configured. Core wraps it in a block `config`.
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;

    /// What the schema cannot say.
    fn schema_extension(&self) -> SchemaExtension {
        SchemaExtension::default()
    }

    /// Checks a configuration that may hold unknown values.
    async fn validate(&self, diagnostics: &mut Diagnostics, config: Self::Config) {
        _ = (diagnostics, config);
    }

    /// Sends what it finds to `found`, one by one, until there is nothing more or nobody wants more. An error in
    /// `diagnostics` ends the listing, and core drops what was found. Once core has gone, it is dropped where it stands.
    async fn list(&self, diagnostics: &mut Diagnostics, config: Self::Config, found: &mut Found<Self>);
}

/// An object that was found.
#[derive(Debug)]
pub struct Listed<L: ListResource + ?Sized> {
    /// What names it.
    pub identity: L::Identity,
    /// What a person calls it.
    pub display_name: String,
    /// The whole object. Sent only if [`Found::wants_state`].
    pub state: Option<L::State>,
}

/// Takes what a listing finds.
#[derive(Debug)]
pub struct Found<L: ListResource + ?Sized> {
    events: mpsc::Sender<ListEvent>,
    left: Option<NonZeroU64>,
    wants_state: bool,
    list: std::marker::PhantomData<fn(Box<L>)>,
}

/// Nobody wants more: the limit is reached, or core has gone. Looking for more would be for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enough;

impl<L: ListResource + ?Sized> Found<L> {
    /// Whether the whole objects are asked for, not only their identities.
    pub fn wants_state(&self) -> bool {
        self.wants_state
    }

    /// How many more objects are wanted.
    pub fn left(&self) -> u64 {
        self.left.map_or(0, NonZeroU64::get)
    }

    /// Sends an object, and waits until core has room for it.
    ///
    /// # Errors
    ///
    /// [`Enough`] as soon as no further object is wanted.
    pub async fn send(&mut self, object: Listed<L>) -> Result<(), Enough> {
        let left = self.left.ok_or(Enough)?;
        let event = self.event(object).unwrap_or_else(ListEvent::Failed);
        self.events.send(event).await.map_err(|_| Enough)?;
        self.left = NonZeroU64::new(left.get() - 1);
        if self.left.is_some() { Ok(()) } else { Err(Enough) }
    }

    /// Sends a warning that is about no object.
    ///
    /// # Errors
    ///
    /// [`Enough`] if core has gone.
    pub async fn warn(&mut self, warning: Diagnostic) -> Result<(), Enough> {
        self.events.send(ListEvent::Warning(warning)).await.map_err(|_| Enough)
    }

    fn event(&self, object: Listed<L>) -> Result<ListEvent, ConvertError> {
        let state = object.state.filter(|_| self.wants_state);
        Ok(ListEvent::Object {
            identity: to_value(&object.identity)?,
            display_name: object.display_name,
            state: state.map(|state| to_value(&state)).transpose()?,
        })
    }
}

/// What a listing says, with its types hidden.
#[derive(Debug)]
pub(crate) enum ListEvent {
    Object { identity: WireValue, display_name: String, state: Option<WireValue> },
    Warning(Diagnostic),
    Failed(ConvertError),
}

/// What core wants of a listing.
pub(crate) struct ListRequest {
    pub(crate) limit: u64,
    pub(crate) wants_state: bool,
    pub(crate) events: mpsc::Sender<ListEvent>,
}

/// A list resource with its types hidden.
#[async_trait]
pub(crate) trait ErasedList: Send + Sync {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;
    fn schema_extension(&self) -> SchemaExtension;
    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue);
    async fn list(&self, diagnostics: &mut Diagnostics, config: &WireValue, request: ListRequest);
}

/// A typed list resource as an object.
pub(crate) struct TypedList<L>(pub(crate) L);

#[async_trait]
impl<L: ListResource> ErasedList for TypedList<L> {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema> {
        self.0.schema(diagnostics)
    }

    fn schema_extension(&self) -> SchemaExtension {
        self.0.schema_extension()
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.validate(diagnostics, config).await;
        }
    }

    async fn list(&self, diagnostics: &mut Diagnostics, config: &WireValue, request: ListRequest) {
        let Some(config) = typed(diagnostics, config) else { return };
        let ListRequest { limit, wants_state, events } = request;
        let left = NonZeroU64::new(limit);
        let mut found = Found { events, left, wants_state, list: std::marker::PhantomData };
        self.0.list(diagnostics, config, &mut found).await;
    }
}
