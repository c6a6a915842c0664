//! Attribute paths to the wire.

use tf_provider::{AttributePath, AttributePathStep};

use super::super::proto::tfplugin6::AttributePath as WirePath;
use super::super::proto::tfplugin6::attribute_path::Step;
use super::super::proto::tfplugin6::attribute_path::step::Selector;

/// The wire form of a path. None for the empty one, which means the whole block.
pub fn to_wire(path: AttributePath) -> Option<WirePath> {
    let steps: Vec<_> = path.steps.into_iter().map(step).collect();
    if steps.is_empty() { None } else { Some(WirePath { steps }) }
}

fn step(step: AttributePathStep) -> Step {
    let selector = match step {
        AttributePathStep::Attribute(name) => Selector::AttributeName(name.into_owned()),
        AttributePathStep::Key(key) => Selector::ElementKeyString(key.into_owned()),
        AttributePathStep::Index(index) => Selector::ElementKeyInt(index),
    };
    Step { selector: Some(selector) }
}
