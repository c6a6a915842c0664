//! What a program is made of: the packages that are linked into it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};

use crate::release::Release;

/// The packages of a program, in the order of their names.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) root: Package,
    /// Without the root.
    pub(crate) packages: Vec<Package>,
    /// Which ones each needs.
    pub(crate) needs: BTreeMap<PackageId, Vec<PackageId>>,
}

impl Parts {
    /// Those that a build for `triple` links. What only runs while it is built is none of them.
    pub(crate) fn of(release: &Release, triple: &str) -> Result<Self> {
        let metadata = MetadataCommand::new()
            .manifest_path(release.root.join("Cargo.toml"))
            .other_options(["--locked", "--filter-platform", triple].map(str::to_owned))
            .exec()?;
        let root = metadata.root_package().context("the workspace has no root package")?.clone();
        let nodes = &metadata.resolve.as_ref().context("cargo does not tell the dependencies")?.nodes;
        let nodes: BTreeMap<_, _> = nodes.iter().map(|node| (&node.id, node)).collect();
        let mut needs = BTreeMap::new();
        let mut waiting = vec![&root.id];
        while let Some(id) = waiting.pop() {
            if needs.contains_key(id) {
                continue;
            }
            let node = nodes.get(id).with_context(|| format!("{id} is not resolved"))?;
            let linked = linked(node, &metadata);
            waiting.extend(linked.iter().copied());
            needs.insert(id.clone(), linked.into_iter().cloned().collect());
        }
        let is_part = |package: &&Package| package.id != root.id && needs.contains_key(&package.id);
        let mut packages: Vec<_> = metadata.packages.iter().filter(is_part).cloned().collect();
        packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
        Ok(Self { root, packages, needs })
    }
}

/// What a package links: its ordinary dependencies, but no macros, which run in the compiler.
fn linked<'a>(node: &'a Node, metadata: &Metadata) -> BTreeSet<&'a PackageId> {
    let is_normal = |kinds: &[cargo_metadata::DepKindInfo]| kinds.iter().any(|it| it.kind == DependencyKind::Normal);
    let is_macro = |id: &PackageId| {
        let package = metadata.packages.iter().find(|package| package.id == *id);
        package.is_some_and(|package| package.targets.iter().any(cargo_metadata::Target::is_proc_macro))
    };
    let normal = node.deps.iter().filter(|it| is_normal(&it.dep_kinds));
    normal.map(|it| &it.pkg).filter(|id| !is_macro(id)).collect()
}
