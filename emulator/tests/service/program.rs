//! The program: flags, ready line, signals.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use crate::support::{http, temporary_file};

const PROGRAM: &str = env!("CARGO_BIN_EXE_alicloud-iot-emulator");

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// Runs with flags that have to be refused, and gives what it says about them.
pub(crate) fn refusal(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    assert_eq!(output.stdout, b"", "no ready line without a listener");
    String::from_utf8(output.stderr).unwrap()
}

pub(crate) struct Started {
    pub(crate) child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) address: String,
}

pub(crate) fn start(arguments: &[&str]) -> Started {
    let mut command = Command::new(PROGRAM);
    command.args(["--listen", "127.0.0.1:0"]).args(arguments).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let address = line.strip_prefix("listening on http://").unwrap().strip_suffix('\n').unwrap().to_owned();
    Started { child, stdout, address }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_says_where_it_listens_and_ends_on_both_signals() {
    for signal in ["-INT", "-TERM"] {
        let mut started = start(&["--edition", "extended", "--random-seed", "1", "--time-scale", "60"]);
        let response = http::exchange(started.address.parse().unwrap(), "GET", "/_emulator/state", "", &[]).unwrap();
        assert_eq!(response.status, 200);
        let killed = Command::new("kill").args([signal, &started.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert!(started.child.wait().unwrap().success(), "{signal}");
        let mut rest = String::new();
        started.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "one line only");
    }
}

#[test]
fn fixtures_are_there_from_the_start() {
    let file = temporary_file(r#"{"products":[{"product_key":"from-the-file"}]}"#);
    let started = start(&["--fixtures", file.to_str().unwrap()]);
    let response = http::exchange(started.address.parse().unwrap(), "GET", "/_emulator/state", "", &[]).unwrap();
    assert!(response.body.contains("from-the-file"));
    std::fs::remove_file(file).unwrap();
}

#[test]
fn wrong_fixtures_are_refused_with_file_and_member() {
    let file = temporary_file(r#"{"firmwares":[{"firmware_id":"f","colour":1}]}"#);
    let message = refusal(&["--listen", "127.0.0.1:0", "--fixtures", file.to_str().unwrap()]);
    std::fs::remove_file(&file).unwrap();
    assert!(message.contains(file.to_str().unwrap()), "{message}");
    assert!(message.contains("firmwares[0].colour"), "{message}");
    assert!(refusal(&["--fixtures", "no-such-file.json"]).contains("no-such-file.json"));
}

#[test]
fn addresses_beyond_this_machine_need_a_flag() {
    let message = refusal(&["--listen", "0.0.0.0:0"]);
    assert!(message.contains("--allow-remote"), "{message}");
}

#[test]
fn impossible_flags_are_refused() {
    for arguments in [
        ["--listen", "nonsense"],
        ["--edition", "third"],
        ["--qps-scale", "-1"],
        ["--qps-scale", "NaN"],
        ["--time-scale", "fast"],
        ["--random-seed", "-1"],
        ["--jobs-visible-after", "soon"],
    ] {
        let message = refusal(&arguments);
        assert!(message.contains(arguments[0]), "{arguments:?}: {message}");
    }
}
