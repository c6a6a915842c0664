//! Random valid configurations: no plan has a difference that is not real.
//!
//! Many jobs, each of a package of its own, share one run of Terraform. The service shuffles its lists by itself.

use anyhow::{Result, ensure};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use testkit::{Emulator, Options, Terraform};

use crate::configuration::is_settled;

crate::trials!(a_few_random_jobs_have_no_differences);
crate::long_trials!(a_hundred_random_jobs_have_no_differences);

/// The same in every run.
const SEED: [u8; 32] = *b"no difference that is not a real";

/// What only the state knows, or what the service does not report: an import cannot know it, and records it.
const RECORDED: &[&str] = &[
    "on_destroy",
    "on_external_cancel",
    "timeouts",
    "need_push",
    "need_confirm",
    "download_protocol",
    "multi_module_mode",
    "group_type",
    // Alone it means nothing, and the service forgets it.
    "tags",
];

fn quoted(text: &str) -> String {
    // JSON's escapes are those of this language too, which has two marks of its own.
    Value::from(text).to_string().replace("${", "$${").replace("%{", "%%{")
}

fn optional(line: impl Strategy<Value = String>) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(line)
}

fn one_of(name: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    optional(proptest::sample::select(values).prop_map(move |value| format!("{name} = {value}")))
}

fn versions() -> impl Strategy<Value = Option<String>> {
    let version = "[0-9]\\.[0-9]{1,3}\\.[0-9a-z]{1,4}";
    let list = proptest::collection::hash_set(version, 1..=10);
    let list = list.prop_map(|versions| versions.iter().map(|version| quoted(version)).collect::<Vec<_>>().join(", "));
    list.prop_map(|versions| Some(format!("src_versions = [{versions}]")))
}

fn tags() -> impl Strategy<Value = Option<String>> {
    // Not up to the limit: core normalises texts, and some characters become several by that.
    let entry = ("[a-zA-Z0-9.]{1,30}", "\\PC{1,100}");
    let map = proptest::collection::btree_map(entry.0, entry.1, 0..=4);
    optional(map.prop_map(|tags| {
        let entries = tags.iter().map(|(key, value)| format!("{} = {}", quoted(key), quoted(value)));
        format!("tags = {{ {} }}", entries.collect::<Vec<_>>().join(", "))
    }))
}

/// Retries, with a timeout that every edition takes beside them.
fn pace() -> impl Strategy<Value = Vec<Option<String>>> {
    let retry = proptest::option::of((
        proptest::sample::select(&[0, 10, 30, 60][..]),
        proptest::sample::select(&[1, 2, 5][..]),
    ));
    let timeout = proptest::option::of(prop_oneof![Just(61), Just(1440), 61..=1440]);
    let rate = proptest::option::of(prop_oneof![Just(10), Just(1000), 10..=1000]);
    (retry, timeout, rate).prop_map(|(retry, timeout, rate)| {
        vec![
            retry.map(|(interval, count)| format!("retry_interval = {interval}\n  retry_count = {count}")),
            timeout.map(|minutes| format!("timeout_in_minutes = {minutes}")),
            rate.map(|rate| format!("maximum_per_minute = {rate}")),
        ]
    })
}

fn modes() -> impl Strategy<Value = Vec<Option<String>>> {
    let exclusive = prop_oneof![
        Just(None),
        Just(Some("overwrite_mode = 1\n  multi_module_mode = true".to_owned())),
        Just(Some("overwrite_mode = 2\n  multi_module_mode = false".to_owned())),
        Just(Some("overwrite_mode = 2".to_owned())),
        Just(Some("multi_module_mode = true".to_owned())),
    ];
    let truth = &["true", "false", "null"][..];
    (
        exclusive,
        one_of("dynamic_mode", &["1", "2", "null"]),
        one_of("need_push", truth),
        one_of("need_confirm", truth),
        one_of("download_protocol", &["\"HTTPS\"", "\"MQTT\"", "null"]),
    )
        .prop_map(|(exclusive, dynamic, push, confirm, protocol)| vec![exclusive, dynamic, push, confirm, protocol])
}

fn behaviour() -> impl Strategy<Value = Vec<Option<String>>> {
    (
        one_of("on_destroy", &["\"cancel_strategy\"", "\"cancel_pending\"", "\"cancel_all\"", "null"]),
        one_of("on_external_cancel", &["\"recreate\"", "\"keep\"", "\"error\"", "null"]),
        optional(Just("timeouts {\n    create = \"20m\"\n    delete = null\n  }".to_owned())),
    )
        .prop_map(|(destroy, cancel, timeouts)| vec![destroy, cancel, timeouts])
}

/// The arguments of a job, without its package.
fn arguments() -> impl Strategy<Value = String> {
    (versions(), tags(), pace(), modes(), behaviour()).prop_map(|(versions, tags, pace, modes, behaviour)| {
        let lines = [vec![versions, tags], pace, modes, behaviour].concat();
        lines.into_iter().flatten().map(|line| format!("  {line}\n")).collect()
    })
}

fn address(number: usize) -> String {
    format!("alicloud_iot_ota_dynamic_job.job{number}")
}

fn jobs_have_no_differences(flags: &[&'static str], runner: &mut TestRunner, count: usize) -> Result<()> {
    let firmwares: Vec<_> = (0..count)
        .map(|number| {
            json!({
                "firmware_id": format!("fw-{number}"), "product_key": "a1product",
                "firmware_name": format!("package {number}"), "dest_version": "to"
            })
        })
        .collect();
    let flags = [&["--qps-scale", "0"], flags].concat();
    let emulator = Emulator::start(&Options { fixtures: json!({"firmwares": firmwares}), flags })?;
    let terraform = Terraform::new(emulator.url())?;
    let mut configuration = "terraform {\n  required_providers {\n    alicloud = { source = \
                             \"terraform.local/iot/alicloud-iot\" }\n  }\n}\n"
        .to_owned();
    for number in 0..count {
        let arguments = arguments().new_tree(runner).map_err(|reason| anyhow::anyhow!("{reason}"))?.current();
        configuration += &format!(
            "resource \"alicloud_iot_ota_dynamic_job\" \"job{number}\" {{\n  firmware_id = \"fw-{number}\"\n  product_key = \
             \"a1product\"\n{arguments}}}\n"
        );
    }
    terraform.write("main.tf", &configuration)?;
    let shown = |error: anyhow::Error| error.context(configuration.clone());
    terraform.apply(&[]).map_err(shown)?;
    is_settled(&terraform).map_err(shown)?;

    let state: Value =
        serde_json::from_str(&std::fs::read_to_string(terraform.directory().join("terraform.tfstate"))?)?;
    let ids = state["resources"].as_array().into_iter().flatten().map(|resource| {
        (resource["name"].as_str().unwrap_or_default(), resource["instances"][0]["attributes"]["id"].clone())
    });
    let imports =
        ids.map(|(name, id)| format!("import {{\n  to = alicloud_iot_ota_dynamic_job.{name}\n  id = {id}\n}}\n"));
    terraform.write("imports.tf", &imports.collect::<String>())?;
    std::fs::remove_file(terraform.directory().join("terraform.tfstate"))?;
    let plan = terraform.plan(&[]).map_err(shown)?;
    for number in 0..count {
        let changes = plan["resource_changes"].as_array().into_iter().flatten();
        let change = changes.clone().find(|change| change["address"] == address(number)).cloned().unwrap_or_default();
        let (before, after) = (&change["change"]["before"], &change["change"]["after"]);
        for (name, value) in after.as_object().into_iter().flatten() {
            ensure!(
                before[name] == *value || RECORDED.contains(&name.as_str()),
                "{} differs after the import: {change:#}\n{configuration}",
                name
            );
        }
        ensure!(["no-op", "update"].iter().any(|it| change["change"]["actions"] == json!([it])), "{change:#}");
    }
    terraform.apply(&[]).map_err(shown)?;
    is_settled(&terraform).map_err(shown)?;
    ensure!(emulator.jobs()?.len() == count && emulator.calls("UpdateOTAJob")? == 0, "the jobs were left alone");
    terraform.destroy().map_err(shown)?;
    ensure!(emulator.jobs()?.iter().all(|job| job["job_status"] == "CANCELED"));
    Ok(())
}

fn a_few_random_jobs_have_no_differences() -> Result<()> {
    for flags in [&[][..], &["--edition", "extended"]] {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
        jobs_have_no_differences(flags, &mut TestRunner::new_with_rng(Config::default(), rng), 10)?;
    }
    Ok(())
}

/// Others in each run; a failure shows the configuration.
fn a_hundred_random_jobs_have_no_differences() -> Result<()> {
    for flags in [&[][..], &["--edition", "extended"]] {
        jobs_have_no_differences(flags, &mut TestRunner::default(), 100)?;
    }
    Ok(())
}
