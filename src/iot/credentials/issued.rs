//! Keys in an answer of those who issue them: STS, the metadata service, a URI, an external program.

use secrecy::SecretString;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::keys::Credentials;
use crate::iot::answer::{Node, Unreadable};

/// Bytes of a key or a token. They have a few hundred, and a token a few thousand; whoever is asked for keys does not
/// decide how much each call carries, and how much is looked for in each text that is shown.
const LONGEST: usize = 64 * 1024;

/// The names of the members.
pub(super) struct Members {
    id: &'static str,
    secret: &'static str,
    token: &'static str,
    expiration: &'static str,
}

/// As the services spell them.
pub(super) const OF_SERVICES: Members =
    Members { id: "AccessKeyId", secret: "AccessKeySecret", token: "SecurityToken", expiration: "Expiration" };

/// As the command line's configuration does.
pub(super) const OF_PROGRAMS: Members =
    Members { id: "access_key_id", secret: "access_key_secret", token: "sts_token", expiration: "expiration" };

/// Temporary keys, until when they hold included.
pub(super) fn temporary(answer: &Node) -> Result<Credentials, Unreadable> {
    let keys = keys(answer, &OF_SERVICES, true)?;
    if keys.expires_at().is_none() { Err(Unreadable::missing(OF_SERVICES.expiration)) } else { Ok(keys) }
}

/// Keys, with a token if they have to have one, and with their end if it is given.
pub(super) fn keys(answer: &Node, names: &Members, has_token: bool) -> Result<Credentials, Unreadable> {
    let given = |name| match answer.text(name)?.filter(|text| !text.is_empty()) {
        Some(text) if text.len() > LONGEST => Err(Unreadable::not_a("a text of at most 64 KiB", name)),
        text => Ok(text),
    };
    let required = |name| given(name)?.ok_or_else(|| Unreadable::missing(name));
    let token = if has_token { Some(SecretString::from(required(names.token)?)) } else { None };
    let keys = Credentials::new(required(names.id)?, SecretString::from(required(names.secret)?), token);
    let Some(expiration) = given(names.expiration)? else { return Ok(keys) };
    let moment = OffsetDateTime::parse(&expiration, &Rfc3339);
    let moment = moment.map_err(|_| Unreadable::not_a("a moment such as 2026-01-02T03:04:05Z", names.expiration))?;
    Ok(keys.expiring_at(moment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iot::answer;

    #[test]
    fn keys_and_tokens_have_a_longest() {
        let issued = |length| {
            let token = "t".repeat(length);
            let body = serde_json::json!({"AccessKeyId": "i", "AccessKeySecret": "s", "SecurityToken": token});
            keys(&answer::parse(body.to_string().as_bytes()).unwrap(), &OF_SERVICES, true)
        };
        assert!(issued(LONGEST).is_ok());
        let refusal = issued(LONGEST + 1).unwrap_err().to_string();
        assert_eq!(refusal, "SecurityToken in the answer is not a text of at most 64 KiB");
    }
}
