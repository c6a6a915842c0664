//! Requests signed with ACS3-HMAC-SHA256, by code that shares nothing with the emulator's.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use time::Duration;

use super::{Answer, http, sign};

/// A request to be changed before or after it is signed.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) pairs: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    pub(crate) secret: String,
}

/// What the newer clients send: parameters in the query, the rest in headers.
pub(crate) fn request(action: &str, parameters: &[(&str, &str)]) -> Request {
    let headers = [
        ("host", "emulator.test:8080".to_owned()),
        ("x-acs-action", action.to_owned()),
        ("x-acs-version", "2018-01-20".to_owned()),
        ("x-acs-date", sign::timestamp(Duration::ZERO)),
        ("x-acs-signature-nonce", sign::fresh_nonce()),
        ("x-acs-content-sha256", hash(b"")),
        ("accept", "application/json".to_owned()),
        ("user-agent", "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2".to_owned()),
    ];
    Request {
        method: "POST",
        pairs: parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        body: Vec::new(),
        secret: "emulator-key-secret".to_owned(),
    }
}

impl Request {
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn without_header(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// A form body, and its hash.
    pub(crate) fn with_form(self, form: &str) -> Self {
        let request = self.with_header("x-acs-content-sha256", &hash(form.as_bytes()));
        Self { body: form.as_bytes().to_vec(), ..request }
            .with_header("content-type", "application/x-www-form-urlencoded")
    }

    /// Signs all headers under the emulator's usual key.
    pub(crate) fn signed(self) -> Self {
        self.signed_by("emulator-key-id")
    }

    pub(crate) fn signed_by(self, id: &str) -> Self {
        let names: Vec<String> = self.headers.keys().cloned().collect();
        self.signed_over(id, &names)
    }

    /// Signs these headers, whether they are there or not.
    pub(crate) fn signed_over(self, id: &str, names: &[String]) -> Self {
        let value = |name: &String| self.headers.get(name).cloned().unwrap_or_default();
        let lines: String = names.iter().map(|name| format!("{name}:{}\n", value(name))).collect();
        let signed = names.join(";");
        let body_hash = value(&"x-acs-content-sha256".to_owned());
        let query = sign::query(&self.pairs);
        let canonical = format!("{}\n/\n{query}\n{lines}\n{signed}\n{body_hash}", self.method);
        let text = format!("ACS3-HMAC-SHA256\n{}", hash(canonical.as_bytes()));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signature = hexadecimal(&mac.finalize().into_bytes());
        let header = format!("ACS3-HMAC-SHA256 Credential={id},SignedHeaders={signed},Signature={signature}");
        self.with_header("authorization", &header)
    }

    pub(crate) fn send(&self, address: SocketAddr) -> Answer {
        // As the clients of Python do it: a space is a plus on the wire, and %20 in what is signed.
        let query = sign::query(&self.pairs).replace("%20", "+");
        let target = if query.is_empty() { "/".to_owned() } else { format!("/?{query}") };
        let headers: Vec<_> = self.headers.clone().into_iter().collect();
        Answer(http::exchange_with(address, self.method, &target, &headers, &self.body).unwrap())
    }
}

fn hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
