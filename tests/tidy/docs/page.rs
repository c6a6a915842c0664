//! Pages: templates, filled with schemas and examples.
//!
//! `templates/index.md` and `templates/guides/*.md` are pages of their own. Each kind has a template of its own, such
//! as `templates/resources.md`; what is to be said of one type beyond its schema stands in a file like
//! `templates/resources/iot_ota_dynamic_job.md`.

use std::path::Path;

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};

use terraform_provider_alicloud_iot::provider::limits;

use super::offered::{Offered, Part};
use super::{Pages, files, schema};
use crate::{read, root};

const MARK: &str = "<!-- Made by `make docs` of schema, examples/ and templates/: changes here are lost. -->";

pub(super) fn all(offered: &Offered) -> Pages {
    let mut pages = Pages::new();
    let index = context! {
        schema => schema::whole(&offered.provider),
        types => offered.parts.iter().map(entry).collect::<String>(),
    };
    pages.insert("docs/index.md".to_owned(), render("templates/index.md", index));
    for (template, _) in files("templates/guides") {
        let path = template.replacen("templates", "docs", 1);
        pages.insert(path, render(&template, context! { limits => limits::table() }));
    }
    for part in &offered.parts {
        let folder = part.kind.folder;
        let text = render(&format!("templates/{folder}.md"), of_part(part));
        pages.insert(format!("docs/{folder}/{}.md", part.short_name()), text);
    }
    pages
}

/// An entry in the list of what there is.
fn entry(part: &Part) -> String {
    let (folder, short_name) = (part.kind.folder, part.short_name());
    let title = part.kind.title.to_lowercase();
    format!("- [{}]({folder}/{short_name}.md) ({title}): {}\n", part.type_name, first_sentence(&part.block.description))
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").and_then(|end| text.get(..=end)).unwrap_or(text)
}

fn of_part(part: &Part) -> minijinja::Value {
    let behaviour = format!("templates/{}/{}.md", part.kind.folder, part.short_name());
    let behaviour = if root().join(&behaviour).exists() { render(&behaviour, context! {}) } else { String::new() };
    let example = format!("{}/{}", part.examples(), part.kind.example);
    assert!(root().join(&example).exists(), "{} has no example: write {example}", part.type_name);
    let present = |name: &str| Some(format!("{}/{name}", part.examples())).filter(|path| root().join(path).exists());
    context! {
        type => part.type_name.as_str(),
        summary => first_sentence(&part.block.description),
        description => part.block.description.as_str(),
        example,
        schema => schema::whole(&part.block),
        timeouts => schema::timeouts(&part.block),
        behaviour => behaviour.trim(),
        identity => (!part.identity.is_empty()).then(|| schema::identity(&part.identity)),
        import_by_identity => present("import-by-identity.tf"),
        import_by_string_id => present("import-by-string-id.tf"),
        import_command => present("import.sh"),
    }
}

/// Fills a template. `code(path)` shows a file of the repository; anything that is not known is an error.
fn render(template: &str, values: minijinja::Value) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_function("code", |path: String| code(&path));
    let text = read(template);
    let rendered = environment.render_str(&text, values);
    let rendered = rendered.unwrap_or_else(|error| panic!("{template}: {error:#}"));
    // Below the front matter, where registries take it for a comment.
    let end = "\n---\n";
    match rendered.split_once(end).filter(|_| rendered.starts_with("---\n")) {
        Some((front, body)) => format!("{front}{end}\n{MARK}\n\n{}\n", without_gaps(body.trim())),
        None => rendered,
    }
}

/// Without the empty lines that template blocks leave behind.
fn without_gaps(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && kept.ends_with("\n\n")) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept.trim_end().to_owned()
}

fn code(path: &str) -> Result<String, Error> {
    let text = std::fs::read_to_string(root().join(path))
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, format!("{path}: {error}")))?;
    let language = match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("tf" | "hcl") => "terraform",
        Some("sh") => "shell",
        Some("json") => "json",
        other => return Err(Error::new(ErrorKind::InvalidOperation, format!("{path}: no language for {other:?}"))),
    };
    Ok(format!("```{language}\n{}\n```", text.trim_end()))
}
