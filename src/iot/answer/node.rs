//! The tree of an answer, and how typed values are taken from it.

use std::fmt;

use thiserror::Error;

/// A part of an answer.
#[derive(Clone, PartialEq, Eq)]
pub enum Node {
    /// A JSON null.
    Null,
    /// A text, a number, a boolean, or an XML element without children.
    Text(String),
    /// A JSON array.
    List(Vec<Node>),
    /// Members in their order. Names repeat where XML repeats elements.
    Object(Vec<(String, Node)>),
}

/// Its form, with names and without texts: among them can be keys.
impl fmt::Debug for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("Null"),
            Self::Text(text) => write!(formatter, "Text({} bytes)", text.len()),
            Self::List(items) => formatter.debug_list().entries(items).finish(),
            Self::Object(members) => {
                formatter.debug_map().entries(members.iter().map(|(name, it)| (name, it))).finish()
            }
        }
    }
}

/// Why an answer cannot be read. The text is made to follow "the answer is unreadable: " or "but ".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Unreadable {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// A member that the caller cannot do without is not there.
    pub fn missing(name: &str) -> Self {
        Self(format!("the answer has no {name}"))
    }

    pub(in crate::iot) fn not_a(what: &str, name: &str) -> Self {
        Self(format!("{name} in the answer is not {what}"))
    }
}

/// Names are compared without regard to the case of their first letter, as some answers spell the envelope in lower
/// camel case.
fn is_named(name: &str, wanted: &str) -> bool {
    match (name.split_at_checked(1), wanted.split_at_checked(1)) {
        (Some((first, rest)), Some((wanted_first, wanted_rest))) => {
            first.eq_ignore_ascii_case(wanted_first) && rest == wanted_rest
        }
        _ => name == wanted,
    }
}

impl Node {
    /// All members of a name. Anything but an object has none.
    fn members<'a, 'name>(&'a self, name: &'name str) -> impl Iterator<Item = &'a Self> + use<'a, 'name> {
        let members = match self {
            Self::Object(members) => members.as_slice(),
            _ => &[],
        };
        members.iter().filter(move |(own, _)| is_named(own, name)).map(|(_, node)| node)
    }

    /// The member of a name, unless it is null.
    fn member(&self, name: &str) -> Option<&Self> {
        self.members(name).find(|node| **node != Self::Null)
    }

    fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// The text of a member; none if it is absent or null. An empty text is a text.
    ///
    /// # Errors
    ///
    /// The member is a list or an object.
    pub fn text(&self, name: &str) -> Result<Option<String>, Unreadable> {
        match self.member(name) {
            None => Ok(None),
            Some(Self::Text(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Unreadable::not_a("a text", name)),
        }
    }

    /// The whole number in a member, as a number or as text; none if it is absent, null or an empty text.
    ///
    /// # Errors
    ///
    /// The member is something else, or does not fit.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, Unreadable> {
        let filled = self.text(name)?.filter(|text| !text.trim().is_empty());
        filled.map(|text| text.trim().parse()).transpose().map_err(|_| Unreadable::not_a("a whole number", name))
    }

    /// The boolean in a member, as a boolean or as text; none if it is absent, null or an empty text.
    ///
    /// # Errors
    ///
    /// The member is something else.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, Unreadable> {
        let filled = self.text(name)?.filter(|text| !text.trim().is_empty());
        let boolean = |text: String| text.trim().to_ascii_lowercase().parse();
        filled.map(boolean).transpose().map_err(|_| Unreadable::not_a("true or false", name))
    }

    /// The object in a member; none if it is absent, null or empty. XML does not tell an empty object from an empty
    /// text, so neither is told from its absence.
    ///
    /// # Errors
    ///
    /// The member is something else.
    pub fn object(&self, name: &str) -> Result<Option<&Self>, Unreadable> {
        match self.member(name) {
            None => Ok(None),
            Some(node) if node.is_blank() => Ok(None),
            Some(Self::Object(members)) if members.is_empty() => Ok(None),
            Some(node @ Self::Object(_)) => Ok(Some(node)),
            Some(_) => Err(Unreadable::not_a("an object", name)),
        }
    }

    /// The items of a list; none if the member is absent or null, while an empty list is a list.
    ///
    /// Most lists sit in a wrapper object under the name of their `element`. Some are plain arrays, some answers have
    /// one item in place of a list, and XML repeats either the element or the member itself: all of these are taken.
    /// Blank items are left out, as XML writes an empty list like a list of one empty text.
    pub fn list(&self, name: &str, element: &str) -> Option<Vec<&Self>> {
        self.member(name)?;
        let items = self.members(name).flat_map(|node| node.unwrapped(element));
        Some(items.flat_map(Self::spread).filter(|item| !item.is_blank()).collect())
    }

    /// What a list's member holds: what its wrapper holds, or itself.
    fn unwrapped(&self, element: &str) -> Vec<&Self> {
        let wrapped: Vec<&Self> = self.members(element).collect();
        if wrapped.is_empty() { vec![self] } else { wrapped }
    }

    /// The items of an array, or the one item in its place.
    fn spread(&self) -> Vec<&Self> {
        match self {
            Self::List(items) => items.iter().filter(|item| **item != Self::Null).collect(),
            Self::Null => Vec::new(),
            Self::Object(members) if members.is_empty() => Vec::new(),
            one => vec![one],
        }
    }

    /// The texts of a list, see [`Node::list`].
    ///
    /// # Errors
    ///
    /// An item is a list or an object.
    pub fn texts(&self, name: &str, element: &str) -> Result<Option<Vec<String>>, Unreadable> {
        let text = |item: &Self| match item {
            Self::Text(text) => Ok(text.clone()),
            _ => Err(Unreadable::not_a("a list of texts", name)),
        };
        self.list(name, element).map(|items| items.into_iter().map(text).collect()).transpose()
    }

    /// The objects of a list, each read by `read`, see [`Node::list`].
    ///
    /// # Errors
    ///
    /// An item is no object, or `read` refuses it.
    pub fn objects<T>(
        &self,
        name: &str,
        element: &str,
        read: impl Fn(&Self) -> Result<T, Unreadable>,
    ) -> Result<Option<Vec<T>>, Unreadable> {
        let object = |item: &Self| match item {
            Self::Object(_) => read(item),
            _ => Err(Unreadable::not_a("a list of objects", name)),
        };
        self.list(name, element).map(|items| items.into_iter().map(object).collect()).transpose()
    }
}
