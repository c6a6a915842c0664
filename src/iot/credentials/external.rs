//! Keys that an external program prints.

use std::fmt;
use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::issued;
use super::keys::Credentials;
use super::source::CredentialSource;
use super::words;
use crate::iot::answer;
use crate::iot::error::Error;

/// How long the program may take, as in the official SDKs.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// What it may print, in bytes. Keys and a token have a few thousand.
const OUTPUT_LIMIT: usize = 64 * 1024;

/// A program and its arguments, which can hold secrets. It is started as it is, without a shell.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalProgram {
    program: String,
    arguments: Vec<String>,
}

/// Why a command line cannot be used. No text quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CommandError {
    /// There is nothing in it.
    #[error("it names no program")]
    Empty,
    /// A shell would wait for the rest.
    #[error("a quotation mark in it has no end, or a backslash nothing after it")]
    Unfinished,
}

impl ExternalProgram {
    /// Splits a command line into words as a shell does (blanks, quotation marks of both kinds, backslashes), and
    /// nothing more: variables and other programs in it mean nothing.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it: see [`CommandError`].
    pub fn parse(command_line: &str) -> Result<Self, CommandError> {
        let words = words::split(command_line, cfg!(windows)).ok_or(CommandError::Unfinished)?;
        let mut words = words.into_iter();
        let program = words.next().filter(|program| !program.is_empty()).ok_or(CommandError::Empty)?;
        Ok(Self { program, arguments: words.collect() })
    }

    async fn output(&self) -> Result<Vec<u8>, String> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.kill_on_drop(true).spawn().map_err(|error| format!("it cannot be started: {error}"))?;
        let printed = child.stdout.take().ok_or("its output cannot be read")?;
        let mut output = Vec::new();
        let limit = u64::try_from(OUTPUT_LIMIT).unwrap_or(u64::MAX) + 1;
        printed
            .take(limit)
            .read_to_end(&mut output)
            .await
            .map_err(|error| format!("its output breaks off: {error}"))?;
        if output.len() > OUTPUT_LIMIT {
            return Err(format!("it prints more than {OUTPUT_LIMIT} bytes"));
        }
        let status = child.wait().await.map_err(|error| format!("its end was not seen: {error}"))?;
        if status.success() { Ok(output) } else { Err(format!("it ended with {status}")) }
    }
}

/// Which program it is; its arguments stay hidden.
impl fmt::Debug for ExternalProgram {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ExternalProgram").field("program", &self.program).finish_non_exhaustive()
    }
}

#[async_trait]
impl CredentialSource for ExternalProgram {
    fn describe(&self) -> String {
        format!("program {}", self.program)
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        let failed = |reason: &str| Error::no_credentials(format!("{}: {reason}", self.describe()), false);
        let limited = tokio::time::timeout(TIME_LIMIT, self.output()).await;
        let output = limited.unwrap_or_else(|_| Err(format!("it did not end within {} s", TIME_LIMIT.as_secs())));
        let output = output.map_err(|reason| failed(&reason))?;
        let unreadable = |reason| failed(&format!("its output cannot be used: {reason}"));
        let tree = answer::parse(&output).map_err(unreadable)?;
        let mode = tree.text("mode").map_err(unreadable)?.unwrap_or_default();
        let has_token = match mode.to_ascii_lowercase().as_str() {
            "ak" => false,
            "ststoken" => true,
            _ => return Err(failed("its output has a `mode` other than `AK` and `StsToken`")),
        };
        issued::keys(&tree, &issued::OF_PROGRAMS, has_token).map_err(unreadable)
    }
}
