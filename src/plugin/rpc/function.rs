//! Provider functions.

use prost::Message as _;
use tf_provider::{AttributePathStep, Diagnostics};

use super::super::convert::WireValue;
use super::super::convert::diagnostics::provider_bug;
use super::call::{Answer, Subject};
use super::{ProviderService, values, wire};

impl ProviderService {
    /// OpenTofu asks for names that the schema lacks: there are none.
    pub(super) async fn functions(
        &self,
        diagnostics: &mut Diagnostics,
        _request: wire::get_functions::Request,
    ) -> Option<wire::get_functions::Response> {
        diagnostics.clone_from(&self.definition.schema_diagnostics);
        Some(wire::get_functions::Response { functions: self.function_schemas(), ..Default::default() })
    }

    /// Works without a configured provider: core calls functions of instances that it has not configured.
    pub(super) async fn call_of_function(
        &self,
        request: wire::call_function::Request,
    ) -> wire::call_function::Response {
        let name = request.name.clone();
        let subject =
            Subject { key: "tf_function_name", name: &name, size: request.encoded_len(), ..Subject::default() };
        let service = self.clone();
        let work = async move {
            let mut diagnostics = Diagnostics::default();
            (service.call(&mut diagnostics, request).await, diagnostics)
        };
        self.calls.run("CallFunction", subject, work).await
    }

    async fn call(
        &self,
        diagnostics: &mut Diagnostics,
        request: wire::call_function::Request,
    ) -> Option<wire::call_function::Response> {
        let function = values::named(diagnostics, "function", &self.definition.functions, &request.name)?;
        let mut rest = request.arguments.iter().enumerate();
        let mut read = |(index, argument): (usize, &wire::DynamicValue), of| {
            let mut errors = Diagnostics::default();
            let value = values::read(&mut errors, &format!("argument {}", index + 1), Some(argument), of);
            // Its path is one inside the argument.
            let position = AttributePathStep::Index(i64::try_from(index).unwrap_or(i64::MAX));
            diagnostics.errors.extend(errors.errors.into_iter().map(|mut error| {
                error.attribute.steps.insert(0, position.clone());
                error
            }));
            value
        };
        let mut arguments = Vec::with_capacity(function.parameters.len() + 1);
        for of in &function.parameters {
            arguments.push(rest.next().map_or(Some(WireValue::Null), |argument| read(argument, of))?);
        }
        if let Some(of) = &function.variadic {
            let variadic: Option<_> = rest.by_ref().map(|argument| read(argument, of)).collect();
            arguments.push(WireValue::List(variadic?));
        }
        let surplus = rest.next().is_some();
        if surplus {
            diagnostics.errors.push(provider_bug("Terraform sent more arguments than the function takes"));
            return None;
        }
        let result = function.part.call(diagnostics, &WireValue::List(arguments)).await;
        forget_positions_beyond(request.arguments.len(), diagnostics);
        if result.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("the function has no result, and gave no reason"));
        }
        let result = values::write(diagnostics, &result?, &function.returned)?;
        Some(wire::call_function::Response { result: Some(result), error: None })
    }
}

impl Answer for wire::call_function::Response {
    /// A function has one error and no warnings. An error's path can begin with the position of an argument.
    fn with_diagnostics(mut self, diagnostics: Vec<wire::Diagnostic>) -> Self {
        use wire::attribute_path::step::Selector;
        let errors = diagnostics.iter().filter(|it| it.severity() == wire::diagnostic::Severity::Error);
        let texts: Vec<_> = errors.clone().map(text).collect();
        if !texts.is_empty() {
            let steps = errors.filter_map(|it| it.attribute.as_ref()?.steps.first()?.selector.as_ref());
            let positions = steps.filter_map(|step| match step {
                Selector::ElementKeyInt(index) => Some(*index),
                _ => None,
            });
            let function_argument = { positions }.next();
            self =
                Self { result: None, error: Some(wire::FunctionError { text: texts.join("\n\n"), function_argument }) };
        }
        self
    }
}

/// Core would look for an argument that was not given.
fn forget_positions_beyond(given: usize, diagnostics: &mut Diagnostics) {
    for error in &mut diagnostics.errors {
        if let Some(AttributePathStep::Index(index)) = error.attribute.steps.first()
            && usize::try_from(*index).map_or(true, |index| index >= given)
        {
            error.attribute.steps.clear();
        }
    }
}

fn text(diagnostic: &wire::Diagnostic) -> String {
    match (diagnostic.summary.as_str(), diagnostic.detail.as_str()) {
        (summary, "") => summary.to_owned(),
        ("", detail) => detail.to_owned(),
        (summary, detail) => format!("{summary}: {detail}"),
    }
}
