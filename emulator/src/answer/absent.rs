//! Members without a value, in the form that is chosen for them.

use super::{Object, Value};
use crate::assumptions::AbsentMembers;

impl Object {
    /// The object with every absent member left out or replaced, at any depth.
    pub(crate) fn resolved(self, form: AbsentMembers) -> Self {
        let members = self.into_members().filter_map(|(name, value)| Some((name, resolve(value, form)?)));
        members.fold(Self::new(), |object, (name, value)| object.with(name, value))
    }
}

/// `None`: the member is left out.
fn resolve(value: Value, form: AbsentMembers) -> Option<Value> {
    match (value, form) {
        (Value::AbsentText | Value::AbsentList(_), AbsentMembers::LeftOut) => None,
        (Value::AbsentText | Value::AbsentList(_), AbsentMembers::Null) => Some(Value::Null),
        (Value::AbsentText, AbsentMembers::Empty | AbsentMembers::Bare) => Some("".into()),
        (Value::AbsentList(element), AbsentMembers::Empty) => {
            Some(Object::new().with(element, Value::List(Vec::new())).into())
        }
        (Value::AbsentList(_), AbsentMembers::Bare) => Some(Object::new().into()),
        (Value::Object(object), _) => Some(object.resolved(form).into()),
        (Value::List(values), _) => {
            Some(Value::List(values.into_iter().filter_map(|value| resolve(value, form)).collect()))
        }
        (value, _) => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::*;

    #[test]
    fn absent_members_come_in_the_form_chosen_at_every_depth() {
        let inner = || {
            Object::new()
                .with("Id", "1")
                .with_text("Name", None::<String>)
                .with_wrapped_list("Tags", "OtaTagDTO", Vec::<String>::new())
                .with_some("Retry", None::<i64>)
        };
        let answer = Object::new().with("Data", Object::new().with("Item", vec![inner()]));
        for (form, json, xml) in [
            (AbsentMembers::LeftOut, r#"{"Id":"1"}"#, "<Id>1</Id>"),
            (AbsentMembers::Null, r#"{"Id":"1","Name":null,"Tags":null}"#, "<Id>1</Id><Name></Name><Tags></Tags>"),
            (
                AbsentMembers::Empty,
                r#"{"Id":"1","Name":"","Tags":{"OtaTagDTO":[]}}"#,
                "<Id>1</Id><Name></Name><Tags></Tags>",
            ),
            (AbsentMembers::Bare, r#"{"Id":"1","Name":"","Tags":{}}"#, "<Id>1</Id><Name></Name><Tags></Tags>"),
        ] {
            let resolved = answer.clone().resolved(form);
            assert_eq!(Format::Json.render("R", &resolved), format!(r#"{{"Data":{{"Item":[{json}]}}}}"#));
            let text = Format::Xml.render("R", &resolved);
            assert!(text.ends_with(&format!("<R><Data><Item>{xml}</Item></Data></R>")), "{text}");
        }
    }
}
