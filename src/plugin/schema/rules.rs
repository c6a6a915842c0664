//! What core demands of a schema. It checks when it loads the schema: a fault in any part of it fails every command, and
//! some crash core. So they are found when the provider is put together, where a test meets them.

use super::super::convert::Type;
use super::super::proto::tfplugin6 as wire;
use super::super::proto::tfplugin6::schema::nested_block::NestingMode as BlockNesting;
use super::super::proto::tfplugin6::schema::object::NestingMode as ObjectNesting;
use super::super::proto::tfplugin6::schema::{Attribute, Block, NestedBlock};

/// Everything that is wrong with a schema, each with its place.
pub(super) fn faults(schema: &wire::Schema, may_be_write_only: bool) -> Vec<String> {
    let mut found = Faults { may_be_write_only, is_in_set: false, at: Vec::new(), list: Vec::new() };
    found.unless(schema.version >= 0, "the version is negative");
    match &schema.block {
        Some(block) => found.of_block(block),
        None => found.unless(false, "there is no block"),
    }
    found.list
}

/// Everything that is wrong with the schema of an identity.
pub(crate) fn faults_of_identity(schema: &wire::ResourceIdentitySchema) -> Vec<String> {
    let mut found = Faults { may_be_write_only: false, is_in_set: false, at: Vec::new(), list: Vec::new() };
    found.unless(schema.version >= 0, "the version is negative");
    for attribute in &schema.identity_attributes {
        found.inside(&attribute.name, |found| {
            found.unless(is_name(&attribute.name), "the name has more than lowercase letters, digits and underscores");
            found.unless(
                attribute.required_for_import != attribute.optional_for_import,
                "it is not either required or optional for import",
            );
            let is_simple = match serde_json::from_slice(&attribute.r#type) {
                Ok(Type::List(element)) => is_primitive(&element),
                Ok(of) => is_primitive(&of),
                Err(_) => false,
            };
            found.unless(is_simple, "it is neither a primitive nor a list of one");
        });
    }
    found.list
}

/// Everything that is wrong with a function.
pub(crate) fn faults_of_function(name: &str, function: &wire::Function) -> Vec<String> {
    let mut found = Faults { may_be_write_only: false, is_in_set: false, at: Vec::new(), list: Vec::new() };
    found.unless(is_identifier(name), "the name is no identifier");
    found.unless(function.r#return.is_some(), "it returns nothing");
    let names: Vec<_> = function.parameters.iter().chain(&function.variadic_parameter).map(|it| &it.name).collect();
    for (index, name) in names.iter().enumerate() {
        found.unless(is_identifier(name), &format!("the parameter's name {name:?} is no identifier"));
        found.unless(!names.iter().take(index).any(|it| it == name), &format!("two parameters are called {name:?}"));
    }
    found.list
}

struct Faults {
    may_be_write_only: bool,
    /// Whether the part at hand is inside a set, at whatever depth.
    is_in_set: bool,
    /// Names, outermost first.
    at: Vec<String>,
    list: Vec<String>,
}

impl Faults {
    fn unless(&mut self, holds: bool, fault: &str) {
        if !holds {
            let at = self.at.join(".");
            self.list.push(if at.is_empty() { fault.to_owned() } else { format!("{at}: {fault}") });
        }
    }

    fn inside(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        self.at.push(name.to_owned());
        check(self);
        self.at.pop();
    }

    fn inside_set(&mut self, is_set: bool, check: impl FnOnce(&mut Self)) {
        let outside = self.is_in_set;
        self.is_in_set = outside || is_set;
        check(self);
        self.is_in_set = outside;
    }

    fn of_block(&mut self, block: &Block) {
        self.unless(block.deprecated || block.deprecation_message.is_empty(), "a message, but no deprecation");
        self.of_attributes(&block.attributes);
        for nested in &block.block_types {
            self.inside(&nested.type_name, |found| {
                let is_free = block.attributes.iter().all(|attribute| attribute.name != nested.type_name);
                found.unless(is_free, "it is both an attribute and a block");
                found.of_nested(nested);
            });
        }
    }

    fn of_nested(&mut self, nested: &NestedBlock) {
        self.unless(is_name(&nested.type_name), "the name has more than lowercase letters, digits and underscores");
        let (least, most) = (nested.min_items, nested.max_items);
        let fits = match nested.nesting() {
            BlockNesting::Invalid => false,
            BlockNesting::Single => least == most && (0..=1).contains(&least),
            BlockNesting::Group | BlockNesting::Map => (least, most) == (0, 0),
            BlockNesting::List | BlockNesting::Set => least >= 0 && (most == 0 || least <= most),
        };
        self.unless(fits, "its nesting does not allow for these numbers of items");
        let Some(block) = &nested.block else {
            self.unless(false, "there is no block");
            return;
        };
        if block.computed {
            self.unless(least == 0 && nested.nesting() != BlockNesting::Group, "a computed block is asked for");
            let all = block.attributes.iter().all(|attribute| attribute.computed)
                && block.block_types.iter().all(|nested| nested.block.as_ref().is_some_and(|block| block.computed));
            self.unless(all, "something in a computed block is not computed");
        }
        self.inside_set(nested.nesting() == BlockNesting::Set, |found| found.of_block(block));
    }

    fn of_attributes(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            self.inside(&attribute.name, |found| found.of_attribute(attribute));
        }
    }

    fn of_attribute(&mut self, attribute: &Attribute) {
        let Attribute { required, optional, computed, write_only, .. } = *attribute;
        self.unless(is_name(&attribute.name), "the name has more than lowercase letters, digits and underscores");
        self.unless(required || optional || computed, "it is neither required nor optional nor computed");
        self.unless(!(required && (optional || computed)), "what is required is neither optional nor computed");
        self.unless(attribute.deprecated || attribute.deprecation_message.is_empty(), "a message, but no deprecation");
        if write_only {
            self.unless(self.may_be_write_only, "only managed resources have write-only attributes");
            self.unless(!computed, "what is write-only is not computed");
            self.unless(!self.is_in_set, "nothing in a set is write-only");
        }
        match (&attribute.nested_type, serde_json::from_slice::<Type>(&attribute.r#type)) {
            (Some(nested), _) => {
                self.unless(attribute.r#type.is_empty(), "it has two types");
                self.unless(nested.nesting() != ObjectNesting::Invalid, "it has no nesting");
                let is_set = nested.nesting() == ObjectNesting::Set;
                self.inside_set(is_set, |found| found.of_attributes(&nested.attributes));
            }
            (None, Ok(of)) => {
                self.unless(!(self.is_in_set && is_dynamic_inside(&of)), "nothing in a set is dynamic");
            }
            (None, Err(_)) => self.unless(false, "its type is none"),
        }
    }
}

fn is_dynamic_inside(of: &Type) -> bool {
    match of {
        Type::Dynamic => true,
        Type::Bool | Type::Number | Type::String => false,
        Type::List(element) | Type::Set(element) | Type::Map(element) => is_dynamic_inside(element),
        Type::Object(attributes) => attributes.values().any(is_dynamic_inside),
        Type::Tuple(elements) => elements.iter().any(is_dynamic_inside),
    }
}

fn is_primitive(of: &Type) -> bool {
    matches!(of, Type::Bool | Type::Number | Type::String)
}

fn is_name(text: &str) -> bool {
    let fits = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
    !text.is_empty() && text.chars().all(fits)
}

/// As Terraform's language has them, but for letters beyond ASCII.
fn is_identifier(text: &str) -> bool {
    let fits = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '-';
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str) -> Attribute {
        Attribute { name: name.to_owned(), r#type: br#""string""#.to_vec(), optional: true, ..Default::default() }
    }

    fn with(attribute: Attribute) -> Block {
        Block { attributes: vec![attribute], ..Default::default() }
    }

    fn nested(nesting: BlockNesting, block: Block) -> Block {
        let nested = NestedBlock {
            type_name: "b".to_owned(),
            block: Some(block),
            nesting: nesting.into(),
            ..Default::default()
        };
        Block { block_types: vec![nested], ..Default::default() }
    }

    fn items(nesting: BlockNesting, min_items: i64, max_items: i64) -> Block {
        let mut block = nested(nesting, with(attribute("a")));
        (block.block_types[0].min_items, block.block_types[0].max_items) = (min_items, max_items);
        block
    }

    fn object(nesting: ObjectNesting, inner: Attribute) -> Attribute {
        let nested = wire::schema::Object { attributes: vec![inner], nesting: nesting.into(), ..Default::default() };
        Attribute { r#type: Vec::new(), nested_type: Some(nested), ..attribute("o") }
    }

    fn computed(block: Block) -> Block {
        Block { computed: true, ..block }
    }

    #[track_caller]
    fn check(block: Block, expected: &str) {
        let schema = wire::Schema { version: 0, block: Some(block) };
        assert_eq!(faults(&schema, true).join("; "), expected, "{schema:?}");
    }

    #[test]
    fn what_core_takes_has_no_fault() {
        let write_only = Attribute { write_only: true, ..attribute("a") };
        let dynamic = Attribute { r#type: br#"["list","dynamic"]"#.to_vec(), ..attribute("a") };
        let filled = with(Attribute { computed: true, ..attribute("a") });
        let deprecated = Attribute { deprecated: true, deprecation_message: "x".to_owned(), ..attribute("a") };
        for block in [
            with(attribute("a_1")),
            with(write_only.clone()),
            with(dynamic.clone()),
            with(deprecated),
            with(object(ObjectNesting::List, write_only)),
            with(object(ObjectNesting::Map, dynamic.clone())),
            // Beside a set is not inside it.
            Block {
                attributes: vec![object(ObjectNesting::Set, attribute("a")), dynamic.clone()],
                ..nested(BlockNesting::Set, with(attribute("a")))
            },
            nested(BlockNesting::List, with(dynamic)),
            nested(BlockNesting::List, computed(nested(BlockNesting::Set, computed(filled)))),
            items(BlockNesting::Single, 0, 0),
            items(BlockNesting::Single, 1, 1),
            items(BlockNesting::List, 3, 0),
            items(BlockNesting::Set, 3, 3),
        ] {
            check(block, "");
        }
    }

    #[test]
    fn attributes_that_core_refuses() {
        let a = || attribute("a");
        let dynamic_in_set =
            |of: &[u8]| object(ObjectNesting::Set, Attribute { r#type: of.to_vec(), ..attribute("a") });
        for (attribute, expected) in [
            (Attribute { optional: false, ..a() }, "a: it is neither required nor optional nor computed"),
            (Attribute { required: true, ..a() }, "a: what is required is neither optional nor computed"),
            (
                Attribute { required: true, optional: false, computed: true, ..a() },
                "a: what is required is neither optional nor computed",
            ),
            (attribute("A"), "A: the name has more than lowercase letters, digits and underscores"),
            (Attribute { r#type: b"string".to_vec(), ..a() }, "a: its type is none"),
            (Attribute { r#type: Vec::new(), ..a() }, "a: its type is none"),
            (Attribute { r#type: a().r#type, ..object(ObjectNesting::List, a()) }, "o: it has two types"),
            (object(ObjectNesting::Invalid, a()), "o: it has no nesting"),
            (Attribute { deprecation_message: "x".to_owned(), ..a() }, "a: a message, but no deprecation"),
            (Attribute { write_only: true, computed: true, ..a() }, "a: what is write-only is not computed"),
            (
                object(ObjectNesting::Set, object(ObjectNesting::List, Attribute { write_only: true, ..a() })),
                "o.o.a: nothing in a set is write-only",
            ),
            (dynamic_in_set(br#"["map","dynamic"]"#), "o.a: nothing in a set is dynamic"),
            (dynamic_in_set(br#"["object",{"x":"bool","y":"dynamic"}]"#), "o.a: nothing in a set is dynamic"),
            (dynamic_in_set(br#"["tuple",["bool","dynamic"]]"#), "o.a: nothing in a set is dynamic"),
        ] {
            check(with(attribute), expected);
        }
        let write_only = wire::Schema { version: -1, block: Some(with(Attribute { write_only: true, ..a() })) };
        assert_eq!(
            faults(&write_only, false),
            ["the version is negative", "a: only managed resources have write-only attributes"]
        );
        assert_eq!(faults(&wire::Schema::default(), true), ["there is no block"]);
    }

    #[test]
    fn blocks_that_core_refuses() {
        let numbers = "b: its nesting does not allow for these numbers of items";
        for block in [
            items(BlockNesting::Invalid, 0, 0),
            items(BlockNesting::Single, 0, 1),
            items(BlockNesting::Single, 2, 2),
            items(BlockNesting::Group, 0, 1),
            items(BlockNesting::Map, 1, 0),
            items(BlockNesting::List, 3, 2),
            items(BlockNesting::Set, -1, 0),
        ] {
            check(block, numbers);
        }
        let dynamic = with(Attribute { r#type: br#""dynamic""#.to_vec(), ..attribute("a") });
        let filled = || with(Attribute { computed: true, ..attribute("a") });
        let mut asked_for = nested(BlockNesting::List, computed(filled()));
        asked_for.block_types[0].min_items = 1;
        let mut clash = nested(BlockNesting::List, filled());
        clash.attributes.push(attribute("b"));
        let mut hollow = nested(BlockNesting::List, filled());
        hollow.block_types[0].block = None;
        let mut loud = nested(BlockNesting::List, filled());
        loud.block_types[0].type_name = "b-c".to_owned();
        for (block, expected) in [
            (nested(BlockNesting::Set, nested(BlockNesting::List, dynamic)), "b.b.a: nothing in a set is dynamic"),
            (nested(BlockNesting::Group, computed(filled())), "b: a computed block is asked for"),
            (asked_for, "b: a computed block is asked for"),
            (
                nested(BlockNesting::List, computed(with(attribute("a")))),
                "b: something in a computed block is not computed",
            ),
            (
                nested(BlockNesting::List, computed(nested(BlockNesting::List, filled()))),
                "b: something in a computed block is not computed",
            ),
            (clash, "b: it is both an attribute and a block"),
            (hollow, "b: there is no block"),
            (loud, "b-c: the name has more than lowercase letters, digits and underscores"),
            (Block { deprecation_message: "x".to_owned(), ..filled() }, "a message, but no deprecation"),
        ] {
            check(block, expected);
        }
    }

    #[test]
    fn identities_and_functions_that_core_refuses() {
        use wire::resource_identity_schema::IdentityAttribute;
        let identity = |json: &str, required_for_import| {
            let attribute = IdentityAttribute {
                name: "a".to_owned(),
                r#type: json.into(),
                required_for_import,
                optional_for_import: true,
                ..Default::default()
            };
            let schema = wire::ResourceIdentitySchema { version: 0, identity_attributes: vec![attribute] };
            faults_of_identity(&schema).join("; ")
        };
        assert_eq!(identity(r#""string""#, false), "");
        assert_eq!(identity(r#"["list","number"]"#, false), "");
        assert_eq!(identity(r#""bool""#, true), "a: it is not either required or optional for import");
        for of in [r#"["map","string"]"#, r#"["list",["list","string"]]"#, r#""dynamic""#, ""] {
            assert_eq!(identity(of, false), "a: it is neither a primitive nor a list of one", "{of}");
        }
        let function = |name: &str, parameters: &[&str], variadic: Option<&str>| {
            let parameter = |name: &&str| wire::function::Parameter { name: (*name).to_owned(), ..Default::default() };
            let function = wire::Function {
                parameters: parameters.iter().map(parameter).collect(),
                variadic_parameter: variadic.as_ref().map(parameter),
                r#return: Some(wire::function::Return::default()),
                ..Default::default()
            };
            faults_of_function(name, &function).join("; ")
        };
        assert_eq!(function("f", &["a", "b-2"], Some("c")), "");
        assert_eq!(function("_f", &["_"], None), "");
        assert_eq!(function("2f", &["a"], None), "the name is no identifier");
        assert_eq!(function("f", &["a b"], None), "the parameter's name \"a b\" is no identifier");
        assert_eq!(function("f", &["a"], Some("a")), "two parameters are called \"a\"");
        assert_eq!(faults_of_function("f", &wire::Function::default()), ["it returns nothing"]);
    }
}
