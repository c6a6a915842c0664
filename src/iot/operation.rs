//! What makes a struct an operation of the service.

use super::answer::{Node, Unreadable};
use super::parameters::Parameters;

/// A request of one operation, and how its answer is read.
pub trait Operation: Send + Sync {
    /// Value of the parameter `Action`.
    const ACTION: &'static str;

    /// Whether a call whose outcome is not known may be sent again: true for what only reads, and for
    /// what has the same effect twice as once.
    const IS_SAFE_TO_REPEAT: bool;

    /// What the service answers.
    type Answer: Send;

    /// Sets the operation's own parameters. The common ones are the client's.
    fn parameters(&self, parameters: &mut Parameters);

    /// Reads a successful answer.
    ///
    /// # Errors
    ///
    /// If something is missing that the operation always answers.
    fn read(answer: &Node) -> Result<Self::Answer, Unreadable>;
}
