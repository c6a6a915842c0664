//! Provider functions: there are none, and each way of asking for one says so.

use tf_provider::Diagnostics;

use super::{ProviderService, wire};

impl ProviderService {
    pub(super) async fn functions(
        &self,
        _diagnostics: &mut Diagnostics,
        _request: wire::get_functions::Request,
    ) -> Option<wire::get_functions::Response> {
        Some(wire::get_functions::Response::default())
    }
}

/// The answer to a call of a function that does not exist.
pub(super) fn no_such_function(name: &str) -> wire::call_function::Response {
    let error =
        wire::FunctionError { text: format!("The provider has no function {name:?}."), function_argument: None };
    wire::call_function::Response { result: None, error: Some(error) }
}
