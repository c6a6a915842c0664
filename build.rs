//! Turns the wire's own words (`proto/`) into Rust, and nothing else.
//!
//! The compiler for `.proto` files is the program that `PROTOC` names;
//! `.cargo/config.toml` points it at `tools/protoc`.

fn main() -> std::io::Result<()> {
    tonic_prost_build::configure()
        // An RPC that has no body of ours answers UNIMPLEMENTED.
        .generate_default_stubs(true)
        // The client half is for the tests, which drive the product as Terraform does.
        .build_client(true)
        .build_transport(false)
        .compile_protos(&["proto/tfplugin6.proto", "proto/goplugin.proto"], &["proto"])
}
