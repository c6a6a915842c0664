//! Turns the wire's own words (`proto/`) into Rust, and tells the linker in which order an executable is read.
//!
//! The compiler for `.proto` files is the program that `PROTOC` names;
//! `.cargo/config.toml` points it at `tools/protoc`.

use std::env;

fn main() -> std::io::Result<()> {
    order_code();
    tonic_prost_build::configure()
        // An RPC that has no body of ours answers UNIMPLEMENTED.
        .generate_default_stubs(true)
        // The client half is for the tests, which drive the product as Terraform does.
        .build_client(true)
        .build_transport(false)
        .compile_protos(&["proto/tfplugin6.proto", "proto/goplugin.proto"], &["proto"])
}

/// Hands `tools/start.ld` to the linker of a release for Linux. The linkers that compilers of C use by themselves read
/// such scripts; of others nobody knows.
fn order_code() {
    let value = |name| env::var(name).unwrap_or_default();
    let linker = value("RUSTC_LINKER");
    let is_compiler = linker.is_empty() || linker.ends_with("cc") || linker.ends_with("clang");
    let flags = value("CARGO_ENCODED_RUSTFLAGS");
    let is_own = is_compiler && !["fuse-ld", "linker"].iter().any(|choice| flags.contains(choice));
    if value("PROFILE") == "release" && value("CARGO_CFG_TARGET_OS") == "linux" && is_own {
        let script = format!("{}/tools/start.ld", value("CARGO_MANIFEST_DIR"));
        println!("cargo::rerun-if-changed={script}");
        println!("cargo::rustc-link-arg-bins=-Wl,--script={script}");
    }
}
