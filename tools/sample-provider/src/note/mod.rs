//! `sample_note`: a managed resource with everything that one can have.
//!
//! Some names make it do what a resource should not, or seldom does: `panic`, `forbidden` (an error of the plan, as a
//! secret of that name is), `slow` (its creation lasts until it is stopped), `stubborn` (its creation never ends), `later`
//! (it is deferred), `nothing` (it answers nothing, and does not say why), `vague` (its length is never known), `unwritable`
//! (its identity cannot be written). The text `unwritable` gives it private data that cannot be written.

mod model;
mod upgrade;

use std::time::Duration;

use async_trait::async_trait;
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use terraform_provider_alicloud_iot::plugin::call::DeferredReason;
use terraform_provider_alicloud_iot::plugin::schema::identity::IdentitySchema;
use terraform_provider_alicloud_iot::plugin::traits::ResourceIdentity;
use terraform_provider_alicloud_iot::plugin::{Call, ManagedResource};
use tf_provider::schema::Schema;
use tf_provider::value::Value;
use tf_provider::{AttributePath, AttributePathStep, Diagnostics, Resource};

use crate::schema::diagnostic;
use crate::store::{Store, Stored};
pub use model::{Identity, NoteModel};

/// Longer than any test waits, so that only a stop ends it.
const SLOW: Duration = Duration::from_secs(3600);

/// As long as it still takes then, which is less than a host waits that ends the process.
const ENDING: Duration = Duration::from_millis(300);

#[derive(Debug)]
pub struct Note(Store);

/// What is kept beside the state.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Private {
    /// The note that a planned replacement takes the place of.
    replaces: Option<String>,
    /// Makes this data that cannot be written.
    #[serde(skip_serializing_if = "std::ops::Not::not", serialize_with = "refuse", skip_deserializing)]
    is_unwritable: bool,
}

fn refuse<S: Serializer>(_: &bool, _: S) -> Result<S::Ok, S::Error> {
    Err(S::Error::custom("it was made so"))
}

pub fn offered(store: Store) -> ManagedResource<Note> {
    ManagedResource::new(Note(store))
        .schema_extension(model::extension())
        .identity()
        .upgrade(&upgrade::schema_0(), upgrade::from_0)
        .upgrade(&upgrade::schema_1(), upgrade::from_1)
        .takes_over(upgrade::from_terraform_data)
        .takes_over(upgrade::from_memo)
}

/// The secret is in the configuration alone, and is not the word `forbidden`. (The plan gets it too: the server has to keep
/// that out.)
fn look_at_secret(diagnostics: &mut Diagnostics, proposed: &mut NoteModel, config: NoteModel) -> Option<()> {
    let mut refuse = |summary, detail: &str| diagnostics.errors.push(diagnostic(summary, detail, Some("secret_wo")));
    if !proposed.secret_wo.is_null() {
        refuse("The Secret Was Proposed", "It is in the configuration alone.");
    }
    if config.secret_wo.contains(&"forbidden") {
        refuse("Forbidden", "No secret is called so.");
        return None;
    }
    proposed.secret_wo = config.secret_wo;
    Some(())
}

/// A note of this text has private data that cannot be written.
fn with_text(private: Option<Private>, note: &Stored) -> Option<Private> {
    let is_unwritable = note.text == "unwritable";
    if is_unwritable { Some(Private { is_unwritable, ..private.unwrap_or_default() }) } else { private }
}

#[async_trait]
impl Resource for Note {
    type State<'a> = NoteModel;
    type PrivateState<'a> = Option<Private>;
    type ProviderMetaState<'a> = Value<()>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        Some(model::schema())
    }

    async fn read<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        state: NoteModel,
        private: Option<Private>,
        _meta: Value<()>,
    ) -> Option<(NoteModel, Option<Private>)> {
        let call = Call::current();
        if state.name() == "later" {
            call.defer(DeferredReason::AbsentPrerequisite);
            return None;
        }
        let note = self.0.read(diagnostics, &state.name())??;
        Some((state.with_stored(&note), private))
    }

    async fn plan_create<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        mut proposed: NoteModel,
        config: NoteModel,
        _meta: Value<()>,
    ) -> Option<(NoteModel, Option<Private>)> {
        let call = Call::current();
        if proposed.text.is_unknown() && call.client().deferral_allowed {
            call.defer(DeferredReason::ResourceConfigUnknown);
        }
        #[allow(clippy::panic)]
        if proposed.name() == "panic" {
            panic!("a note that is called so ends in a panic, and {:?} is not shown", proposed.text);
        }
        let private: Option<Private> = call.planned_private();
        let replaces = private.and_then(|private| private.replaces);
        // Not known: core before 1.16 plans again during apply, and without the first plan's data.
        proposed.replaces = Value::Unknown;
        proposed.length = Value::Unknown;
        if proposed.name() == "forbidden" {
            diagnostics.errors.push(diagnostic("Forbidden", "No note is called so.", Some("name")));
        }
        match proposed.name().as_str() {
            "later" => {
                call.defer(DeferredReason::AbsentPrerequisite);
                return None;
            }
            "nothing" => return None,
            _ => {}
        }
        look_at_secret(diagnostics, &mut proposed, config)?;
        Some((proposed, Some(Private { replaces, ..Private::default() })))
    }

    async fn plan_update<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: NoteModel,
        mut proposed: NoteModel,
        config: NoteModel,
        private: Option<Private>,
        _meta: Value<()>,
    ) -> Option<(NoteModel, Option<Private>, Vec<AttributePath>)> {
        if proposed.text != prior.text || proposed.secret_version != prior.secret_version {
            proposed.length = Value::Unknown;
        }
        look_at_secret(diagnostics, &mut proposed, config)?;
        if proposed.name == prior.name {
            return Some((proposed, private, Vec::new()));
        }
        let steps = vec![AttributePathStep::Attribute("name".into())];
        let private = Private { replaces: prior.name.as_option(), ..Private::default() };
        Some((proposed, Some(private), vec![AttributePath { steps }]))
    }

    async fn plan_destroy<'a>(
        &self,
        _diagnostics: &mut Diagnostics,
        prior: NoteModel,
        private: Option<Private>,
        _meta: Value<()>,
    ) -> Option<Option<Private>> {
        (prior.name() != "nothing").then_some(private)
    }

    async fn create<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        planned: NoteModel,
        config: NoteModel,
        private: Option<Private>,
        _meta: Value<()>,
    ) -> Option<(NoteModel, Option<Private>)> {
        if planned.name() == "nothing" {
            return None;
        }
        let replaces = private.as_ref().and_then(|private| private.replaces.clone());
        let note = Stored { replaces, ..planned.to_stored(&config) };
        self.0.write(diagnostics, &planned.name(), &note)?;
        let private = with_text(private, &note);
        if planned.name() == "stubborn" {
            std::future::pending::<()>().await;
        }
        if planned.name() == "slow" {
            let call = Call::current();
            tokio::select! {
                () = tokio::time::sleep(SLOW) => {}
                () = call.stop().cancelled() => {
                    // What has to be brought to an end takes its time.
                    tokio::time::sleep(ENDING).await;
                    self.0.write(diagnostics, "slow-ended", &note)?;
                    let detail = "The note is there; what follows it was given up.";
                    diagnostics.warnings.push(diagnostic("Interrupted", detail, None));
                }
            }
        }
        Some((planned.with_stored(&note), private))
    }

    async fn update<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        _prior: NoteModel,
        planned: NoteModel,
        config: NoteModel,
        private: Option<Private>,
        _meta: Value<()>,
    ) -> Option<(NoteModel, Option<Private>)> {
        let before: Stored = self.0.read(diagnostics, &planned.name())?.unwrap_or_default();
        let note = Stored { replaces: before.replaces, ..planned.to_stored(&config) };
        self.0.write(diagnostics, &planned.name(), &note)?;
        Some((planned.with_stored(&note), with_text(private, &note)))
    }

    async fn destroy<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: NoteModel,
        private: Option<Private>,
        _meta: Value<()>,
    ) -> Option<()> {
        if prior.name() == "nothing" {
            return None;
        }
        // What is kept beside the note if it cannot be removed.
        let replaces = private.and_then(|private| private.replaces).map(|replaces| format!("{replaces}, once"));
        Call::current().keep_private(&Private { replaces, ..Private::default() });
        self.0.remove(diagnostics, &prior.name())
    }

    async fn import<'a>(&self, diagnostics: &mut Diagnostics, id: String) -> Option<(NoteModel, Option<Private>)> {
        match id.as_str() {
            "later" => {
                Call::current().defer(DeferredReason::AbsentPrerequisite);
                return None;
            }
            "nothing" => return None,
            _ => {}
        }
        let Some(note) = self.0.read(diagnostics, &id)? else {
            diagnostics.errors.push(diagnostic("No Such Note", format!("There is no note {id:?}."), None));
            return None;
        };
        let private = note.replaces.clone().map(|replaces| Private { replaces: Some(replaces), ..Private::default() });
        Some((NoteModel { name: Value::Value(id), ..NoteModel::default() }.with_stored(&note), private))
    }
}

#[async_trait]
impl ResourceIdentity for Note {
    type Identity = Identity;

    fn identity_schema(&self) -> IdentitySchema {
        model::identity_schema()
    }

    fn identity<'a>(&self, state: &NoteModel) -> Option<Identity> {
        Some(Identity { name: state.name.clone() })
    }

    async fn import_by_identity<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        identity: Identity,
    ) -> Option<(NoteModel, Option<Private>)> {
        self.import(diagnostics, identity.name.unwrap_or_default()).await
    }

    fn upgrade_identity(&self, _diagnostics: &mut Diagnostics, version: i64, json: &[u8]) -> Option<Identity> {
        #[derive(Deserialize)]
        struct Version0 {
            id: String,
        }
        let old: Version0 = if version == 0 { serde_json::from_slice(json).ok()? } else { return None };
        Some(Identity { name: Value::Value(old.id) })
    }
}
