//! The emulator as a process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, built};

/// How to start it.
#[derive(Debug)]
pub struct Options {
    /// The fixtures file's content.
    pub fixtures: Value,
    /// Further flags, such as `--edition extended`.
    pub flags: Vec<&'static str>,
}

/// The one key that an emulator knows.
#[derive(Clone)]
pub struct AccessKey {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Makes it a temporary key.
    pub security_token: Option<String>,
}

impl Default for AccessKey {
    fn default() -> Self {
        Self { id: ACCESS_KEY_ID.to_owned(), secret: ACCESS_KEY_SECRET.to_owned(), security_token: None }
    }
}

/// Without the secrets, as those of some tests must not be shown anywhere.
impl std::fmt::Debug for AccessKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A running emulator. It ends when this is dropped.
#[derive(Debug)]
pub struct Emulator {
    process: Child,
    url: String,
}

impl Emulator {
    /// Starts it on a free port of this machine and waits until it is ready.
    ///
    /// # Errors
    ///
    /// If it has not been built, or says anything but its ready line.
    pub fn start(options: &Options) -> Result<Self> {
        Self::start_with(options, &AccessKey::default())
    }

    /// The same with a key other than the usual one.
    ///
    /// # Errors
    ///
    /// Those of [`Emulator::start`].
    pub fn start_with(options: &Options, key: &AccessKey) -> Result<Self> {
        let mut fixtures = tempfile::NamedTempFile::new()?;
        fixtures.write_all(options.fixtures.to_string().as_bytes())?;
        let mut process = Command::new(built("alicloud-iot-emulator")?)
            .args(["--listen", "127.0.0.1:0", "--access-key-id", &key.id, "--access-key-secret", &key.secret])
            .args(key.security_token.iter().flat_map(|token| ["--security-token", token]))
            .arg("--fixtures")
            .arg(fixtures.path())
            .args(&options.flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the emulator")?;
        let mut line = String::new();
        let stdout = process.stdout.take().context("the emulator's output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let Some(url) = line.trim_end().strip_prefix("listening on ") else {
            // The process has said on stderr what is wrong, which the caller's user sees.
            let _ = process.kill();
            let _ = process.wait();
            bail!("the emulator is not ready; it said {line:?}");
        };
        Ok(Self { process, url: url.to_owned() })
    }

    /// Where it listens, as `http://HOST:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that it holds.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub fn state(&self) -> Result<Value> {
        self.get("state")
    }

    /// The jobs that it holds, of whatever kind and status.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub fn jobs(&self) -> Result<Vec<Value>> {
        let state = self.state()?;
        Ok(state.get("jobs").and_then(Value::as_array).cloned().unwrap_or_default())
    }

    /// The requests that it got, oldest first.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub fn requests(&self) -> Result<Vec<Value>> {
        Ok(self.get("requests")?.as_array().cloned().unwrap_or_default())
    }

    /// How often an operation was called.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub fn calls(&self, action: &str) -> Result<usize> {
        Ok(self.requests()?.iter().filter(|request| request.get("action") == Some(&json!(action))).count())
    }

    /// Arranges for a fault.
    ///
    /// # Errors
    ///
    /// If it does not take the fault.
    pub fn fault(&self, fault: &Value) -> Result<()> {
        ureq::post(self.control("faults")).send_json(fault).with_context(|| format!("the fault {fault}"))?;
        Ok(())
    }

    /// Lets the faults be that are left.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub fn clear_faults(&self) -> Result<()> {
        ureq::delete(self.control("faults")).call().context("clearing the faults")?;
        Ok(())
    }

    /// Puts its clock forward.
    ///
    /// # Errors
    ///
    /// If it does not do that.
    pub fn advance(&self, seconds: u32) -> Result<()> {
        let advance = json!({"advance_seconds": seconds});
        ureq::post(self.control("clock")).send_json(advance).context("putting the clock forward")?;
        Ok(())
    }

    fn get(&self, what: &str) -> Result<Value> {
        let mut answer = ureq::get(self.control(what)).call().with_context(|| format!("the emulator's {what}"))?;
        Ok(answer.body_mut().read_json()?)
    }

    fn control(&self, what: &str) -> String {
        format!("{}/_emulator/{what}", self.url)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
