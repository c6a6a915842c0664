//! The bill of materials, in CycloneDX 1.5.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use cargo_metadata::{Package, PackageId};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use crate::parts::Parts;
use crate::release::Release;

pub(crate) fn of(release: &Release, parts: &Parts) -> Result<Value> {
    let lock = std::fs::read_to_string(release.root.join("Cargo.lock")).context("Cargo.lock")?;
    let checksums = checksums(&lock);
    let all = || std::iter::once(&parts.root).chain(&parts.packages);
    let names: BTreeMap<_, _> = all().map(|package| (&package.id, url(package))).collect();
    let name = |id: &PackageId| names.get(id).cloned().unwrap_or_default();
    let components: Vec<_> = parts.packages.iter().map(|package| component(package, "library", &checksums)).collect();
    let needs = |id: &PackageId| parts.needs.get(id).into_iter().flatten().map(name).collect::<Vec<_>>();
    let dependencies: Vec<_> =
        all().map(|package| json!({"ref": name(&package.id), "dependsOn": needs(&package.id)})).collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": release.time.format(&Rfc3339)?,
            "component": component(&parts.root, "application", &checksums),
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn component(package: &Package, kind: &str, checksums: &BTreeMap<String, String>) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": url(package),
        "name": package.name,
        "version": package.version,
        "purl": url(package),
    });
    let mut add = |name: &str, value: Option<Value>| {
        if let (Value::Object(members), Some(value)) = (&mut component, value) {
            members.insert(name.to_owned(), value);
        }
    };
    // Cargo once wrote "A/B" for what SPDX calls "A OR B".
    add("licenses", package.license.as_ref().map(|it| json!([{"expression": it.replace('/', " OR ")}])));
    let checksum = checksums.get(&format!("{} {}", package.name, package.version));
    add("hashes", checksum.map(|it| json!([{"alg": "SHA-256", "content": it}])));
    add("externalReferences", package.repository.as_ref().map(|it| json!([{"type": "vcs", "url": it}])));
    component
}

/// The package in the form that vulnerability databases know.
fn url(package: &Package) -> String {
    // The only character of versions that is not allowed there.
    format!("pkg:cargo/{}@{}", package.name, package.version.to_string().replace('+', "%2B"))
}

/// The checksums of a lock file, by name and version.
fn checksums(lock: &str) -> BTreeMap<String, String> {
    let entries = lock.split("[[package]]").skip(1);
    let member = |entry: &str, name: &str| {
        let line = entry.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""));
        line.map(|value| value.trim_end_matches('"').to_owned())
    };
    let named = entries.filter_map(|entry| {
        let key = format!("{} {}", member(entry, "name")?, member(entry, "version")?);
        Some((key, member(entry, "checksum")?))
    });
    named.collect()
}
