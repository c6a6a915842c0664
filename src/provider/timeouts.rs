//! The `timeouts` block: how long an operation may take, as the author of a configuration sets it.

use std::ops::RangeInclusive;
use std::time::Duration;

use tf_provider::Diagnostic;
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, NestedBlock};
use tf_provider::value::Value;

use super::diagnostics::{at, validation as text};
use super::duration;
use crate::plugin::schema::SchemaExtension;

/// The block's name.
pub(crate) const NAME: &str = "timeouts";

/// What a timeout can be.
const RANGE: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(30 * 24);

/// The block with an argument for each operation, of which the second text says what it bounds and how long it is if left
/// out.
pub(crate) fn block(arguments: &[(&str, &str)]) -> (String, NestedBlock) {
    let attribute = |meaning: &str| Attribute {
        attr_type: AttributeType::String,
        description: Description::markdown(meaning),
        constraint: AttributeConstraint::Optional,
        sensitive: false,
        deprecated: false,
    };
    let block = Block {
        version: 0,
        attributes: arguments.iter().map(|(name, meaning)| ((*name).to_owned(), attribute(meaning))).collect(),
        blocks: Default::default(),
        description: Description::markdown("How long operations may take, such as `30m` or `1h30m`."),
        deprecated: false,
    };
    (NAME.to_owned(), NestedBlock::Single(block))
}

/// What the schema of a resource with the block needs beside it: it may be left out.
pub(crate) fn extension() -> SchemaExtension {
    SchemaExtension::default().items(NAME, 0, 0)
}

/// What is wrong with one of the arguments, if it is known.
pub(crate) fn problem(argument: &'static str, given: &Value<String>) -> Option<Diagnostic> {
    let Value::Value(given) = given else { return None };
    let fits = duration::parse(given).is_some_and(|duration| RANGE.contains(&duration));
    (!fits).then(|| text::invalid_timeout(argument, given, &RANGE, at(NAME).attribute(argument)))
}
