//! `sample_journal`: a resource with a block that the provider fills.

use std::collections::HashMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use terraform_provider_alicloud_iot::plugin::SchemaExtension;
use tf_provider::schema::{AttributeConstraint, AttributeType, NestedBlock, Schema};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics, Resource};

use crate::schema::schema;

#[derive(Debug)]
pub struct Journal;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct JournalModel {
    title: Value<String>,
    page: Value<Vec<Value<Page>>>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Page {
    number: Value<String>,
}

pub fn extension() -> SchemaExtension {
    SchemaExtension::default().computed_block("page").items("page", 0, 9).deprecated("", "Write notes.")
}

impl JournalModel {
    fn with_page(self) -> Self {
        let page = Page { number: Value::Value("1".to_owned()) };
        Self { page: Value::Value(vec![Value::Value(page)]), ..self }
    }
}

#[async_trait]
impl Resource for Journal {
    type State<'a> = JournalModel;
    type PrivateState<'a> = Option<()>;
    type ProviderMetaState<'a> = Value<()>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        let page = schema(0, "A page.", &[("number", AttributeType::String, AttributeConstraint::Computed)]);
        let title = [("title", AttributeType::String, AttributeConstraint::Optional)];
        let mut journal = schema(0, "A journal.", &title);
        journal.block.blocks = HashMap::from([("page".to_owned(), NestedBlock::List(page.block))]);
        Some(journal)
    }

    async fn read<'a>(
        &self,
        _: &mut Diagnostics,
        state: JournalModel,
        _: Option<()>,
        _: Value<()>,
    ) -> Option<(JournalModel, Option<()>)> {
        Some((state, None))
    }

    async fn plan_create<'a>(
        &self,
        _: &mut Diagnostics,
        proposed: JournalModel,
        _: JournalModel,
        _: Value<()>,
    ) -> Option<(JournalModel, Option<()>)> {
        Some((proposed.with_page(), None))
    }

    async fn plan_update<'a>(
        &self,
        _: &mut Diagnostics,
        _: JournalModel,
        proposed: JournalModel,
        _: JournalModel,
        _: Option<()>,
        _: Value<()>,
    ) -> Option<(JournalModel, Option<()>, Vec<AttributePath>)> {
        Some((proposed.with_page(), None, Vec::new()))
    }

    async fn plan_destroy<'a>(
        &self,
        _: &mut Diagnostics,
        _: JournalModel,
        _: Option<()>,
        _: Value<()>,
    ) -> Option<Option<()>> {
        Some(None)
    }

    async fn create<'a>(
        &self,
        _: &mut Diagnostics,
        planned: JournalModel,
        _: JournalModel,
        _: Option<()>,
        _: Value<()>,
    ) -> Option<(JournalModel, Option<()>)> {
        Some((planned, None))
    }

    async fn update<'a>(
        &self,
        _: &mut Diagnostics,
        _: JournalModel,
        planned: JournalModel,
        _: JournalModel,
        _: Option<()>,
        _: Value<()>,
    ) -> Option<(JournalModel, Option<()>)> {
        Some((planned, None))
    }

    async fn destroy<'a>(&self, _: &mut Diagnostics, _: JournalModel, _: Option<()>, _: Value<()>) -> Option<()> {
        Some(())
    }
}
