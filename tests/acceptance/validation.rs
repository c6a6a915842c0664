//! Every rule that needs no service, on both sides of each bound.
//!
//! One `terraform validate` checks a whole table: each case is a resource of its own, and core says
//! of each diagnostic which resource and line it is about.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::configuration::{only_error, says, set_up};

crate::trials!(
    reference_limits,
    extended_limits,
    undecided_limits_refuse_only_what_both_editions_do,
    all_problems_of_a_job_at_once,
    unknown_values_silence_only_their_own_rules,
);

/// Attributes of a job beside package and product, and what comes of them: pairs of severity and
/// summary with the text that the line pointed at begins with.
#[derive(Clone)]
pub struct Case {
    attributes: String,
    expected: Vec<(&'static str, &'static str, &'static str)>,
}

pub fn ok(attributes: impl Into<String>) -> Case {
    Case { attributes: attributes.into(), expected: Vec::new() }
}

pub fn error(attributes: impl Into<String>, summary: &'static str, at: &'static str) -> Case {
    Case { attributes: attributes.into(), expected: vec![("error", summary, at)] }
}

pub fn warning(attributes: impl Into<String>, summary: &'static str, at: &'static str) -> Case {
    Case { attributes: attributes.into(), expected: vec![("warning", summary, at)] }
}

/// With a device selection, which most cases are not about.
fn selected(mut case: Case) -> Case {
    case.attributes = format!("src_versions = [\"1.0.0\"]\n{}", case.attributes);
    case
}

fn versions(count: usize) -> String {
    let versions: Vec<_> = (0..count).map(|number| format!("\"1.0.{number}\"")).collect();
    format!("src_versions = [{}]", versions.join(", "))
}

fn tag(key: &str, value: &str) -> String {
    format!("tags = {{\n\"{key}\" = \"{value}\"\n}}")
}

fn tags(count: usize, value_length: usize) -> String {
    let tags: String = (0..count).map(|number| format!("k{number:03} = \"{}\"\n", "v".repeat(value_length))).collect();
    format!("tags = {{\n{tags}}}")
}

/// The rules that are the same in both editions.
fn common() -> Vec<Case> {
    let retry = |interval: &str| format!("retry_interval = {interval}\nretry_count = 1");
    let mut cases = vec![
        ok(""),
        ok(tag("k", "v")),
        ok(tag(&"k".repeat(30), "v")),
        ok(tag("Az09.x", "上海 *~+")),
        error(tag(&"k".repeat(31), "v"), "Invalid Tag Key", "\""),
        error(tag("", "v"), "Invalid Tag Key", "\""),
        error(tag("a_b", "v"), "Invalid Tag Key", "\""),
        error(tag("é", "v"), "Invalid Tag Key", "\""),
        error(tag("k", ""), "Invalid Tag Value", "\""),
        error("tags = { k = null }", "Invalid Tag Value", "tags"),
        ok("tags = {}"),
        error(retry("1"), "Invalid Retry Interval", "retry_interval"),
        error(retry("-10"), "Invalid Retry Interval", "retry_interval"),
        error(retry("10.5"), "Invalid Retry Interval", "retry_interval"),
        error(retry("0.1"), "Invalid Retry Interval", "retry_interval"),
        error(retry("18446744073709551616"), "Invalid Retry Interval", "retry_interval"),
        error("retry_interval = 10", "Missing Retry Count", "retry_interval"),
        warning("retry_count = 1", "Retry Count Has No Effect", "retry_count"),
        error("timeout_in_minutes = 0", "Invalid Timeout In Minutes", "timeout_in_minutes"),
        ok("timeout_in_minutes = 1"),
        ok("timeout_in_minutes = 1440"),
        error("timeout_in_minutes = 1441", "Invalid Timeout In Minutes", "timeout_in_minutes"),
        error("timeout_in_minutes = 1.5", "Invalid Timeout In Minutes", "timeout_in_minutes"),
        error("maximum_per_minute = -1", "Invalid Maximum Per Minute", "maximum_per_minute"),
        error("maximum_per_minute = 10001", "Invalid Maximum Per Minute", "maximum_per_minute"),
        ok("maximum_per_minute = 10"),
        ok("maximum_per_minute = 1000"),
        error("download_protocol = \"FTP\"", "Invalid Download Protocol", "download_protocol"),
        error("download_protocol = \"\"", "Invalid Download Protocol", "download_protocol"),
        ok("download_protocol = \"HTTPS\""),
        ok("download_protocol = \"MQTT\""),
        error("multi_module_mode = true\noverwrite_mode = 2", "Conflicting Update Modes", "multi_module_mode"),
        ok("multi_module_mode = true\noverwrite_mode = 1"),
        ok("multi_module_mode = false\noverwrite_mode = 2"),
        error("on_external_cancel = \"ignore\"", "Invalid On External Cancel", "on_external_cancel"),
        error("iot_instance_id = \"\"", "Invalid IoT Instance ID", "iot_instance_id"),
        error("iot_instance_id = \"a/b\"", "Invalid IoT Instance ID", "iot_instance_id"),
        error("group_id = \"g\"\ngroup_type = \"LINK_PLATFORM_DYNAMIC\"", "Conflicting Device Selection", "group_id"),
    ];
    cases.extend(["0", "10", "30", "60", "1440"].map(|interval| ok(retry(interval))));
    for count in ["1", "2", "5"] {
        cases.push(ok(format!("retry_interval = 0\nretry_count = {count}")));
    }
    for count in ["0", "3", "4", "6"] {
        cases.push(error(format!("retry_interval = 0\nretry_count = {count}"), "Invalid Retry Count", "retry_count"));
    }
    for (attribute, summary) in [("overwrite_mode", "Invalid Overwrite Mode"), ("dynamic_mode", "Invalid Dynamic Mode")]
    {
        cases.extend(["1", "2"].map(|mode| ok(format!("{attribute} = {mode}"))));
        cases.extend(["0", "3"].map(|mode| error(format!("{attribute} = {mode}"), summary, attribute)));
    }
    let mut cases: Vec<_> = cases.into_iter().map(selected).collect();
    cases.extend([
        ok(versions(10)),
        error(versions(11), "Invalid Src Versions", "src_versions"),
        error("src_versions = []", "Invalid Src Versions", "src_versions"),
        error("src_versions = [\n\"a\",\n\"\",\n]", "Invalid Src Versions", "\"\""),
        error("src_versions = [\n\"a\",\nnull,\n]", "Invalid Src Versions", "null"),
        error("src_versions = [\n\"b\",\n\"c\",\n\"b\",\n]", "Invalid Src Versions", "\"b\""),
        ok("group_id = \"g\"\ngroup_type = \"LINK_PLATFORM_DYNAMIC\""),
        error("group_id = \"g\"", "Incomplete Device Group", "group_id"),
        error("group_type = \"LINK_PLATFORM_DYNAMIC\"", "Incomplete Device Group", "group_type"),
        error("group_id = \"g\"\ngroup_type = \"STATIC\"", "Invalid Group Type", "group_type"),
        error("group_id = \"\"\ngroup_type = \"LINK_PLATFORM_DYNAMIC\"", "Invalid Group ID", "group_id"),
    ]);
    cases
}

fn reference_limits() -> Result<()> {
    let mut cases = common();
    cases.extend(
        [
            ok(tag("k", &"v".repeat(128))),
            ok(tag("k", &"界".repeat(128))),
            error(tag("k", &"v".repeat(129)), "Invalid Tag Value", "\""),
            ok(tags(10, 100)),
            warning(tags(11, 1), "Tags May Be Refused", "tags"),
            ok("maximum_per_minute = 1000"),
            error("maximum_per_minute = 1001", "Invalid Maximum Per Minute", "maximum_per_minute"),
            warning("maximum_per_minute = 0", "Rate May Be Refused", "maximum_per_minute"),
            warning("maximum_per_minute = 9", "Rate May Be Refused", "maximum_per_minute"),
            ok("retry_interval = 30\nretry_count = 1\ntimeout_in_minutes = 31"),
            warning(
                "retry_interval = 30\nretry_count = 1\ntimeout_in_minutes = 30",
                "Retry Interval May Be Refused",
                "retry_interval",
            ),
        ]
        .map(selected),
    );
    // 4,096 characters are 32 tags of 4 and 124; more than ten tags are odd by themselves.
    let mut long = selected(warning(tags(32, 124), "Tags May Be Refused", "tags"));
    cases.push(Case { attributes: long.attributes.clone(), expected: long.expected.clone() });
    long = selected(warning(tags(33, 124), "Tags May Be Refused", "tags"));
    long.expected.push(("warning", "Tags May Be Refused", "tags"));
    cases.push(long);
    cases.push(warning("", "Device Selection Is Not Defined", "resource"));
    check("", cases)
}

fn extended_limits() -> Result<()> {
    let mut cases = common();
    cases.extend(
        [
            ok(tag("k", &"v".repeat(1024))),
            error(tag("k", &"v".repeat(1025)), "Invalid Tag Value", "\""),
            ok(tags(10, 405)),
            error(tags(10, 406), "Invalid Tags", "tags"),
            error(tags(11, 1), "Invalid Tags", "tags"),
            error("maximum_per_minute = 9", "Invalid Maximum Per Minute", "maximum_per_minute"),
            ok("maximum_per_minute = 10000"),
            ok("retry_interval = 30\nretry_count = 1\ntimeout_in_minutes = 31"),
            error(
                "retry_interval = 30\nretry_count = 1\ntimeout_in_minutes = 30",
                "Invalid Retry Interval",
                "retry_interval",
            ),
        ]
        .map(selected),
    );
    cases.push(error("", "Missing Device Selection", "resource"));
    check("extended_limits = true", cases)
}

fn undecided_limits_refuse_only_what_both_editions_do() -> Result<()> {
    let mut cases = common();
    cases.extend(
        [
            ok(tag("k", &"v".repeat(1024))),
            error(tag("k", &"v".repeat(1025)), "Invalid Tag Value", "\""),
            ok(tags(11, 1)),
            ok("maximum_per_minute = 0"),
            ok("maximum_per_minute = 10000"),
        ]
        .map(selected),
    );
    cases.push(ok(""));
    check("extended_limits = var.unknown", cases)
}

fn check(provider: &str, cases: Vec<Case>) -> Result<()> {
    check_resource(provider, "alicloud_iot_ota_dynamic_job", "firmware_id = \"fw\"\nproduct_key = \"pk\"", cases)
}

/// Validates all cases at once, each as a resource with the attributes `fixed` beside its own, and compares what is said
/// of each.
pub fn check_resource(provider: &str, type_name: &str, fixed: &str, cases: Vec<Case>) -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    let mut configuration = format!(
        "terraform {{\n  required_providers {{\n    alicloud = {{ source = \"terraform.local/iot/alicloud-iot\" }}\n  }}\n}}\n\
         variable \"unknown\" {{\n  type = bool\n}}\nprovider \"alicloud\" {{\n{provider}\n}}\n"
    );
    for (number, case) in cases.iter().enumerate() {
        configuration += &format!("resource \"{type_name}\" \"case_{number}\" {{\n{fixed}\n{}\n}}\n", case.attributes);
    }
    terraform.write("main.tf", &configuration)?;
    let output = terraform.run(&["validate", "-json"])?;
    let mut found: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    for diagnostic in output.diagnostics() {
        let line = diagnostic["range"]["start"]["line"].as_u64().with_context(|| format!("{diagnostic:#}"))?;
        let before = configuration.lines().take(usize::try_from(line)?);
        let block = before.filter(|line| line.starts_with("resource")).last().context("the resource")?;
        let number = block.split(['_', '"']).filter_map(|part| part.parse().ok()).next_back().context("its number")?;
        found.entry(number).or_default().push(diagnostic);
    }
    for (number, case) in cases.iter().enumerate() {
        let found = found.remove(&number).unwrap_or_default();
        let as_expected = found.len() == case.expected.len()
            && found.iter().zip(&case.expected).all(|(found, (severity, summary, at))| {
                let code = found["snippet"]["code"].as_str().unwrap_or_default().trim();
                found["severity"] == *severity && found["summary"] == *summary && code.starts_with(at)
            });
        ensure!(as_expected, "{}\nexpected {:?}\nfound {found:#?}", case.attributes, case.expected);
        for diagnostic in found {
            ensure!(diagnostic["detail"].as_str().is_some_and(|detail| detail.ends_with('.')), "{diagnostic:#}");
        }
    }
    Ok(())
}

fn all_problems_of_a_job_at_once() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    let attributes = r#"
  firmware_id        = ""
  product_key        = ""
  src_versions       = ["a", "b", "a", ""]
  tags               = { "no spaces" = "" }
  retry_interval     = 15
  timeout_in_minutes = 0
  maximum_per_minute = 5000
"#;
    terraform.write("main.tf", &crate::configuration::with_job(attributes))?;
    let output = terraform.run(&["validate", "-json"])?;
    let mut found: Vec<_> = output.diagnostics().iter().map(|it| it["summary"].as_str().unwrap().to_owned()).collect();
    found.sort_unstable();
    let expected = [
        "Invalid Firmware ID",
        "Invalid Maximum Per Minute",
        "Invalid Product Key",
        "Invalid Retry Interval",
        "Invalid Src Versions",
        "Invalid Src Versions",
        "Invalid Tag Key",
        "Invalid Tag Value",
        "Invalid Timeout In Minutes",
        "Missing Retry Count",
    ];
    ensure!(found == expected, "{found:#?}");
    Ok(())
}

fn unknown_values_silence_only_their_own_rules() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    let attributes = r#"
  firmware_id        = var.text
  product_key        = var.text
  src_versions       = [var.text, "a", var.text, "a"]
  tags               = { a = var.text, b = var.text }
  retry_interval     = var.number
  retry_count        = var.number
  timeout_in_minutes = var.number
  overwrite_mode     = var.number
"#;
    let variables = "variable \"text\" {\n  type = string\n}\nvariable \"number\" {\n  type = number\n}\n";
    terraform.write("main.tf", &format!("{variables}{}", crate::configuration::with_job(attributes)))?;
    let error = only_error(&terraform, &["validate", "-json"])?;
    says(&error, "Invalid Src Versions", &["`src_versions[1]`", "`src_versions[3]`"])
}
