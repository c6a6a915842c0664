//! Where the keys come from that requests are signed with.
//!
//! Reading order: `keys` (what is sought), `source` (what every place has to offer where keys can be), `cache` (keys in
//! use, and their renewal before they expire).

mod cache;
mod keys;
mod source;

pub use cache::CredentialCache;
pub use keys::Credentials;
pub use source::CredentialSource;
