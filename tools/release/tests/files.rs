//! The files of a release: which there are, and what is in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use release::{Choice, Release, TARGETS, empty, finish, package};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

fn release() -> Release {
    Release::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

/// A release for one platform of a program that is none, as name and content of each file.
fn made() -> BTreeMap<String, Vec<u8>> {
    let directory = tempfile::tempdir().unwrap();
    let program = directory.path().join("program");
    std::fs::write(&program, "the program").unwrap();
    let out = directory.path().join("out");
    std::fs::create_dir(&out).unwrap();
    package(&release(), "linux_amd64", "x86_64-unknown-linux-musl", &program, &out).unwrap();
    finish(&release(), &out, &mut |_| {}).unwrap();
    let entries = std::fs::read_dir(out).unwrap().map(|entry| entry.unwrap());
    entries.map(|it| (it.file_name().into_string().unwrap(), std::fs::read(it.path()).unwrap())).collect()
}

#[test]
fn the_files_are_those_that_registries_know() {
    let files = made();
    let prefix = format!("terraform-provider-alicloud-iot_{}", env!("CARGO_PKG_VERSION"));
    let expected = ["SHA256SUMS", "linux_amd64.cdx.json", "linux_amd64.zip", "manifest.json"];
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        expected.map(|it| format!("{prefix}_{it}")).iter().collect::<Vec<_>>()
    );

    let sums = String::from_utf8(files[&format!("{prefix}_SHA256SUMS")].clone()).unwrap();
    let listed: BTreeMap<_, _> =
        sums.lines().map(|line| line.split_once("  ").unwrap()).map(|it| (it.1, it.0)).collect();
    assert_eq!(listed.len(), 3);
    for (name, sum) in listed {
        let found: String = Sha256::digest(&files[name]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, sum, "{name}");
    }
    let manifest: Value = serde_json::from_slice(&files[&format!("{prefix}_manifest.json")]).unwrap();
    assert_eq!(manifest["metadata"]["protocol_versions"], serde_json::json!(["6.0"]));
}

#[test]
fn only_files_of_releases_are_removed() {
    let directory = tempfile::tempdir().unwrap();
    let earlier = directory.path().join("terraform-provider-alicloud-iot_0.0.1_SHA256SUMS");
    let foreign = directory.path().join("letter");
    for path in [&earlier, &foreign] {
        std::fs::write(path, "").unwrap();
    }
    let error = empty(&release(), directory.path()).unwrap_err();
    assert!(error.to_string().contains("letter is no file of a release") && earlier.exists(), "{error}");
    std::fs::remove_file(foreign).unwrap();
    empty(&release(), directory.path()).unwrap();
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn two_runs_make_the_same_bytes() {
    assert!(made() == made());
}

#[test]
fn an_archive_has_the_program_and_all_licences() {
    let directory = tempfile::tempdir().unwrap();
    let program = directory.path().join("program");
    std::fs::write(&program, "the program").unwrap();
    let windows = package(&release(), "windows_amd64", "x86_64-pc-windows-msvc", &program, directory.path()).unwrap();
    let mut archive = ZipArchive::new(File::open(windows).unwrap()).unwrap();
    let name = format!("terraform-provider-alicloud-iot_v{}.exe", env!("CARGO_PKG_VERSION"));
    let names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, [name.as_str(), "LICENSE", "THIRD-PARTY-LICENSES.txt"]);
    assert_eq!(archive.by_name(&name).unwrap().unix_mode().unwrap() & 0o777, 0o755);
    let licences = std::io::read_to_string(archive.by_name("THIRD-PARTY-LICENSES.txt").unwrap()).unwrap();
    for part in ["tf-provider 0.2.2: Apache-2.0", "aws-lc-sys ", "Permission is hereby granted", "windows-sys "] {
        assert!(licences.contains(part), "{part}");
    }
    // They are used in tests and while the program is built, respectively.
    for stranger in ["proptest ", "tonic-prost-build ", "async-trait "] {
        assert!(!licences.contains(&format!("\n{stranger}")), "{stranger}");
    }
}

#[test]
fn a_bill_names_every_part_once_and_what_it_needs() {
    let files = made();
    let (_, bill) = files.iter().find(|(name, _)| name.ends_with(".cdx.json")).unwrap();
    let bill: Value = serde_json::from_slice(bill).unwrap();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let mut names: Vec<_> = bill["components"].as_array().unwrap().iter().collect();
    assert!(names.len() > 100, "{}", names.len());
    for component in &names {
        assert_eq!(component["hashes"][0]["content"].as_str().unwrap().len(), 64, "{component}");
        assert!(component["licenses"][0]["expression"].is_string(), "{component}");
    }
    let references: Vec<_> = bill["dependencies"].as_array().unwrap().iter().map(|it| &it["ref"]).collect();
    assert_eq!(references.len(), names.len() + 1);
    names.retain(|component| !references.contains(&&component["bom-ref"]));
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn a_platform_that_cannot_be_built_for_is_left_out_and_musl_comes_first() {
    let linux = TARGETS.iter().find(|target| target.platform == "linux_amd64").unwrap();
    let installed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (musl, gnu) = ("x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu");
    assert_eq!(linux.choose(&installed(&[gnu, musl]), |_| true), Choice::Build(musl));
    assert_eq!(linux.choose(&installed(&[gnu]), |_| true), Choice::Build(gnu));
    assert_eq!(linux.choose(&installed(&[gnu, musl]), |triple| triple == gnu), Choice::Build(gnu));
    let reason = |names: &[&str]| match linux.choose(&installed(names), |_| false) {
        Choice::LeaveOut(reason) => reason,
        Choice::Build(triple) => panic!("{triple} cannot be built for"),
    };
    let without_library = reason(&["wasm32-wasip1"]);
    assert!(without_library.contains("rustup target add x86_64-unknown-linux-musl"), "{without_library}");
    assert_eq!(reason(&[musl]), "there is no C compiler for x86_64-unknown-linux-musl");
}
