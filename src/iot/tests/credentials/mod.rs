//! Where keys come from.

mod cache;
