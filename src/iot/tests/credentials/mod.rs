//! Where keys come from.

mod cache;
mod chain;
mod profiles;
mod sources;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::fake_server::{FakeServer, Reply};
use crate::iot::credentials::{Environment, Kitchen, Role};
use crate::iot::{Endpoint, Timeouts};

const ROLE: &str = "acs:ram::100000000000:role/ota";

fn role() -> Role {
    Role::new(ROLE, "rollout").unwrap()
}

/// A kitchen whose STS is a server of the test.
fn kitchen(sts: &FakeServer) -> Kitchen {
    Kitchen {
        region: "cn-shanghai".to_owned(),
        sts: Some(Endpoint::parse(&sts.endpoint).unwrap()),
        sts_region: None,
        account_id: None,
        environment: Environment::default(),
        user_agent: "example/1.0".to_owned(),
        timeouts: Timeouts::default(),
    }
}

/// Keys as the services write them, good for some seconds from now on.
fn keys(id: &str, seconds: i64) -> serde_json::Value {
    let end = OffsetDateTime::now_utc() + time::Duration::seconds(seconds);
    serde_json::json!({
        "AccessKeyId": id, "AccessKeySecret": format!("secret of {id}"), "SecurityToken": format!("token of {id}"),
        "Expiration": end.format(&Rfc3339).unwrap()
    })
}

/// What STS answers.
fn sts_keys(id: &str, seconds: i64) -> Reply {
    let answer = serde_json::json!({"RequestId": "id", "Credentials": keys(id, seconds)});
    Reply::json(200, &answer.to_string())
}

/// What the metadata service and a credentials URI answer.
fn plain_keys(id: &str, seconds: i64) -> Reply {
    let mut answer = keys(id, seconds);
    answer["Code"] = "Success".into();
    Reply::json(200, &answer.to_string())
}
