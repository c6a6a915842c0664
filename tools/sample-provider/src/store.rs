//! The other side: a directory with a JSON file for each note.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tf_provider::{Diagnostic, Diagnostics};

use crate::schema::diagnostic;

/// Where notes are. A clone is the same place.
#[derive(Debug, Clone, Default)]
pub struct Store(Arc<RwLock<Option<PathBuf>>>);

/// A note as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    pub text: String,
    pub secret: Option<String>,
    pub replaces: Option<String>,
}

impl Store {
    pub fn configure(&self, directory: Option<PathBuf>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = directory;
    }

    /// The path of a file there, or an error that the provider is not configured.
    pub fn path(&self, diagnostics: &mut Diagnostics, name: &str) -> Option<PathBuf> {
        let directory = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if directory.is_none() {
            diagnostics.errors.push(diagnostic("Provider Not Configured", "There is no directory yet.", None));
        }
        let is_name = |character: char| character.is_ascii_alphanumeric() || character == '-';
        if name.is_empty() || !name.chars().all(is_name) {
            diagnostics.errors.push(diagnostic("Invalid Name", "Names are letters, digits and hyphens.", Some("name")));
            return None;
        }
        Some(directory?.join(format!("{name}.json")))
    }

    pub fn read(&self, diagnostics: &mut Diagnostics, name: &str) -> Option<Option<Stored>> {
        match fs::read(self.path(diagnostics, name)?) {
            Ok(json) => serde_json::from_slice(&json).map_err(|error| diagnostics.errors.push(failed(error))).ok(),
            Err(error) if error.kind() == ErrorKind::NotFound => Some(None),
            Err(error) => {
                diagnostics.errors.push(failed(error));
                None
            }
        }
    }

    pub fn write(&self, diagnostics: &mut Diagnostics, name: &str, note: &Stored) -> Option<()> {
        let path = self.path(diagnostics, name)?;
        let json = serde_json::to_vec(note).map_err(|error| diagnostics.errors.push(failed(error))).ok()?;
        fs::write(path, json).map_err(|error| diagnostics.errors.push(failed(error))).ok()
    }

    pub fn remove(&self, diagnostics: &mut Diagnostics, name: &str) -> Option<()> {
        match fs::remove_file(self.path(diagnostics, name)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                diagnostics.errors.push(failed(error));
                None
            }
            _ => Some(()),
        }
    }

    /// All notes by their names.
    pub fn all(&self, diagnostics: &mut Diagnostics) -> Option<BTreeMap<String, Stored>> {
        let directory = self.path(diagnostics, "any")?.parent()?.to_owned();
        let mut notes = BTreeMap::new();
        for entry in fs::read_dir(directory).map_err(|error| diagnostics.errors.push(failed(error))).ok()?.flatten() {
            let path = entry.path();
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.extension().is_some_and(|extension| extension == "json")
                && let Some(Some(note)) = self.read(diagnostics, &name)
            {
                notes.insert(name, note);
            }
        }
        Some(notes)
    }
}

pub fn failed(error: impl std::fmt::Display) -> Diagnostic {
    diagnostic("The Store Failed", error.to_string(), None)
}
