//! Shorthand for schemas.

use std::collections::HashMap;

use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Schema};
use tf_provider::{AttributePath, AttributePathStep, Diagnostic};

pub fn schema(version: i64, description: &str, attributes: &[(&str, AttributeType, AttributeConstraint)]) -> Schema {
    let attribute = |(name, attr_type, constraint): &(&str, AttributeType, AttributeConstraint)| {
        let (attr_type, constraint) = (attr_type.clone(), constraint.clone());
        let description = format!("The {name}.").into();
        ((*name).to_owned(), Attribute { attr_type, constraint, description, ..Default::default() })
    };
    let attributes: HashMap<_, _> = attributes.iter().map(attribute).collect();
    Schema { version, block: Block { version, attributes, description: description.into(), ..Default::default() } }
}

pub fn diagnostic(summary: &'static str, detail: impl Into<String>, attribute: Option<&'static str>) -> Diagnostic {
    let steps = attribute.map(|name| AttributePathStep::Attribute(name.into())).into_iter().collect();
    Diagnostic { summary: summary.into(), detail: detail.into().into(), attribute: AttributePath { steps } }
}
