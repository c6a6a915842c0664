//! Wire ⇄ typed values: pure functions without I/O, named by their direction.
//!
//! A value arrives as bytes and leaves as a resource's own struct, in two steps with a tree between
//! them: bytes are checked against the schema and become a [`WireValue`]; serde then turns that into
//! the struct. Only the first step sees what others wrote, and it knows the type of everything it
//! reads, so each of its errors names an attribute.
//!
//! Reading order: [`value`], [`types`], [`from_msgpack`], [`from_json`], [`to_msgpack`],
//! [`deserialize`], [`serialize`], then the small ones.

mod budget;
pub mod deserialize;
pub mod diagnostics;
mod error;
pub mod from_json;
pub mod from_msgpack;
pub mod number;
pub mod path;
pub mod schema;
pub mod serialize;
pub mod to_msgpack;
pub mod types;
pub mod value;

#[cfg(test)]
mod tests;

pub use error::ConvertError;
pub use number::Number;
pub use types::Type;
pub use value::WireValue;
