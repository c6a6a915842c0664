//! Signals never end the process by themselves.
//!
//! Ctrl-C in a terminal reaches the whole process group, the provider too, while Terraform still
//! waits for the result of the call in flight; dying of it would lose that result. The host ends the
//! process through its controller service, or by closing the connection.

use std::io;

/// What somebody wants of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C. Terraform gets it too, and asks every provider to stop by itself.
    Interrupt,
    /// The end of the machine, the session or the service, which Terraform may not get.
    Terminate,
}

/// The signals that would end the process, whose default action is replaced for as long as it lives.
#[cfg(unix)]
pub(crate) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Replaces their default action.
    ///
    /// # Errors
    ///
    /// If the operating system refuses a handler.
    pub(crate) fn withstand() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// The next one.
    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hangup.recv() => Signal::Terminate,
        }
    }
}

/// The console events that would end the process, whose default action is replaced for as long as it lives.
#[cfg(not(unix))]
pub(crate) struct Signals {
    ctrl_c: tokio::signal::windows::CtrlC,
    ctrl_break: tokio::signal::windows::CtrlBreak,
}

#[cfg(not(unix))]
impl Signals {
    /// Replaces their default action.
    ///
    /// # Errors
    ///
    /// If the operating system refuses a handler.
    pub(crate) fn withstand() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c};

        Ok(Self { ctrl_c: ctrl_c()?, ctrl_break: ctrl_break()? })
    }

    /// The next one.
    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.ctrl_c.recv() => Signal::Interrupt,
            _ = self.ctrl_break.recv() => Signal::Interrupt,
        }
    }
}
