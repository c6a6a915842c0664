//! The servers under load, each a process of its own on a free port of this machine.

use std::io::{BufRead as _, BufReader, Error, Result};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; it ends when it is dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
    fixtures: Option<PathBuf>,
}

impl Server {
    /// The emulator without quotas, with a package for each connection.
    pub(crate) fn emulator(program: &Path, connections: u16) -> Result<Self> {
        let packages: Vec<String> = (0..connections)
            .map(|number| {
                format!(
                    r#"{{"firmware_id":"fw-{number}","product_key":"product","firmware_name":"fw-{number}","dest_version":"2"}}"#
                )
            })
            .collect();
        let fixtures = format!(r#"{{"firmwares":[{}]}}"#, packages.join(","));
        Self::with_fixtures(program, &fixtures, &[])
    }

    /// The emulator without quotas, with these fixtures and flags.
    pub(crate) fn with_fixtures(program: &Path, content: &str, flags: &[&str]) -> Result<Self> {
        let fixtures = std::env::temp_dir().join(format!("emulator-load-{}.json", std::process::id()));
        std::fs::write(&fixtures, content)?;
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--qps-scale", "0", "--fixtures"]).arg(&fixtures).args(flags);
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let stdout = process.stdout.take().ok_or_else(|| Error::other("the emulator has no output"))?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let address = address.ok_or_else(|| Error::other(format!("the emulator said {line:?}")))?;
        Ok(Self { process, address, fixtures: Some(fixtures) })
    }

    /// Moto as its users run it.
    pub(crate) fn moto(program: &Path) -> Result<Self> {
        // Moto has to be told a port: one that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let server = Self { process, address, fixtures: None };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > PATIENCE {
                return Err(Error::other("moto does not listen"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// The most memory that the process has had, in kilobytes.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok());
        number.ok_or_else(|| Error::other("no VmHWM"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(fixtures) = &self.fixtures {
            let _ = std::fs::remove_file(fixtures);
        }
    }
}
