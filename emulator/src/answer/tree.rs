//! The shape of an answer, before it is JSON or XML.
//!
//! A list is written as an array in JSON and as a repeated element in XML. Most lists of the service sit in a wrapper
//! object (`SrcVersions` around `SrcVersion`): [`Object::with_wrapped_list`] makes that shape.

/// One value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A text; XML escapes it.
    Text(String),
    /// A number without quotes in JSON.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// Several values under one name.
    List(Vec<Value>),
    /// Named members.
    Object(Object),
    /// No value, and said so.
    Null,
    /// A text that is not there; [`Object::resolved`] gives it a form.
    AbsentText,
    /// A wrapped list of that element without items; [`Object::resolved`] gives it a form.
    AbsentList(&'static str),
}

/// Named members in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object(Vec<(&'static str, Value)>);

impl Object {
    /// An object without members.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a member.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// Adds a member if there is a value; otherwise the member is left out, not null.
    pub(crate) fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a text, if there is one; otherwise the member is absent in the form that was chosen for all.
    pub(crate) fn with_text(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        self.with(name, value.map_or(Value::AbsentText, Into::into))
    }

    /// Adds `name` holding a list of `element`; an empty list is absent in the form that was chosen for all.
    pub(crate) fn with_wrapped_list<V: Into<Value>>(
        self,
        name: &'static str,
        element: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        let is_empty = values.is_empty();
        let wrapper = Object::new().with(element, Value::List(values));
        self.with(name, if is_empty { Value::AbsentList(element) } else { wrapper.into() })
    }

    /// The object with other names for some of its own members.
    pub(crate) fn renamed(self, names: &[(&str, &'static str)]) -> Self {
        let renamed = |name: &'static str| names.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| *new);
        Self(self.0.into_iter().map(|(name, value)| (renamed(name), value)).collect())
    }

    /// The members in order, taken out.
    pub(super) fn into_members(self) -> impl Iterator<Item = (&'static str, Value)> {
        self.0.into_iter()
    }

    /// The members in order.
    pub(crate) fn members(&self) -> &[(&'static str, Value)] {
        &self.0
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<V: Into<Value>> From<Vec<V>> for Value {
    fn from(values: Vec<V>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}
