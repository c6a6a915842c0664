//! A Terraform that is still running, to be interrupted.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context as _, Result, ensure};

use crate::{Output, wait_for};

/// Terraform and the providers that it starts, in a process group of their own, as a shell with a terminal makes one.
/// They are killed when this is dropped.
#[derive(Debug)]
pub struct Running {
    process: Child,
    stdout: Collected,
    stderr: Collected,
    has_ended: bool,
}

impl Running {
    /// Starts the command.
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("starting terraform")?;
        let stdout = Collected::of(process.stdout.take().context("its output")?);
        let stderr = Collected::of(process.stderr.take().context("its output")?);
        Ok(Self { process, stdout, stderr, has_ended: false })
    }

    /// What it has printed for its result so far.
    pub fn said(&self) -> String {
        self.stdout.so_far()
    }

    /// Waits until it has printed a text.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub fn wait_until_said(&self, text: &str) -> Result<()> {
        wait_for(&format!("{text:?} of terraform"), || Ok(self.said().contains(text).then_some(())))
    }

    /// Sends a signal, such as `INT`, to Terraform alone: no provider gets it.
    ///
    /// # Errors
    ///
    /// If there is no such process any more.
    pub fn signal(&self, name: &str) -> Result<()> {
        kill(name, &self.process.id().to_string())
    }

    /// Sends a signal to the processes that Terraform has started, its providers, and not to Terraform.
    ///
    /// # Errors
    ///
    /// If there are none.
    pub fn signal_children(&self, name: &str) -> Result<()> {
        let parent = self.process.id().to_string();
        let found = Command::new("pgrep").args(["-P", &parent]).output().context("looking for children")?;
        let children = String::from_utf8_lossy(&found.stdout).into_owned();
        ensure!(!children.trim().is_empty(), "Terraform has no provider that runs");
        children.split_whitespace().try_for_each(|child| kill(name, child))
    }

    /// Sends a signal to Terraform and all that it has started, as Ctrl-C in a terminal does.
    ///
    /// # Errors
    ///
    /// If there is no such process any more.
    pub fn signal_group(&self, name: &str) -> Result<()> {
        kill(name, &format!("-{}", self.process.id()))
    }

    /// Waits for the end.
    ///
    /// # Errors
    ///
    /// If it does not come.
    pub fn wait(mut self) -> Result<Output> {
        let status = wait_for("the end of terraform", || Ok(self.process.try_wait()?))
            .with_context(|| format!("it has said:\n{}\n{}", self.stdout.so_far(), self.stderr.so_far()))?;
        self.has_ended = true;
        Ok(Output { code: status.code(), stdout: self.stdout.whole()?, stderr: self.stderr.whole()? })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended {
            // A failed test must leave no process behind.
            let _ = self.signal_group("KILL");
            let _ = self.process.wait();
        }
    }
}

fn kill(signal: &str, whom: &str) -> Result<()> {
    let status = Command::new("kill").args([&format!("-{signal}"), "--", whom]).status()?;
    ensure!(status.success(), "kill -{signal} {whom}: {status}");
    Ok(())
}

/// What came through a pipe, which is read all the time so that nobody waits for room in it.
#[derive(Debug)]
struct Collected {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Collected {
    fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::<Mutex<Vec<u8>>>::default();
        let reader = std::thread::spawn({
            let bytes = bytes.clone();
            move || {
                let mut chunk = vec![0; 8192];
                while let Ok(length @ 1..) = pipe.read(&mut chunk) {
                    let chunk = chunk.get(..length).unwrap_or_default();
                    bytes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(chunk);
                }
            }
        });
        Self { bytes, reader: Some(reader) }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// All of it. The pipe ends when the last process that holds it has ended, which is no later than the end of
    /// Terraform and its providers.
    fn whole(&mut self) -> Result<String> {
        if let Some(reader) = self.reader.take() {
            wait_for("the end of an output", || Ok(reader.is_finished().then_some(())))?;
        }
        Ok(self.so_far())
    }
}
