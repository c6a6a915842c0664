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
// A hundred jobs take the provider ten seconds for each kind of call, since it keeps to the documented quotas.
crate::long_trials!(
    a_hundred_random_jobs_have_no_differences,
    a_hundred_random_jobs_of_the_extended_edition_have_no_differences,
);

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
];

/// The choice that lets jobs run on after a destroy.
const KEEP: &str = "\"keep\"";

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

/// Whose limits the arguments keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edition {
    Reference,
    Extended,
}

impl Edition {
    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Reference => &["--qps-scale", "0"],
            Self::Extended => &["--qps-scale", "0", "--edition", "extended"],
        }
    }
}

/// Which devices: by version; by group, which only the newer edition has; or by neither, which it refuses.
fn selection(edition: Edition) -> impl Strategy<Value = Option<String>> {
    let version = "[0-9]\\.[0-9]{1,3}\\.[0-9a-z]{1,4}";
    let list = proptest::collection::hash_set(version, 1..=10);
    let list = list.prop_map(|versions| versions.iter().map(|version| quoted(version)).collect::<Vec<_>>().join(", "));
    let group = "[0-9a-zA-Z]{8}".prop_map(|id| format!("group_id = {id:?}\n  group_type = \"LINK_PLATFORM_DYNAMIC\""));
    let list = list.prop_map(|versions| Some(format!("src_versions = [{versions}]"))).boxed();
    let others = match edition {
        Edition::Reference => prop_oneof![Just(None), Just(Some("src_versions = null".to_owned()))].boxed(),
        Edition::Extended => group.prop_map(Some).boxed(),
    };
    prop_oneof![8 => list, 2 => others]
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

/// Retries, timeouts and rates, with their bounds; the newer edition wants a timeout that is longer than the interval.
fn pace(edition: Edition) -> impl Strategy<Value = Vec<Option<String>>> {
    let (intervals, shortest, rates) = match edition {
        Edition::Reference => (&[0, 10, 30, 60, 1440][..], 1, 0..=1000),
        Edition::Extended => (&[0, 10, 30, 60][..], 61, 10..=10_000),
    };
    let retry = proptest::option::of((proptest::sample::select(intervals), proptest::sample::select(&[1, 2, 5][..])));
    let timeout = proptest::option::of(prop_oneof![Just(shortest), Just(1440), shortest..=1440]);
    let rate = proptest::option::of(prop_oneof![Just(*rates.start()), Just(*rates.end()), rates]);
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
    let timeout = |name: &'static str| one_of(name, &["\"20m\"", "\"1h30m\"", "null"]);
    let timeouts = (timeout("create"), timeout("read"), timeout("update"), timeout("delete"));
    let timeouts = timeouts.prop_map(|(create, read, update, delete)| {
        let lines: Vec<_> = [create, read, update, delete].into_iter().flatten().collect();
        format!("timeouts {{\n    {}\n  }}", lines.join("\n    "))
    });
    (
        one_of("on_destroy", &["\"cancel_strategy\"", "\"cancel_pending\"", "\"cancel_all\"", KEEP, "null"]),
        one_of("on_external_cancel", &["\"recreate\"", "\"keep\"", "\"error\"", "null"]),
        one_of("iot_instance_id", &["\"iot-one\"", "null"]),
        optional(timeouts),
    )
        .prop_map(|(destroy, cancel, instance, timeouts)| vec![destroy, cancel, instance, timeouts])
}

/// The arguments of a job, without its package.
fn arguments(edition: Edition) -> impl Strategy<Value = String> {
    (selection(edition), tags(), pace(edition), modes(), behaviour()).prop_map(
        |(selection, tags, pace, modes, behaviour)| {
            let lines = [vec![selection, tags], pace, modes, behaviour].concat();
            lines.into_iter().flatten().map(|line| format!("  {line}\n")).collect()
        },
    )
}

fn address(number: usize) -> String {
    format!("alicloud_iot_ota_dynamic_job.job{number}")
}

/// Whether a value can differ between configuration and import: no tags are none, however that is written.
fn may_differ(name: &str, before: &Value, after: &Value) -> bool {
    let is_none = |value: &Value| value.as_object().is_none_or(serde_json::Map::is_empty);
    RECORDED.contains(&name) || (name == "tags" && is_none(before) && is_none(after))
}

fn jobs_have_no_differences(edition: Edition, runner: &mut TestRunner, count: usize) -> Result<()> {
    let firmwares: Vec<_> = (0..count)
        .map(|number| {
            json!({
                "firmware_id": format!("fw-{number}"), "product_key": "a1product",
                "firmware_name": format!("package {number}"), "dest_version": "to"
            })
        })
        .collect();
    let flags = edition.flags().to_vec();
    let emulator = Emulator::start(&Options { fixtures: json!({"firmwares": firmwares}), flags })?;
    let terraform = Terraform::new(emulator.url())?;
    let extended_limits = edition == Edition::Extended;
    let mut configuration = format!(
        "terraform {{\n  required_providers {{\n    alicloud = {{ source = \"terraform.local/iot/alicloud-iot\" }}\n  }}\n\
         }}\nprovider \"alicloud\" {{\n  extended_limits = {extended_limits}\n}}\n"
    );
    for number in 0..count {
        let arguments = arguments(edition).new_tree(runner).map_err(|reason| anyhow::anyhow!("{reason}"))?.current();
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
                before[name] == *value || may_differ(name, &before[name], value),
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
    let kept = configuration.matches(&format!("on_destroy = {KEEP}")).count();
    let running = emulator.jobs()?.iter().filter(|job| job["job_status"] != "CANCELED").count();
    ensure!(running == kept, "{running} jobs run, {kept} were to be kept");
    Ok(())
}

fn a_few_random_jobs_have_no_differences() -> Result<()> {
    for edition in [Edition::Reference, Edition::Extended] {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
        jobs_have_no_differences(edition, &mut TestRunner::new_with_rng(Config::default(), rng), 10)?;
    }
    Ok(())
}

/// Others in each run; a failure shows the configuration.
fn a_hundred_random_jobs_have_no_differences() -> Result<()> {
    jobs_have_no_differences(Edition::Reference, &mut TestRunner::default(), 100)
}

fn a_hundred_random_jobs_of_the_extended_edition_have_no_differences() -> Result<()> {
    jobs_have_no_differences(Edition::Extended, &mut TestRunner::default(), 100)
}
