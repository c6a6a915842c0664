//! Where the keys come from that requests are signed with.
//!
//! Nothing is asked before the first request needs keys. Reading order: `keys` (what is sought), `source` (what every
//! place has to offer where keys can be), `cache` (keys in use, and their renewal before they expire); `recipe` (how keys
//! are to be got) and `chain` (which of several recipes counts); then one file a source: `profile` (which are recipes),
//! `assumed_role` and `oidc` by `sts`, `metadata`, `external`, `uri`; and `account`, which lets keys of one account pass.

mod account;
mod assumed_role;
mod cache;
mod chain;
mod environment;
mod external;
mod file;
mod issued;
mod keys;
mod metadata;
mod oidc;
mod profile;
mod recipe;
mod role;
mod source;
mod sts;
mod uri;
mod words;

pub use cache::CredentialCache;
pub use chain::{Chain, Choice, Place};
pub use environment::Environment;
pub use external::{CommandError, ExternalProgram};
pub use keys::Credentials;
#[cfg(test)]
pub(super) use metadata::Metadata;
pub use oidc::{OidcRole, OidcToken};
pub use profile::{FileProblem, Profile, ProfileError, ProfileFile, ProfileProblem};
pub use recipe::{Kitchen, Recipe, RecipeError};
pub use role::{Role, RoleError};
pub use source::CredentialSource;
pub use uri::{CredentialsUri, UriError};
