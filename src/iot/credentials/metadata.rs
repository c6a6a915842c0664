//! Keys of the role that an ECS instance has, from the metadata service of the machine.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};

use super::issued;
use super::keys::Credentials;
use super::source::CredentialSource;
use crate::iot::answer;
use crate::iot::error::Error;
use crate::iot::transport::{self, LazyHttp, Reach, Timeouts};

/// Where the service is, on each instance and nowhere else.
pub(super) const ADDRESS: &str = "http://100.100.100.200";
/// It is on the same machine, or not there at all: the official SDKs wait as long.
const TIMEOUTS: Timeouts = Timeouts { connect: Duration::from_secs(1), read: Duration::from_secs(1) };
/// How long the token of the hardened mode holds. It is got anew each time keys are.
const TOKEN_SECONDS: &str = "21600";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
const LONGEST_ROLE_NAME: usize = 64;

/// The metadata service, asked in its hardened mode: with a token of its own, which a request that somebody was tricked
/// into forwarding does not have.
#[derive(Debug)]
pub(in crate::iot) struct Metadata {
    address: String,
    role: Option<String>,
    /// Whether a service that knows no tokens is asked without one.
    takes_no_token: bool,
    http: LazyHttp,
}

impl Metadata {
    pub(in crate::iot) fn new(address: String, role: Option<String>, takes_no_token: bool, user_agent: String) -> Self {
        Self { address, role, takes_no_token, http: LazyHttp::new(Reach::Direct, user_agent, TIMEOUTS) }
    }

    async fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, Error> {
        Ok(self.http.get().await?.request(method, format!("{}{path}", self.address)))
    }

    /// The token; none if the service is an older one that refuses to give any, and that is enough.
    async fn token(&self) -> Result<Option<String>, Error> {
        let request = self.request(Method::PUT, "/latest/api/token").await?;
        let answer = ask(request.header("X-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_SECONDS)).await?;
        match answer {
            (200, body) => Ok(Some(text(body)?)),
            (_, _) if self.takes_no_token => {
                tracing::warn!("the metadata service gives no token, and is asked without one");
                Ok(None)
            }
            (status, _) => Err(refused("gives no token", status)),
        }
    }

    async fn get(&self, path: &str, token: Option<&str>) -> Result<(u16, Vec<u8>), Error> {
        let request = self.request(Method::GET, path).await?;
        let request = token.into_iter().fold(request, |it, token| it.header("x-aliyun-ecs-metadata-token", token));
        ask(request).await
    }

    async fn role(&self, token: Option<&str>) -> Result<String, Error> {
        if let Some(role) = &self.role {
            return Ok(role.clone());
        }
        match self.get(ROLES, token).await? {
            (200, body) => text(body),
            (status, _) => Err(refused("names no role of this instance; has it one?", status)),
        }
    }
}

#[async_trait]
impl CredentialSource for Metadata {
    fn describe(&self) -> String {
        match &self.role {
            Some(role) => format!("ECS role {role}"),
            None => "the role of this ECS instance".to_owned(),
        }
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        let token = self.token().await?;
        let role = self.role(token.as_deref()).await?;
        // The name becomes part of a path.
        if !is_role_name(&role) {
            return Err(Error::no_credentials(
                "the metadata service answered with something that is no name of a role",
                false,
            ));
        }
        let (status, body) = self.get(&format!("{ROLES}{role}"), token.as_deref()).await?;
        if status != 200 {
            return Err(refused(&format!("has no keys of role {role}"), status));
        }
        let unreadable = |reason| Error::no_credentials(format!("the metadata service answered, but {reason}"), true);
        let tree = answer::parse(&body).map_err(unreadable)?;
        match tree.text("Code").map_err(unreadable)?.as_deref() {
            Some("Success") => issued::temporary(&tree).map_err(unreadable),
            _ => Err(Error::no_credentials(format!("the metadata service has no keys of role {role} now"), true)),
        }
    }
}

/// Whether it can be the name of a RAM role.
pub(super) fn is_role_name(name: &str) -> bool {
    let is_part = |character: char| character.is_ascii_alphanumeric() || ".-_".contains(character);
    !name.is_empty() && name.len() <= LONGEST_ROLE_NAME && name.chars().all(is_part) && name != "." && name != ".."
}

async fn ask(request: RequestBuilder) -> Result<(u16, Vec<u8>), Error> {
    let answer = transport::exchange(request).await;
    answer.map(|raw| (raw.status, raw.body)).map_err(|loss| {
        let reason = format!("the metadata service of ECS did not answer ({}); is this an ECS instance?", loss.message);
        // It is on the same machine: where it is not, it will not come.
        Error::no_credentials(reason, false)
    })
}

fn text(body: Vec<u8>) -> Result<String, Error> {
    let text = String::from_utf8(body).ok().map(|text| text.trim().to_owned());
    let is_header_value = |text: &String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    text.filter(is_header_value).ok_or_else(|| {
        Error::no_credentials("the metadata service answered with something that is no name and no token", true)
    })
}

fn refused(what: &str, status: u16) -> Error {
    Error::no_credentials(format!("the metadata service {what} [HTTP status {status}]"), status >= 500)
}
