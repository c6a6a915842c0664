//! A catalogue of everything that the provider can say: each diagnostic of the sources with summary, detail and path, in
//! `tests/golden/diagnostics/`, so that wording is reviewed in one place. What stands in braces is filled in when it is
//! said; the reasons that are filled in are in it, too.
//!
//! It is made of the sources, not of runs: a new text is in it or this fails, however rarely it is said.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ItemConst, ItemFn, ItemMod, LitStr, Macro, Meta, Token};

use crate::{root, rust_files};

/// Where texts live by rule, and every function and table is about them.
const TEXTS: &str = "src/provider/diagnostics/";
/// Where diagnostics have their reasons from: each text is about one.
const REASONS: &[&str] = &["src/iot/", "src/provider/config/"];
/// What makes a diagnostic.
const MAKERS: &[&str] = &["diagnostic", "provider_bug"];

#[test]
fn every_diagnostic_is_in_the_catalogue() {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for file in rust_files("src") {
        let path = file.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        if path.contains("/tests/") || path.ends_with("/tests.rs") {
            continue;
        }
        let entries = entries(&path, &std::fs::read_to_string(&file).unwrap());
        if !entries.is_empty() {
            let room = path.split('/').nth(1).unwrap().trim_end_matches(".rs");
            pages.entry(format!("tests/golden/diagnostics/{room}.txt")).or_default().push_str(&entries);
        }
    }
    for (path, expected) in pages {
        let found = std::fs::read_to_string(root().join(&path)).unwrap_or_default();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(root().join(&path).parent().unwrap()).unwrap();
            std::fs::write(root().join(&path), &expected).unwrap();
        } else {
            let line = expected.lines().zip(found.lines()).find(|(new, old)| new != old).map(|(new, _)| new);
            assert!(found == expected, "{path} is stale, at {line:?}; run `make docs`, and read what it changes");
        }
    }
}

#[test]
fn texts_live_in_one_room() {
    for file in rust_files("src/provider") {
        let path = file.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let text = std::fs::read_to_string(&file).unwrap();
        let makes = ["diagnostic(\"", "Diagnostic { s", "Diagnostic::", "root_error(", "root_warning("];
        let found = makes.iter().find(|it| text.contains(**it) && !path.starts_with(TEXTS));
        assert!(found.is_none(), "{path} makes a diagnostic by {found:?}: its text belongs into {TEXTS}");
    }
}

/// The entries of one file, in its order.
fn entries(path: &str, text: &str) -> String {
    // Descriptions of arguments are on the pages of the registry.
    let reasons = REASONS.iter().any(|room| path.starts_with(room)) && !path.ends_with("/schema.rs");
    let everything = reasons || path.starts_with(TEXTS);
    let mut collector = Collector { everything, only_texts: reasons, ..Collector::default() };
    collector.visit_file(&syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}")));
    let mut page = String::new();
    for entry in collector.entries {
        let _ = writeln!(page, "{path}: {}", entry.name);
        for line in entry.lines {
            let _ = writeln!(page, "    {line}");
        }
        page.push('\n');
    }
    page
}

#[derive(Default)]
struct Entry {
    name: String,
    lines: Vec<String>,
    makes_a_diagnostic: bool,
}

/// Walks a file and keeps the functions and tables that have texts in them.
#[derive(Default)]
struct Collector {
    /// Not only what makes a diagnostic by itself.
    everything: bool,
    /// No names and codes.
    only_texts: bool,
    entries: Vec<Entry>,
    current: Entry,
}

impl Collector {
    fn item(&mut self, name: String, walk: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.current, Entry { name, ..Entry::default() });
        walk(self);
        let mut entry = std::mem::replace(&mut self.current, outer);
        // A text has a blank in it; what has none is a name or a code.
        entry.lines.retain(|line| !self.only_texts || line.contains(' '));
        let has_text = entry.lines.iter().any(|line| line.contains(' '));
        if has_text && (self.everything || entry.makes_a_diagnostic) {
            self.entries.push(entry);
        }
    }
}

impl Collector {
    /// The texts of an error type, which are in attributes.
    fn errors(&mut self, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("error")) {
            if let Ok(arguments) = attribute.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)
                && let Some(Expr::Lit(text)) = arguments.first()
                && let syn::Lit::Str(text) = &text.lit
            {
                self.visit_lit_str(text);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_of_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.item(function.sig.ident.to_string(), |this| visit::visit_block(this, &function.block));
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.item(function.sig.ident.to_string(), |this| visit::visit_block(this, &function.block));
    }

    fn visit_item_const(&mut self, table: &'ast ItemConst) {
        self.item(table.ident.to_string(), |this| visit::visit_expr(this, &table.expr));
    }

    fn visit_item_enum(&mut self, errors: &'ast syn::ItemEnum) {
        self.item(errors.ident.to_string(), |this| {
            this.errors(&errors.attrs);
            errors.variants.iter().for_each(|variant| this.errors(&variant.attrs));
        });
    }

    fn visit_item_struct(&mut self, error: &'ast syn::ItemStruct) {
        self.item(error.ident.to_string(), |this| this.errors(&error.attrs));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(callee) = &*call.func {
            let name = callee.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            self.current.makes_a_diagnostic |= MAKERS.contains(&name.as_str());
            if name == "at"
                && let Some(Expr::Lit(argument)) = call.args.first()
                && let syn::Lit::Str(attribute) = &argument.lit
            {
                self.current.lines.push(format!("at {}", attribute.value()));
                return;
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        let text = text.value().replace('\n', "\\n");
        if text.contains(char::is_alphabetic) {
            self.current.lines.push(text);
        }
    }

    /// What `format!` and its like are given are expressions, too. What is logged is read elsewhere.
    fn visit_macro(&mut self, of: &'ast Macro) {
        if of.path.segments.first().is_some_and(|first| first.ident == "tracing") {
            return;
        }
        if let Ok(arguments) = of.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            arguments.iter().for_each(|argument| self.visit_expr(argument));
        }
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| matches!(&it.meta, Meta::List(list) if list.tokens.to_string() == "test"))
}

/// A summary is a title: at most eight words that begin with a capital, without values and without a period.
#[test]
fn summaries_are_titles() {
    let mut summaries = 0;
    for file in rust_files("src/provider/diagnostics") {
        let parsed = syn::parse_file(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let mut titles = Titles::default();
        titles.visit_file(&parsed);
        for title in &titles.found {
            let is_title = title.split(' ').all(|word| !word.starts_with(char::is_lowercase));
            let is_short = title.split(' ').count() <= 8 && !title.contains(['{', '.', '`']);
            assert!(is_title && is_short, "{}: {title:?} is no title", file.display());
        }
        summaries += titles.found.len();
    }
    assert!(summaries > 40, "only {summaries} summaries were found");
}

/// The first argument of whatever makes a diagnostic in the room of texts.
#[derive(Default)]
struct Titles {
    found: Vec<String>,
}

impl<'ast> Visit<'ast> for Titles {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let makes = ["diagnostic", "warning_or_error", "failed"];
        if let (Expr::Path(callee), Some(Expr::Lit(first))) = (&*call.func, call.args.first())
            && callee.path.segments.last().is_some_and(|it| makes.contains(&it.ident.to_string().as_str()))
            && let syn::Lit::Str(title) = &first.lit
        {
            self.found.push(title.value());
        }
        visit::visit_expr_call(self, call);
    }
}
