//! The Security Token Service, which issues temporary keys and says whose keys are whose.

use std::fmt;
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::issued;
use super::keys::Credentials;
use super::role::Role;
use crate::iot::answer::{self, Node, Unreadable};
use crate::iot::encode::canonical_query;
use crate::iot::error::{Error, Failure, FailureKind};
use crate::iot::operation::Method;
use crate::iot::redact::Secrets;
use crate::iot::sign::{SignedRequest, Stamp, sign_for, timestamp};
use crate::iot::transport::{Loss, RawAnswer, Timeouts, Transport};
use crate::iot::verdict::{Sent, Verdict, judge};
use crate::iot::{Endpoint, Parameters, trace};

/// The version of the API.
const VERSION: &str = "2015-04-01";

/// A client of the service. Nothing is set up before the first call.
#[derive(Clone)]
pub(in crate::iot) struct Sts(Arc<Inner>);

struct Inner {
    endpoint: Endpoint,
    region: String,
    user_agent: String,
    timeouts: Timeouts,
    transport: OnceCell<Transport>,
}

impl Sts {
    pub(in crate::iot) fn new(endpoint: Endpoint, region: String, user_agent: String, timeouts: Timeouts) -> Self {
        Self(Arc::new(Inner { endpoint, region, user_agent, timeouts, transport: OnceCell::new() }))
    }

    /// Keys of a role for whoever `credentials` belong to.
    pub(super) async fn assume_role(&self, role: &Role, credentials: &Credentials) -> Result<Credentials, Error> {
        let mut parameters = Parameters::default();
        role.parameters(&mut parameters);
        self.signed("AssumeRole", parameters, credentials, issued_keys).await
    }

    /// Keys of a role for the bearer of a token, which is checked instead of a signature.
    pub(super) async fn assume_role_with_oidc(
        &self,
        role: &Role,
        provider_arn: &str,
        token: &str,
    ) -> Result<Credentials, Error> {
        const ACTION: &str = "AssumeRoleWithOIDC";
        let mut query = Parameters::default();
        query.text("Action", ACTION);
        query.text("Version", VERSION);
        query.text("Format", "JSON");
        query.text("Timestamp", timestamp(Stamp::fresh().time));
        let mut form = Parameters::default();
        role.parameters(&mut form);
        form.text("OIDCProviderArn", provider_arn);
        form.text("OIDCToken", token);
        // There is no key here, but the token is to be kept out of texts as well.
        let bearer = Credentials::new(String::new(), String::new().into(), Some(token.into()));
        let secrets = Secrets { credentials: &bearer, signature: "" };
        let transport = self.transport().await?;
        trace::request(transport.endpoint(), Method::Post, ACTION, &form, secrets);
        let answer = transport.post_with_query(&canonical_query(&query), canonical_query(&form)).await;
        receive(ACTION, answer, Sent { secrets, string_to_sign: "" }, issued_keys)
    }

    /// The ID of the account that `credentials` belong to.
    pub(super) async fn account_of(&self, credentials: &Credentials) -> Result<String, Error> {
        self.signed("GetCallerIdentity", Parameters::default(), credentials, |answer| {
            answer.text("AccountId")?.filter(|id| !id.is_empty()).ok_or_else(|| Unreadable::missing("AccountId"))
        })
        .await
    }

    async fn signed<T>(
        &self,
        action: &'static str,
        parameters: Parameters,
        credentials: &Credentials,
        read: impl FnOnce(&Node) -> Result<T, Unreadable>,
    ) -> Result<T, Error> {
        let transport = self.transport().await?;
        let request = sign_for(VERSION, action, Method::Post, &self.0.region, parameters, credentials, Stamp::fresh());
        let SignedRequest { method, form, parameters, string_to_sign, signature } = request;
        let secrets = Secrets { credentials, signature: &signature };
        trace::request(transport.endpoint(), method, action, &parameters, secrets);
        let answer = transport.send(method, form).await;
        receive(action, answer, Sent { secrets, string_to_sign: &string_to_sign }, read)
    }

    async fn transport(&self) -> Result<&Transport, Error> {
        let Inner { endpoint, user_agent, timeouts, transport, .. } = &*self.0;
        transport.get_or_try_init(|| Transport::beside_others(endpoint.clone(), user_agent.clone(), *timeouts)).await
    }
}

/// Where it is.
impl fmt::Debug for Sts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Sts({})", self.0.endpoint)
    }
}

fn issued_keys(answer: &Node) -> Result<Credentials, Unreadable> {
    let keys = answer.object("Credentials")?.ok_or_else(|| Unreadable::missing("Credentials"))?;
    issued::temporary(keys)
}

/// Reads an answer. Those of this service have no flag of success: what is no success has a code, or an error status.
fn receive<T>(
    action: &'static str,
    answer: Result<RawAnswer, Loss>,
    sent: Sent<'_>,
    read: impl FnOnce(&Node) -> Result<T, Unreadable>,
) -> Result<T, Error> {
    match &answer {
        Ok(raw) => trace::answer(action, raw, sent.secrets),
        Err(loss) => trace::loss(action, loss, sent.secrets),
    }
    let raw = answer.map_err(|Loss { kind, message, http_status }| {
        failure(action, Verdict { kind, message, code: None, request_id: None }, http_status)
    })?;
    let has_failed = |verdict: Verdict| failure(action, verdict, Some(raw.status));
    let unreadable = |reason: &Unreadable| Verdict {
        kind: FailureKind::OutcomeUnknown,
        message: format!("the answer is unreadable: {reason}"),
        code: None,
        request_id: None,
    };
    match answer::parse(&raw.body) {
        Ok(tree) if raw.status == 200 && tree.text("Code").ok().flatten().is_none() => {
            read(&tree).map_err(|reason| has_failed(unreadable(&reason)))
        }
        Ok(_) => Err(has_failed(judge(&raw, sent).err().unwrap_or_else(|| unreadable(&Unreadable::missing("keys"))))),
        Err(reason) => Err(has_failed(unreadable(&reason))),
    }
}

/// Whatever became of this request, that of which it was the beginning has not been sent.
fn failure(action: &'static str, verdict: Verdict, http_status: Option<u16>) -> Error {
    let Verdict { kind, message, code, request_id } = verdict;
    let kind = if kind == FailureKind::OutcomeUnknown { FailureKind::NotSent } else { kind };
    Error::new(Failure {
        action,
        kind,
        message,
        code,
        request_id,
        http_status,
        is_about_credentials: true,
        ..Failure::bare()
    })
}
