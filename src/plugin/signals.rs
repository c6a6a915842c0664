//! Signals never end the process by themselves.
//!
//! Ctrl-C in a terminal reaches the whole process group, the provider too, while Terraform still
//! waits for the result of the call in flight; dying of it would lose that result. The host ends the
//! process through its controller service, or by closing the connection.

use std::io;

/// Replaces the default action of the signals that would end the process.
///
/// # Errors
///
/// If the operating system refuses a handler.
#[cfg(unix)]
pub(crate) fn withstand() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    for (name, kind) in
        [("SIGINT", SignalKind::interrupt()), ("SIGTERM", SignalKind::terminate()), ("SIGHUP", SignalKind::hangup())]
    {
        let mut signals = signal(kind)?;
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                tracing::info!(signal = name, "a signal is left to the host to act on");
            }
        });
    }
    Ok(())
}

/// Replaces the default action of the console events that would end the process.
///
/// # Errors
///
/// If the operating system refuses a handler.
#[cfg(not(unix))]
pub(crate) fn withstand() -> io::Result<()> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    let mut ctrl_break = tokio::signal::windows::ctrl_break()?;
    tokio::spawn(async move { while ctrl_c.recv().await.is_some() {} });
    tokio::spawn(async move { while ctrl_break.recv().await.is_some() {} });
    Ok(())
}
