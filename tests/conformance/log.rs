//! Log lines, in the form that the host parses.

use serde_json::Value as Json;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use crate::client::{ClientIdentity, Plugin, Session, hosted};

#[tokio::test]
async fn every_line_is_what_the_host_takes_for_structured() {
    let identity = ClientIdentity::new();
    let plugin = Plugin::start(hosted(&identity).env("TF_LOG", "TRACE")).await;
    let mut session = Session::of(plugin, &identity).await;
    session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap();
    let request = wire::read_resource::Request { type_name: "alicloud_iot_nothing".to_owned(), ..Default::default() };
    session.provider.read_resource(request).await.unwrap();
    let (_, stderr, _) = session.shut_down().await;
    let lines: Vec<Json> = stderr.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    for line in &lines {
        for key in ["@message", "@level", "@timestamp", "@module"] {
            assert!(line[key].is_string(), "{key} in {line}");
        }
        // Nothing of the libraries below: they would log requests and headers whole.
        let rooms = ["provider.plugin", "provider.iot", "provider.provider"];
        assert!(rooms.iter().any(|room| line["@module"].as_str().unwrap().starts_with(room)), "{line}");
        let timestamp = line["@timestamp"].as_str().unwrap();
        assert!(timestamp.len() == 27 && timestamp.ends_with('Z'), "{line}");
    }
    let answered = |rpc: &str| lines.iter().find(|line| line["tf_rpc"] == rpc).expect(rpc);
    assert!(answered("GetProviderSchema")["tf_req_id"].is_u64());
    let read = answered("ReadResource");
    assert_eq!(read["tf_resource_type"], "alicloud_iot_nothing");
    assert_eq!(read["errors"], 1);
    assert!(read["duration_ms"].is_u64());
}
