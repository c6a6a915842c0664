//! Diagnostics: making them, and sending them.

use std::borrow::Cow;

use tf_provider::{AttributePath, Diagnostic, Diagnostics};

use super::super::proto::tfplugin6 as wire;
use super::error::ConvertError;
use super::path;

/// A diagnostic as written. (tf-provider's own constructor appends a backtrace to the user's text
/// when `RUST_BACKTRACE` is set.)
pub fn diagnostic(
    summary: impl Into<Cow<'static, str>>,
    detail: impl Into<Cow<'static, str>>,
    attribute: AttributePath,
) -> Diagnostic {
    Diagnostic { summary: summary.into(), detail: detail.into(), attribute }
}

/// A fault of the provider itself, in words that do not blame the configuration.
pub fn provider_bug(what: impl std::fmt::Display) -> Diagnostic {
    diagnostic(
        "Provider Bug",
        format!(
            "This is a fault in the provider, not in the configuration. Please report it with the line below.\n\n  {what}"
        ),
        AttributePath::root(),
    )
}

/// A value from core that does not fit the schema.
pub(crate) fn unreadable(what: &str, error: &ConvertError) -> Diagnostic {
    diagnostic(
        "Value Cannot Be Read",
        format!(
            "The {what} that Terraform sent does not fit this provider's schema: {error}. Nothing was changed. \
             Check that the state was not written by a newer version of the provider."
        ),
        error.path(),
    )
}

/// Errors first, then warnings, each in the order in which it was raised.
pub fn to_wire(diagnostics: Diagnostics) -> Vec<wire::Diagnostic> {
    let errors = diagnostics.errors.into_iter().map(|error| one(error, wire::diagnostic::Severity::Error));
    let warnings = diagnostics.warnings.into_iter().map(|warning| one(warning, wire::diagnostic::Severity::Warning));
    errors.chain(warnings).collect()
}

fn one(diagnostic: Diagnostic, severity: wire::diagnostic::Severity) -> wire::Diagnostic {
    wire::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary.into_owned(),
        detail: diagnostic.detail.into_owned(),
        attribute: path::to_wire(diagnostic.attribute),
    }
}
