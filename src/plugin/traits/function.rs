//! A provider function.

use async_trait::async_trait;
use tf_provider::schema::FunctionSchema;
use tf_provider::{Diagnostics, Function};

use super::super::convert::WireValue;
use super::{typed, untyped};

/// A function whose types are hidden.
#[async_trait]
pub(crate) trait ErasedFunction: Send + Sync {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<FunctionSchema>;

    /// `arguments` is a tuple: the positional ones and, where the schema has a variadic parameter, a list of its own.
    async fn call(&self, diagnostics: &mut Diagnostics, arguments: &WireValue) -> Option<WireValue>;
}

/// A typed function as an object.
pub(crate) struct TypedFunction<F>(pub(crate) F);

#[async_trait]
impl<F: Function> ErasedFunction for TypedFunction<F> {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<FunctionSchema> {
        self.0.schema(diagnostics)
    }

    async fn call(&self, diagnostics: &mut Diagnostics, arguments: &WireValue) -> Option<WireValue> {
        let arguments = typed(diagnostics, arguments)?;
        let result = self.0.call(diagnostics, arguments).await?;
        untyped(diagnostics, &result)
    }
}
