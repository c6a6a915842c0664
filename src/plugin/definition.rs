//! What a provider consists of, put together once before it is served.

use std::collections::BTreeMap;

use tf_provider::{DataSource, Diagnostics, Function, Provider, Resource};

use super::convert::Type;
use super::convert::schema::function_to_wire;
use super::proto::tfplugin6 as wire;
use super::resource::{ManagedResource, OfferedResource};
use super::schema::{Described, SchemaExtension, faulty, rules};
use super::traits::{
    Action, EphemeralResource, ErasedAction, ErasedDataSource, ErasedEphemeral, ErasedFunction, ErasedList,
    ErasedProvider, ListResource, TypedAction, TypedDataSource, TypedEphemeral, TypedFunction, TypedList,
    TypedProvider,
};

/// A provider and all that it offers.
pub struct Definition {
    pub(crate) provider: Offered<dyn ErasedProvider>,
    pub(crate) resources: BTreeMap<&'static str, OfferedResource>,
    pub(crate) data_sources: BTreeMap<&'static str, Offered<dyn ErasedDataSource>>,
    pub(crate) ephemeral_resources: BTreeMap<&'static str, Offered<dyn ErasedEphemeral>>,
    pub(crate) list_resources: BTreeMap<&'static str, Offered<dyn ErasedList>>,
    pub(crate) actions: BTreeMap<&'static str, Offered<dyn ErasedAction>>,
    pub(crate) functions: BTreeMap<&'static str, OfferedFunction>,
    /// What the schemas complained about while they were asked for.
    pub(crate) schema_diagnostics: Diagnostics,
}

/// A part of a provider with its schema.
pub(crate) struct Offered<T: ?Sized> {
    pub(crate) part: Box<T>,
    pub(crate) schema: Described,
}

/// A function with its schema, and the types that the schema gives its values.
pub(crate) struct OfferedFunction {
    pub(crate) part: Box<dyn ErasedFunction>,
    pub(crate) schema: wire::Function,
    pub(crate) parameters: Vec<Type>,
    pub(crate) variadic: Option<Type>,
    pub(crate) returned: Type,
}

impl Definition {
    /// A provider that offers nothing yet.
    pub fn new<P: Provider>(provider: P) -> Self {
        let mut diagnostics = Diagnostics::default();
        let part: Box<dyn ErasedProvider> = Box::new(TypedProvider(provider));
        let schema = part.schema(&mut diagnostics);
        let schema = Described::new("the provider block", schema, SchemaExtension::default(), &mut diagnostics);
        Self {
            provider: Offered { part, schema },
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            ephemeral_resources: BTreeMap::new(),
            list_resources: BTreeMap::new(),
            actions: BTreeMap::new(),
            functions: BTreeMap::new(),
            schema_diagnostics: diagnostics,
        }
    }

    /// With one more managed resource, under its full type name.
    #[must_use]
    pub fn resource<R: Resource + 'static>(mut self, type_name: &'static str, resource: ManagedResource<R>) -> Self {
        let resource = resource.offered(type_name, &mut self.schema_diagnostics);
        self.resources.insert(type_name, resource);
        self
    }

    /// With one more data source, under its full type name.
    #[must_use]
    pub fn data_source<D: DataSource + 'static>(self, type_name: &'static str, data_source: D) -> Self {
        self.extended_data_source(type_name, data_source, SchemaExtension::default())
    }

    /// The same with a schema that is extended.
    #[must_use]
    pub fn extended_data_source<D: DataSource + 'static>(
        mut self,
        type_name: &'static str,
        data_source: D,
        extension: SchemaExtension,
    ) -> Self {
        let part: Box<dyn ErasedDataSource> = Box::new(TypedDataSource(data_source));
        let schema = part.schema(&mut self.schema_diagnostics);
        let schema = Described::new(type_name, schema, extension, &mut self.schema_diagnostics);
        self.data_sources.insert(type_name, Offered { part, schema });
        self
    }

    /// With one more ephemeral resource, under its full type name.
    #[must_use]
    pub fn ephemeral_resource<E: EphemeralResource + 'static>(
        mut self,
        type_name: &'static str,
        ephemeral_resource: E,
    ) -> Self {
        let part: Box<dyn ErasedEphemeral> = Box::new(TypedEphemeral(ephemeral_resource));
        let (schema, extension) = (part.schema(&mut self.schema_diagnostics), part.schema_extension());
        let schema = Described::new(type_name, schema, extension, &mut self.schema_diagnostics);
        self.ephemeral_resources.insert(type_name, Offered { part, schema });
        self
    }

    /// With listing of a managed resource that was added before and has an identity.
    #[must_use]
    pub fn list_resource<L: ListResource + 'static>(mut self, type_name: &'static str, list_resource: L) -> Self {
        if self.resources.get(type_name).is_none_or(|resource| resource.identity.is_none()) {
            let fault = "it can be listed, but is no managed resource with an identity";
            self.schema_diagnostics.errors.push(faulty(type_name, fault));
        }
        let part: Box<dyn ErasedList> = Box::new(TypedList(list_resource));
        let (schema, extension) = (part.schema(&mut self.schema_diagnostics), part.schema_extension());
        let schema = Described::new(type_name, schema, extension, &mut self.schema_diagnostics);
        self.list_resources.insert(type_name, Offered { part, schema });
        self
    }

    /// With one more action, under its full type name.
    #[must_use]
    pub fn action<A: Action + 'static>(mut self, type_name: &'static str, action: A) -> Self {
        let part: Box<dyn ErasedAction> = Box::new(TypedAction(action));
        let (schema, extension) = (part.schema(&mut self.schema_diagnostics), part.schema_extension());
        let schema = Described::new(type_name, schema, extension, &mut self.schema_diagnostics);
        self.actions.insert(type_name, Offered { part, schema });
        self
    }

    /// With one more function, under its bare name.
    ///
    /// Its input is a tuple of the positional arguments and, if the schema has a variadic parameter, a list of the
    /// rest. A diagnostic whose path begins with an index is about the argument at that position.
    #[must_use]
    pub fn function<F: Function + 'static>(mut self, name: &'static str, function: F) -> Self {
        let part: Box<dyn ErasedFunction> = Box::new(TypedFunction(function));
        let schema = part.schema(&mut self.schema_diagnostics).unwrap_or_default();
        let function = OfferedFunction {
            part,
            parameters: schema.parameters.iter().map(|parameter| (&parameter.param_type).into()).collect(),
            variadic: schema.variadic.as_ref().map(|parameter| (&parameter.param_type).into()),
            returned: (&schema.return_type).into(),
            schema: function_to_wire(&schema),
        };
        let faults = rules::faults_of_function(name, &function.schema);
        self.schema_diagnostics.errors.extend(faults.iter().map(|fault| faulty(name, fault)));
        self.functions.insert(name, function);
        self
    }
}

impl std::fmt::Debug for Definition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Definition")
            .field("resources", &self.resources.keys())
            .field("data_sources", &self.data_sources.keys())
            .field("ephemeral_resources", &self.ephemeral_resources.keys())
            .field("list_resources", &self.list_resources.keys())
            .field("actions", &self.actions.keys())
            .field("functions", &self.functions.keys())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use serde::{Deserialize, Serialize};
    use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, FunctionSchema, Schema};

    use super::super::proto::tfplugin6::provider_server::Provider as _;
    use super::super::rpc::service;
    use super::super::traits::{Found, Progress};
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Empty {}

    /// Is all that a provider consists of, with the same attribute everywhere.
    struct Odd;

    fn schema() -> Option<Schema> {
        let attribute = Attribute {
            attr_type: AttributeType::String,
            constraint: AttributeConstraint::Optional,
            ..Attribute::default()
        };
        let attributes = [("a".to_owned(), attribute)].into();
        Some(Schema { version: 0, block: Block { attributes, ..Block::default() } })
    }

    #[async_trait]
    impl Provider for Odd {
        type Config<'a> = Empty;
        type MetaState<'a> = Empty;

        fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
            schema()
        }

        async fn configure<'a>(&self, _: &mut Diagnostics, _: String, _: Empty) -> Option<()> {
            Some(())
        }
    }

    #[async_trait]
    impl Action for Odd {
        type Config = Empty;

        fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
            schema()
        }

        fn schema_extension(&self) -> SchemaExtension {
            SchemaExtension::default().write_only("a")
        }

        async fn invoke(&self, _: &mut Diagnostics, _: Empty, _: &Progress) {}
    }

    #[async_trait]
    impl ListResource for Odd {
        type Config = Empty;
        type Identity = Empty;
        type State = Empty;

        fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
            schema()
        }

        async fn list(&self, _: &mut Diagnostics, _: Empty, _: &mut Found<Self>) {}
    }

    #[async_trait]
    impl Function for Odd {
        type Input<'a> = Vec<String>;
        type Output<'a> = String;

        fn schema(&self, _: &mut Diagnostics) -> Option<FunctionSchema> {
            Some(FunctionSchema { return_type: tf_provider::schema::Type::Bool, ..FunctionSchema::default() })
        }

        async fn call<'a>(&self, _: &mut Diagnostics, texts: Vec<String>) -> Option<String> {
            Some(texts.concat())
        }
    }

    #[test]
    fn what_core_would_refuse_is_found_when_it_is_put_together() {
        assert!(Definition::new(Odd).schema_diagnostics.errors.is_empty());
        for (definition, fault) in [
            (Definition::new(Odd).action("odd_action", Odd), "only managed resources have write-only attributes"),
            (Definition::new(Odd).list_resource("odd_list", Odd), "no managed resource with an identity"),
            (Definition::new(Odd).function("odd function", Odd), "the name is no identifier"),
        ] {
            let [error] = definition.schema_diagnostics.errors.as_slice() else { panic!("{definition:?}") };
            assert!(error.summary == "Faulty Schema" && error.detail.contains(fault), "{error:?}");
        }
    }

    #[tokio::test]
    async fn whatever_core_asks_of_schemas_is_answered_with_what_is_wrong_with_them() {
        let service = service(Definition::new(Odd).function("odd function", Odd));
        macro_rules! faults {
            ($($rpc:ident)+) => {[
                $({
                    let request = tonic::Request::new(wire::$rpc::Request {});
                    service.$rpc(request).await.unwrap().into_inner().diagnostics
                }),+
            ]};
        }
        for faults in faults!(get_metadata get_provider_schema get_resource_identity_schemas get_functions) {
            let [fault] = faults.as_slice() else { panic!("{faults:?}") };
            assert_eq!((fault.summary.as_str(), fault.severity), ("Faulty Schema", 1));
        }
    }

    #[tokio::test]
    async fn an_answer_that_does_not_fit_its_schema_is_an_error() {
        let request = wire::call_function::Request { name: "odd".to_owned(), ..Default::default() };
        let service = service(Definition::new(Odd).function("odd", Odd));
        let answer = service.call_function(tonic::Request::new(request)).await.unwrap().into_inner();
        let text = answer.error.unwrap().text;
        assert!(text.contains("an answer does not fit the schema: a bool was expected, not a string"), "{text}");
        assert_eq!(answer.result, None);
    }
}
