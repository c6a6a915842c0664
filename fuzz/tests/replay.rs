//! Replays the corpus of every fuzz target: what was worth keeping of past runs, and every input that once broke
//! something.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

fn inputs(target: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let entries = std::fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Runs on a test's thread, whose stack is no larger than that of the provider's threads.
fn replay(target: &str) {
    let check = fuzz::TARGETS.iter().find(|(name, _)| *name == target).expect("a target").1;
    let inputs = inputs(target);
    assert!(inputs.len() >= 20, "{target} has lost its corpus: {} inputs", inputs.len());
    let broken: Vec<_> = inputs
        .iter()
        .filter(|path| {
            let bytes = std::fs::read(path).unwrap();
            catch_unwind(|| check(&bytes)).is_err()
        })
        .collect();
    assert!(broken.is_empty(), "of {} inputs of {target} these break it: {broken:#?}", inputs.len());
}

macro_rules! targets {
    ($($name:ident),+) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )+

        #[test]
        fn every_target_is_replayed() {
            let names = fuzz::TARGETS.map(|(name, _)| name);
            assert_eq!(names, [$(stringify!($name)),+]);
            let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
            for name in names {
                assert!(manifest.contains(&format!("fuzz_targets/{name}.rs")), "{name} is no fuzz target");
            }
        }
    };
}

targets!(msgpack_state, json_state, rpc_request, answer_json, answer_xml);
