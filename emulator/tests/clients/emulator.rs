//! The program, as a user of another language runs it.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

const FIXTURES: &str = r#"{"firmwares":[
    {"firmware_id":"fw-1","product_key":"product","firmware_name":"demo","dest_version":"2.0.0"}]}"#;

/// A running emulator; it ends when it is dropped.
pub(crate) struct Emulator {
    process: Child,
    /// As `HOST:PORT`.
    pub(crate) address: String,
    fixtures: PathBuf,
}

impl Emulator {
    pub(crate) fn start() -> Self {
        let name = format!("clients-{}-{:?}.json", std::process::id(), std::thread::current().id());
        let fixtures = std::env::temp_dir().join(name);
        std::fs::write(&fixtures, FIXTURES).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_alicloud-iot-emulator"))
            .args(["--listen", "127.0.0.1:0", "--edition", "extended", "--qps-scale", "0", "--fixtures"])
            .arg(&fixtures)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").unwrap().to_owned();
        Self { process, address, fixtures }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.fixtures);
    }
}
