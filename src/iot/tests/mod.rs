//! Tests of the client as a whole: against a server that answers what it is told, and against recorded data.

mod answers;
mod codes;
mod credentials;
mod emulated;
mod failures;
mod fake_server;
mod formats;
mod hostile;
mod inventory_answers;
mod inventory_requests;
mod limits;
mod paging;
mod requests;
mod retries;
mod secrecy;
mod signatures;
mod table;
mod trace;

use crate::iot::{Client, ClientOptions, Credentials, Endpoint, Quotas, RetryPolicy};

const ACCESS_KEY_ID: &str = "LTAI5tTestAccessKey01";
const SECRET: &str = "TestSecret/With+Signs";
const TOKEN: &str = "CAISfake/Security+Token==";

fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY_ID.to_owned(), SECRET.into(), Some(TOKEN.into()))
}

fn options(endpoint: &str) -> ClientOptions {
    let endpoint = Endpoint::parse(endpoint).unwrap();
    ClientOptions {
        quotas: Quotas::unlimited(),
        retry: RetryPolicy::never(),
        ..ClientOptions::new("cn-shanghai".to_owned(), endpoint, credentials(), "example/1.0".to_owned())
    }
}

fn client(endpoint: &str) -> Client {
    Client::new(options(endpoint)).unwrap()
}
