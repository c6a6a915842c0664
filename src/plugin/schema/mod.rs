//! What a schema says, and what follows from it for values.
//!
//! tf-provider's type for schemas is what providers write; [`extension`] adds what that type has no words
//! for; `rules` are those that core has for schemas; [`write_only`] and [`generate`] are rules that core leaves to
//! providers.

pub mod extension;
pub mod generate;
pub mod identity;
mod objects;
pub(crate) mod rules;
pub mod write_only;

use tf_provider::schema::{Block, Schema};
use tf_provider::{AttributePath, Diagnostic, Diagnostics};

use super::convert::diagnostics::diagnostic;
use super::convert::schema::to_wire;
use super::convert::{Type, WireValue};
use super::proto::tfplugin6 as wire;
pub use extension::SchemaExtension;

/// A schema in the form that is sent, and the type that it gives values.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) schema: wire::Schema,
    pub(crate) of: Type,
    /// Found out once: values are made on every call.
    has_write_only: bool,
}

impl Described {
    /// Puts a schema and its extension together. A missing schema is replaced by an empty one; the
    /// diagnostics say why, and what else is wrong with it. They fail every command.
    pub(crate) fn new(
        name: &str,
        schema: Option<Schema>,
        extension: SchemaExtension,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        Self::checked(name, schema, extension, false, diagnostics)
    }

    /// The same for a managed resource, which alone can have write-only attributes.
    pub(crate) fn managed(
        name: &str,
        schema: Option<Schema>,
        extension: SchemaExtension,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        Self::checked(name, schema, extension, true, diagnostics)
    }

    fn checked(
        name: &str,
        schema: Option<Schema>,
        extension: SchemaExtension,
        may_be_write_only: bool,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let from = schema.unwrap_or_else(|| {
            if diagnostics.errors.is_empty() {
                diagnostics.errors.push(faulty(name, "there is none, and no reason was given"));
            }
            Schema { version: 0, block: Block { version: 0, ..Default::default() } }
        });
        let mut schema = to_wire(&from);
        if let Err(error) = extension.apply(&mut schema) {
            diagnostics.errors.push(faulty(name, &error));
        }
        diagnostics.errors.extend(rules::faults(&schema, may_be_write_only).iter().map(|fault| faulty(name, fault)));
        let has_write_only = schema.block.as_ref().is_some_and(write_only::is_in_block);
        Self { schema, of: (&from.block).into(), has_write_only }
    }

    /// The value with null in the place of every write-only attribute, as plans and states have to have it.
    pub(crate) fn without_write_only(&self, value: WireValue) -> WireValue {
        if self.has_write_only { write_only::nulled(value, self.block()) } else { value }
    }

    /// An error for every write-only attribute that has a value, for core that would store it.
    pub(crate) fn refuse_write_only(&self, config: &WireValue) -> Vec<Diagnostic> {
        if self.has_write_only { write_only::refused(config, self.block()) } else { Vec::new() }
    }

    /// The outermost block. It is always there.
    pub(crate) fn block(&self) -> &wire::schema::Block {
        static EMPTY: std::sync::LazyLock<wire::schema::Block> = std::sync::LazyLock::new(Default::default);
        self.schema.block.as_ref().unwrap_or(&EMPTY)
    }
}

/// The error for a schema that core would refuse.
pub(crate) fn faulty(name: &str, what: &str) -> Diagnostic {
    diagnostic(
        "Faulty Schema",
        format!("The schema of {name} is faulty: {what}. This is a fault in the provider; please report it."),
        AttributePath::root(),
    )
}
