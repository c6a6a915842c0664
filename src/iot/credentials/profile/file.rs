//! The profiles of a file.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::fields::Fields;
use super::{ProfileError, ProfileProblem};
use crate::iot::credentials::file::{self, FileProblem};

/// Bytes that a file may have. One profile has a few hundred.
const LONGEST: usize = 1024 * 1024;

/// The file `config.json` of the command line, read but not judged. It holds secrets, so it has no `Debug`.
#[expect(missing_debug_implementations, reason = "what is in it is not to be shown")]
pub struct ProfileFile {
    path: PathBuf,
    profiles: Vec<Map<String, Value>>,
}

impl ProfileFile {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is not of the form of such a file; [`Self::is_missing`] tells one that is not there.
    pub fn read(path: &Path) -> Result<Self, ProfileError> {
        let wrong = |problem| ProfileError { file: path.to_owned(), profile: None, field: None, problem };
        let text = file::read_now(path, LONGEST).map_err(|problem| wrong(ProfileProblem::File(problem)))?;
        let text = text.trim_start_matches('\u{feff}');
        let whole: Value = serde_json::from_str(text)
            .map_err(|error| wrong(ProfileProblem::NotJson { line: error.line(), column: error.column() }))?;
        let profiles = whole.get("profiles").and_then(Value::as_array);
        let profiles = profiles.and_then(|them| them.iter().map(|it| it.as_object().cloned()).collect());
        Ok(Self { path: path.to_owned(), profiles: profiles.ok_or_else(|| wrong(ProfileProblem::NoProfiles))? })
    }

    /// Whether reading failed because there is no such file.
    pub fn is_missing(error: &ProfileError) -> bool {
        error.problem == ProfileProblem::File(FileProblem::Missing)
    }

    /// The fields of the profile of a name.
    pub(super) fn fields<'a>(&'a self, name: &'a str) -> Result<Fields<'a>, ProfileError> {
        let name_of = |profile: &'a Map<String, Value>| profile.get("name").and_then(Value::as_str);
        let mut found = self.profiles.iter().filter(|profile| name_of(profile) == Some(name));
        let problem = match (found.next(), found.next()) {
            (Some(values), None) => return Ok(Fields { file: &self.path, profile: name, values }),
            (Some(_), Some(_)) => ProfileProblem::AmbiguousProfile,
            (None, _) => {
                let names = self.profiles.iter().filter_map(name_of).map(str::to_owned);
                ProfileProblem::UnknownProfile(names.collect())
            }
        };
        Err(ProfileError { file: self.path.clone(), profile: Some(name.to_owned()), field: None, problem })
    }
}
