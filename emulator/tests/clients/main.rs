//! The official SDKs against the emulator, unchanged but for the endpoint.
//!
//! Each client is a program of its own in a folder here, with its SDK pinned beside it. The SDKs are installed once into
//! Cargo's directory for such things. Where Python, Node or the registry is missing, one line on stderr says what was
//! left out; with `CI=true` that is a failure.

#[cfg(test)]
mod emulator;
#[cfg(test)]
mod install;

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::io::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use crate::emulator::Emulator;
    use crate::install::{self, Missing};

    fn sources(client: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(client)
    }

    /// Runs a client to its end; what it prints is shown if it fails.
    fn run(client: &str, interpreter: Result<PathBuf, Missing>, program: impl AsRef<OsStr>) {
        let interpreter = match interpreter {
            Ok(interpreter) => interpreter,
            Err(Missing(reason)) => return leave_out(client, &reason),
        };
        let emulator = Emulator::start();
        let mut command = Command::new(interpreter);
        // Proxies are for the world outside, not for this machine.
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
            command.env_remove(name);
        }
        let output = command.arg(program).env("EMULATOR", &emulator.address).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{client}:\n{said}\n{complained}");
        assert!(said.ends_with("all done\n"), "{client}:\n{said}\n{complained}");
    }

    fn leave_out(client: &str, reason: &str) {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{client}: {reason}");
        // Not by a macro: the test harness keeps for itself what those print.
        let _ = writeln!(std::io::stderr(), "left out: the client {client} ({reason})");
    }

    #[test]
    fn the_classic_python_sdk() {
        let sources = sources("classic-python");
        run("classic-python", install::python("classic-python", &sources), sources.join("client.py"));
    }

    #[test]
    fn the_newer_python_sdk() {
        let sources = sources("python");
        run("python", install::python("python", &sources), sources.join("client.py"));
    }

    #[test]
    fn the_node_sdk() {
        let installed = install::node("node", &sources("node"));
        let program = installed.as_ref().map(|directory| directory.join("client.cjs")).unwrap_or_default();
        run("node", installed.map(|_| PathBuf::from("node")), program);
    }
}
