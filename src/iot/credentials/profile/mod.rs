//! The profiles of the command line, in its file `config.json`.
//!
//! Reading order: `file` (the profiles of a file), `fields` (what one of them has), `modes` (what that means).

mod fields;
mod file;
mod modes;

use std::path::PathBuf;

use thiserror::Error;

pub use super::file::FileProblem;
pub use file::ProfileFile;
pub use modes::Profile;

/// What is wrong with a profile, and where. No text quotes the file but for names of profiles and modes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{}{} {problem}", file.display(), of_profile(profile.as_deref()), of_field(*field))]
pub struct ProfileError {
    /// The file.
    pub file: PathBuf,
    /// The profile, if it is about one.
    pub profile: Option<String>,
    /// The field, if it is about one.
    pub field: Option<&'static str>,
    /// What is wrong with that.
    pub problem: ProfileProblem,
}

fn of_profile(profile: Option<&str>) -> String {
    profile.map(|name| format!(", profile {name:?}")).unwrap_or_default()
}

fn of_field(field: Option<&str>) -> String {
    field.map(|name| format!(", field `{name}`:")).unwrap_or_default()
}

/// What is wrong. The texts follow the name of what it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProfileProblem {
    /// The file itself.
    #[error("{0}")]
    File(FileProblem),
    /// With the place of the first fault.
    #[error("is not JSON: line {line}, column {column}")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// It is JSON of something else.
    #[error("has no list `profiles` of objects, as the file of the Alibaba Cloud CLI has")]
    NoProfiles,
    /// There is no profile of the name.
    #[error("does not exist. {}", known_profiles(.0))]
    UnknownProfile(Vec<String>),
    /// There are two of the name.
    #[error("exists more than once")]
    AmbiguousProfile,
    /// Nothing, or an empty text.
    #[error("it is missing, and mode {0} needs it")]
    Missing(&'static str),
    /// Another kind of value.
    #[error("it is not {0}")]
    WrongType(&'static str),
    /// A mode that there is none of, cut to a length.
    #[error("{0:?} is not a mode. The modes are {known}", known = modes::names())]
    UnknownMode(String),
    /// A mode that is not for programs that nobody watches.
    #[error("mode {0} cannot be used here: it needs the CLI itself. The modes are {known}", known = modes::names())]
    UnsupportedMode(&'static str),
    /// Profiles that name each other.
    #[error("it leads back to the same profile: {}", .0.join(" -> "))]
    Cycle(Vec<String>),
    /// A value that cannot be right.
    #[error("{0}")]
    Invalid(String),
}

fn known_profiles(names: &[String]) -> String {
    if names.is_empty() { "The file has none".to_owned() } else { format!("The file has {}", names.join(", ")) }
}
