//! Tests of the client as a whole: against a server that answers what it is told, and against recorded data.

mod answers;
mod credentials;
mod failures;
mod fake_server;
mod limits;
mod paging;
mod requests;
mod secrecy;
mod signatures;
mod trace;

use crate::iot::{Client, ClientOptions, Credentials, Endpoint, Timeouts};

const ACCESS_KEY_ID: &str = "LTAI5tTestAccessKey01";
const SECRET: &str = "TestSecret/With+Signs";
const TOKEN: &str = "CAISfake/Security+Token==";

fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY_ID.to_owned(), SECRET.into(), Some(TOKEN.into()))
}

fn options(endpoint: &str) -> ClientOptions {
    ClientOptions {
        region: "cn-shanghai".to_owned(),
        endpoint: Endpoint::parse(endpoint).unwrap(),
        credentials: credentials().into(),
        user_agent: "example/1.0".to_owned(),
        timeouts: Timeouts::default(),
    }
}

fn client(endpoint: &str) -> Client {
    Client::new(options(endpoint)).unwrap()
}
