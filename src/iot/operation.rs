//! What an operation says about itself.

use super::answer::{Node, Unreadable};
use super::parameters::Parameters;

/// How parameters travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// In the URL, which proxies write down, the security token included.
    Get,
    /// In the body.
    Post,
}

impl Method {
    /// The name in the request's head, and in what is signed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// One operation of the API: a request and how to read its answer.
///
/// [`Client::send`](super::Client::send) adds what all operations share (version, region, key, nonce, time, signature)
/// and decides whether the answer is a success. [`Operation::parse`] sees successes only.
pub trait Operation {
    /// The name on the wire, sent as `Action`.
    const ACTION: &'static str;

    /// How many calls a second the service takes of an account, those of its RAM users included.
    const CALLS_PER_SECOND: u32;

    /// How it is sent: by `POST`, unless the API takes it by `GET` only.
    const METHOD: Method = Method::Post;

    /// Whether sending it twice does no more than sending it once. The API has no idempotency token: for an operation
    /// that creates something this is false, and after a lost answer the thing has to be looked for.
    const IS_SAFE_TO_REPEAT: bool;

    /// What the caller gets.
    type Answer;

    /// Writes the operation's own parameters.
    fn parameters(&self, parameters: &mut Parameters);

    /// Reads the whole answer of a success, envelope included.
    ///
    /// # Errors
    ///
    /// A member that the caller cannot do without is missing, or has another type than the documented one. As the
    /// service has said that it succeeded, this is reported as [`FailureKind::OutcomeUnknown`](super::FailureKind).
    fn parse(answer: &Node) -> Result<Self::Answer, Unreadable>;
}
