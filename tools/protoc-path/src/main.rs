//! Prints the path of the protoc binary that the crate `protoc-bin-vendored` brings.
#![allow(clippy::print_stdout, reason = "the path is the result")]

fn main() -> Result<(), protoc_bin_vendored::Error> {
    println!("{}", protoc_bin_vendored::protoc_bin_path()?.display());
    Ok(())
}
