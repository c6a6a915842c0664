//! Every text that users read, and the only place where errors of the cloud client become diagnostics.
//!
//! A summary says what did not work, in title case and without values. A detail says what was given,
//! what is allowed or what happened, what that means for the fleet, and what to do next. Labelled
//! lines are indented, since Terraform wraps all others.

pub(super) mod configuration;
pub(super) mod gate;
pub(super) mod job;
pub(super) mod progress;
mod service;
#[cfg(test)]
mod tests;
pub(super) mod validation;

use tf_provider::AttributePath;

/// The path of one attribute.
pub(crate) fn at(attribute: &'static str) -> AttributePath {
    AttributePath::new(attribute)
}

/// Labelled lines, each on one of its own, for those that have a value.
fn labelled(lines: &[(&str, Option<&str>)]) -> String {
    let known = lines.iter().filter_map(|(label, value)| value.map(|value| (label, value)));
    known.map(|(label, value)| format!("\n  {label}: {value}")).collect()
}

/// The same as the end of a detail, below an empty line.
fn context(lines: &[(&str, Option<&str>)]) -> String {
    format!("\n{}", labelled(lines))
}
