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

/// How many errors, and how many warnings, one answer has: nobody reads more, and those of a list with millions of wrong
/// entries would be more than a message may hold.
const MOST: usize = 100;

/// Errors first, then warnings, each in the order in which it was raised. Those beyond a hundred of each are counted.
pub fn to_wire(diagnostics: Diagnostics) -> Vec<wire::Diagnostic> {
    let errors = first(diagnostics.errors, "Further Errors");
    let warnings = first(diagnostics.warnings, "Further Warnings");
    let errors = errors.map(|error| one(error, wire::diagnostic::Severity::Error));
    errors.chain(warnings.map(|warning| one(warning, wire::diagnostic::Severity::Warning))).collect()
}

fn first(all: Vec<Diagnostic>, summary: &'static str) -> impl Iterator<Item = Diagnostic> {
    let left_out = all.len().saturating_sub(MOST);
    let further = (left_out > 0).then(|| {
        let detail = format!(
            "There are {left_out} more than those that are shown. Correct these, then run this again to see what is left."
        );
        diagnostic(summary, detail, AttributePath::root())
    });
    all.into_iter().take(MOST).chain(further)
}

fn one(diagnostic: Diagnostic, severity: wire::diagnostic::Severity) -> wire::Diagnostic {
    wire::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary.into_owned(),
        detail: diagnostic.detail.into_owned(),
        attribute: path::to_wire(diagnostic.attribute),
    }
}

#[cfg(test)]
mod tests {
    use tf_provider::AttributePathStep;

    use super::super::super::proto::tfplugin6::attribute_path::Step;
    use super::super::super::proto::tfplugin6::attribute_path::step::Selector;
    use super::*;

    #[test]
    fn errors_come_first_and_each_keeps_its_place() {
        let steps = vec![
            AttributePathStep::Attribute("tags".into()),
            AttributePathStep::Key("team".into()),
            AttributePathStep::Index(3),
        ];
        let sent = to_wire(Diagnostics {
            errors: vec![diagnostic("One", "first", AttributePath { steps }), provider_bug("second")],
            warnings: vec![diagnostic("Three", "third", AttributePath::root())],
        });
        let said: Vec<_> = sent.iter().map(|it| (it.severity().as_str_name(), it.summary.as_str())).collect();
        assert_eq!(said, [("ERROR", "One"), ("ERROR", "Provider Bug"), ("WARNING", "Three")]);
        assert_eq!(sent[0].detail, "first");
        let selectors = [
            Selector::AttributeName("tags".to_owned()),
            Selector::ElementKeyString("team".to_owned()),
            Selector::ElementKeyInt(3),
        ];
        let steps = selectors.map(|selector| Step { selector: Some(selector) }).to_vec();
        assert_eq!(sent[0].attribute, Some(wire::AttributePath { steps }));
        assert_eq!((&sent[1].attribute, &sent[2].attribute), (&None, &None));
    }

    #[test]
    fn what_nobody_reads_is_counted() {
        use wire::diagnostic::Severity::{Error, Warning};
        let raised = |count| vec![diagnostic("Wrong", "", AttributePath::root()); count];
        let sent = |errors, warnings| to_wire(Diagnostics { errors: raised(errors), warnings: raised(warnings) });
        assert_eq!(sent(MOST, MOST).len(), 2 * MOST);
        let sent = sent(1_000_000, MOST + 1);
        assert_eq!(sent.iter().filter(|it| it.severity() == Error).count(), MOST + 1);
        assert_eq!(sent.iter().filter(|it| it.severity() == Warning).count(), MOST + 1);
        let further: Vec<_> = sent.iter().filter(|it| it.summary != "Wrong").collect();
        let [errors, warnings] = further.as_slice() else { panic!("{further:?}") };
        assert!(errors.summary == "Further Errors" && errors.detail.contains("999900 more"), "{errors:?}");
        assert!(warnings.summary == "Further Warnings" && warnings.detail.contains("1 more"), "{warnings:?}");
    }
}
