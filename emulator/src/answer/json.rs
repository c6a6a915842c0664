//! The tree as JSON.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Object, Value};

/// The whole answer as a JSON text.
pub(super) fn document(answer: &Object) -> String {
    // A tree of texts, numbers and lists always has a JSON form; serde_json cannot know that.
    serde_json::to_string(answer).unwrap_or_default()
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members().len()))?;
        for (name, value) in self.members() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Self::List(values) => serializer.collect_seq(values),
            Self::Object(object) => object.serialize(serializer),
            Self::Null | Self::AbsentText | Self::AbsentList(_) => serializer.serialize_unit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assumptions::AbsentMembers;

    #[test]
    fn lists_are_arrays_and_texts_are_escaped() {
        let answer = Object::new()
            .with("Name", "say \"hi\"\n")
            .with_wrapped_list("SrcVersions", "SrcVersion", ["1", "2"])
            .with_wrapped_list("Tags", "OtaTagDTO", Vec::<String>::new())
            .with_some("Retry", None::<i64>)
            .with("Plain", Value::List(vec![Object::new().with("Size", 3).into()]));
        assert_eq!(
            document(&answer.resolved(AbsentMembers::LeftOut)),
            r#"{"Name":"say \"hi\"\n","SrcVersions":{"SrcVersion":["1","2"]},"Plain":[{"Size":3}]}"#
        );
    }
}
