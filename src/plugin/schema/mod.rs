//! What a schema says, and what follows from it for values.
//!
//! tf-provider's type for schemas is what providers write; [`extension`] adds what that type has no words
//! for; [`write_only`] and [`generate`] are rules that core leaves to providers.

pub mod extension;
pub mod generate;
pub mod identity;
pub mod write_only;

use tf_provider::schema::{Block, Schema};
use tf_provider::{AttributePath, Diagnostics};

use super::convert::Type;
use super::convert::diagnostics::diagnostic;
use super::convert::schema::to_wire;
use super::proto::tfplugin6 as wire;
pub use extension::SchemaExtension;

/// A schema in the form that is sent, and the type that it gives values.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) schema: wire::Schema,
    pub(crate) of: Type,
}

impl Described {
    /// Puts a schema and its extension together. A missing schema is replaced by an empty one; the
    /// diagnostics say why, and fail every command.
    pub(crate) fn new(
        name: &str,
        schema: Option<Schema>,
        extension: SchemaExtension,
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
        Self { schema, of: (&from.block).into() }
    }

    /// The outermost block. It is always there.
    pub(crate) fn block(&self) -> &wire::schema::Block {
        static EMPTY: std::sync::LazyLock<wire::schema::Block> = std::sync::LazyLock::new(Default::default);
        self.schema.block.as_ref().unwrap_or(&EMPTY)
    }
}

fn faulty(name: &str, what: &str) -> tf_provider::Diagnostic {
    diagnostic(
        "Faulty Schema",
        format!("The schema of {name} is faulty: {what}. This is a fault in the provider; please report it."),
        AttributePath::root(),
    )
}
