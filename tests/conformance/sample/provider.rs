//! The provider block.

use serde_json::json;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use super::{attribute, said};
use crate::client::{Session, sample};
use crate::values::value;

#[tokio::test]
async fn the_provider_block_is_checked_and_taken_into_use() {
    let mut session = Session::start_of(&sample()).await;
    let config = value(&json!({"directory": ""}));
    let request = wire::validate_provider_config::Request { config: config.clone() };
    let answer = session.provider.validate_provider_config(request).await.unwrap().into_inner();
    assert_eq!(said(&answer.diagnostics), ["error: No Directory"]);
    assert_eq!(attribute(&answer.diagnostics[0]), Some("directory"));
    for (version, expected) in [("0.15.5", vec!["error: Too Old"]), ("1.16.0", vec![])] {
        let terraform_version = version.to_owned();
        let request =
            wire::configure_provider::Request { terraform_version, config: config.clone(), ..Default::default() };
        let answer = session.provider.configure_provider(request).await.unwrap().into_inner();
        assert_eq!(said(&answer.diagnostics), expected, "{version}");
    }
}
