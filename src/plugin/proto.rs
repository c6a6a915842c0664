//! What `build.rs` made of `proto/`, fenced in so that its style stays its own.
#![allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, missing_debug_implementations)]

/// Terraform's provider protocol, major version 6.
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// The services of go-plugin itself.
pub mod goplugin {
    tonic::include_proto!("plugin");
}
