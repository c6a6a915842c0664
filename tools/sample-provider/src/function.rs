//! `join_words` and `join_lines`: texts with something between them.

use async_trait::async_trait;
use tf_provider::schema::{Description, FunctionSchema, Parameter, Type};
use tf_provider::value::Value;
use tf_provider::{AttributePath, AttributePathStep, Diagnostic, Diagnostics, Function};

use crate::schema::diagnostic;

#[derive(Debug)]
pub struct JoinWords;

#[async_trait]
impl Function for JoinWords {
    type Input<'a> = (Value<String>, Vec<Value<String>>);
    type Output<'a> = Value<String>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<FunctionSchema> {
        let parameter = |name: &str| Parameter {
            name: name.to_owned(),
            param_type: Type::String,
            description: Description::plain(format!("The {name}.")),
            ..Parameter::default()
        };
        Some(FunctionSchema {
            parameters: vec![Parameter { allow_null: true, ..parameter("between") }],
            variadic: Some(parameter("words")),
            return_type: Type::String,
            summary: "Joins words.".to_owned(),
            ..FunctionSchema::default()
        })
    }

    async fn call<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        (between, words): (Value<String>, Vec<Value<String>>),
    ) -> Option<Value<String>> {
        if between.is_null() {
            // Functions have no warnings on the wire.
            diagnostics.warnings.push(diagnostic("Nothing Between", "The words will run together.", None));
        }
        for (position, _) in words.iter().enumerate().filter(|(_, word)| word.contains(&"")) {
            let index = i64::try_from(position).unwrap_or(i64::MAX).saturating_add(1);
            diagnostics.errors.push(Diagnostic {
                summary: "A word is empty".into(),
                detail: "".into(),
                attribute: AttributePath { steps: vec![AttributePathStep::Index(index)] },
            });
        }
        let words: Vec<_> = words.into_iter().map(Value::unwrap_or_default).collect();
        Some(Value::Value(words.join(&between.unwrap_or_default())))
    }
}

#[derive(Debug)]
pub struct JoinLines;

#[async_trait]
impl Function for JoinLines {
    type Input<'a> = (Value<String>, Vec<Value<String>>);
    type Output<'a> = Value<String>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<FunctionSchema> {
        let parameter = |name: &str, param_type| Parameter {
            name: name.to_owned(),
            param_type,
            description: Description::plain(format!("The {name}.")),
            ..Parameter::default()
        };
        Some(FunctionSchema {
            parameters: vec![
                parameter("between", Type::String),
                parameter("lines", Type::List(Box::new(Type::String))),
            ],
            return_type: Type::String,
            summary: "Joins lines.".to_owned(),
            ..FunctionSchema::default()
        })
    }

    async fn call<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        (between, lines): (Value<String>, Vec<Value<String>>),
    ) -> Option<Value<String>> {
        if lines.is_empty() {
            diagnostics.errors.push(Diagnostic {
                summary: "There is no line".into(),
                detail: "".into(),
                // A position that there is not.
                attribute: AttributePath { steps: vec![AttributePathStep::Index(2)] },
            });
            return None;
        }
        let lines: Vec<_> = lines.into_iter().map(Value::unwrap_or_default).collect();
        Some(Value::Value(lines.join(&between.unwrap_or_default())))
    }
}
