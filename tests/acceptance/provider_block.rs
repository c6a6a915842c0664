//! The provider block and the environment beside it.

use anyhow::{Result, ensure};

use crate::configuration::{JOB, MINIMAL, apply, only_error, says, set_up, with_job, with_job_and};

crate::trials!(
    validate_needs_no_credentials,
    missing_credentials_name_every_place,
    half_of_the_credentials_is_missing,
    the_block_wins_over_the_environment,
    environment_names_in_their_order,
    plain_http_is_for_this_machine_only,
    endpoints_and_regions_that_are_none,
    unknown_arguments_wait_until_they_are_known,
    an_unknown_region_waits_until_it_is_known_whether_it_may_be,
    unknown_arguments_remove_nothing,
    sensitive_arguments_are_not_shown,
    a_live_endpoint_is_refused_where_tests_forbid_it,
    preflight_is_one_of_three,
);

const PLAN: &[&str] = &["plan", "-json", "-input=false"];

fn validate_needs_no_credentials() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    terraform.unset("ALICLOUD_ACCESS_KEY");
    terraform.unset("ALICLOUD_SECRET_KEY");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    terraform.run(&["validate"])?.success()?;
    Ok(())
}

fn missing_credentials_name_every_place() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    terraform.unset("ALICLOUD_ACCESS_KEY");
    terraform.unset("ALICLOUD_SECRET_KEY");
    terraform.write("main.tf", &with_job_and("access_key = \"\"", MINIMAL))?;
    let error = only_error(&terraform, PLAN)?;
    let places = [
        "access_key: the provider block, then ALICLOUD_ACCESS_KEY, ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABACLOUD_ACCESS_KEY_ID",
        "secret_key: the provider block, then ALICLOUD_SECRET_KEY, ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ];
    says(&error, "Missing Credentials", &places)
}

fn half_of_the_credentials_is_missing() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    terraform.unset("ALICLOUD_SECRET_KEY");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    let error = only_error(&terraform, PLAN)?;
    says(&error, "Missing Credentials", &["secret_key: "])?;
    ensure!(!error["detail"].as_str().unwrap().contains("access_key:"));
    Ok(())
}

fn the_block_wins_over_the_environment() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    terraform.set("ALICLOUD_ACCESS_KEY", "wrong");
    terraform.set("ALICLOUD_SECRET_KEY", "wrong");
    terraform.set("ALICLOUD_REGION", "us-west-1");
    terraform.set("IOT_ENDPOINT", "http://127.0.0.1:1");
    let provider = format!(
        "access_key = \"{}\"\nsecret_key = \"{}\"\nregion = \"ap-southeast-1\"\nendpoints {{ iot = \"{}\" }}",
        testkit::ACCESS_KEY_ID,
        testkit::ACCESS_KEY_SECRET,
        emulator.url()
    );
    apply(&terraform, &with_job_and(&provider, MINIMAL))?;
    ensure!(terraform.attributes(JOB)?.unwrap()["region"] == "ap-southeast-1");
    Ok(())
}

fn environment_names_in_their_order() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    terraform.unset("ALICLOUD_ACCESS_KEY");
    terraform.unset("ALICLOUD_SECRET_KEY");
    terraform.set("ALIBABA_CLOUD_ACCESS_KEY_ID", testkit::ACCESS_KEY_ID);
    terraform.set("ALIBABACLOUD_ACCESS_KEY_ID", "comes later");
    terraform.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", testkit::ACCESS_KEY_SECRET);
    terraform.set("ALIBABACLOUD_ACCESS_KEY_SECRET", "comes later");
    terraform.set("ALIBABA_CLOUD_REGION", "comes-later");
    terraform.set("ALICLOUD_REGION", "eu-central-1");
    apply(&terraform, &with_job(MINIMAL))?;
    ensure!(terraform.attributes(JOB)?.unwrap()["region"] == "eu-central-1");
    Ok(())
}

fn plain_http_is_for_this_machine_only() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    terraform.unset("IOT_ENDPOINT");
    terraform.write("main.tf", &with_job_and("endpoints {\n iot = \"http://iot.example.com\"\n}", MINIMAL))?;
    let error = only_error(&terraform, &["validate", "-json"])?;
    says(&error, "Invalid Endpoint", &["`endpoints.iot`", "https://iot.cn-shanghai.aliyuncs.com"])?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    terraform.set("ALIBABA_CLOUD_ENDPOINT_IOT", "http://10.0.0.1");
    says(&only_error(&terraform, PLAN)?, "Invalid Endpoint", &["ALIBABA_CLOUD_ENDPOINT_IOT"])
}

fn endpoints_and_regions_that_are_none() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    for endpoint in
        ["iot.cn-shanghai.aliyuncs.com", "https://host/path", "https://user:hunter2@host", "ftp://host", "https://"]
    {
        terraform.write("main.tf", &with_job_and(&format!("endpoints {{\n iot = \"{endpoint}\"\n}}"), MINIMAL))?;
        let error = only_error(&terraform, &["validate", "-json"])?;
        says(&error, "Invalid Endpoint", &["`endpoints.iot`"])?;
        ensure!(!error["detail"].as_str().unwrap().contains("hunter2"));
    }
    for region in ["cn shanghai", "cn/shanghai", "evil.example.com#", "CN-SHANGHAI"] {
        terraform.write("main.tf", &with_job_and(&format!("region = \"{region}\""), MINIMAL))?;
        says(&only_error(&terraform, &["validate", "-json"])?, "Invalid Region", &["cn-shanghai"])?;
    }
    terraform.unset("IOT_ENDPOINT");
    terraform.set("ALICLOUD_REGION", "x.y");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    says(&only_error(&terraform, PLAN)?, "Invalid Region", &["ALICLOUD_REGION"])
}

/// A provider block whose key is made in the same run.
fn late_key(argument: &str) -> String {
    let provider = format!("{argument} = terraform_data.late.output");
    format!(
        "{}\nresource \"terraform_data\" \"late\" {{\n  input = \"{}\"\n}}\n",
        with_job_and(&provider, MINIMAL),
        testkit::ACCESS_KEY_ID
    )
}

fn unknown_arguments_wait_until_they_are_known() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    terraform.unset("ALICLOUD_ACCESS_KEY");
    terraform.write("main.tf", &late_key("access_key"))?;
    let plan = terraform.plan(&[])?;
    ensure!(plan["resource_changes"].as_array().unwrap().len() == 2);
    apply(&terraform, &late_key("access_key"))?;
    ensure!(emulator.jobs()?.len() == 1);
    Ok(())
}

fn an_unknown_region_waits_until_it_is_known_whether_it_may_be() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let configuration = |skip: bool| {
        let provider = "region = \"cn-newtown\"\nskip_region_validation = terraform_data.late.output";
        let late = format!("resource \"terraform_data\" \"late\" {{\n  input = {skip}\n}}\n");
        format!("{}\n{late}", with_job_and(provider, MINIMAL))
    };
    apply(&terraform, &configuration(true))?;
    ensure!(emulator.jobs()?.len() == 1);
    let (_emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &configuration(false))?;
    terraform.plan(&[])?;
    let error = only_error(&terraform, &["apply", "-json", "-input=false", "-auto-approve"])?;
    says(&error, "Unknown Region", &["cn-newtown"])
}

fn unknown_arguments_remove_nothing() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    apply(&terraform, &with_job(MINIMAL))?;
    for argument in ["access_key", "secret_key", "region"] {
        terraform.write("main.tf", &late_key(argument))?;
        let error = only_error(&terraform, PLAN)?;
        says(&error, "Provider Arguments Are Not Known Yet", &[argument, "Nothing was changed", "-target"])?;
    }
    ensure!(terraform.attributes(JOB)?.is_some() && emulator.jobs()?[0]["job_status"] == "IN_PROGRESS");
    Ok(())
}

fn sensitive_arguments_are_not_shown() -> Result<()> {
    let (_emulator, terraform) = set_up(&[])?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    let schema = terraform.run(&["providers", "schema", "-json"])?.success()?;
    let schema: serde_json::Value = serde_json::from_str(&schema.stdout)?;
    let block = &schema["provider_schemas"]["terraform.local/iot/alicloud-iot"]["provider"]["block"]["attributes"];
    for (attribute, sensitive) in [("secret_key", true), ("security_token", true), ("access_key", false)] {
        ensure!(block[attribute]["sensitive"].as_bool().unwrap_or(false) == sensitive, "{attribute}");
    }
    Ok(())
}

fn a_live_endpoint_is_refused_where_tests_forbid_it() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    apply(&terraform, &with_job_and("refuse_live = true", MINIMAL))?;
    ensure!(emulator.jobs()?.len() == 1);
    terraform.set("ALICLOUD_IOT_REFUSE_LIVE", "true");
    terraform.unset("IOT_ENDPOINT");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    let texts = ["ALICLOUD_IOT_REFUSE_LIVE is set", "https://iot.cn-shanghai.aliyuncs.com", "Nothing was sent"];
    says(&only_error(&terraform, PLAN)?, "Live Endpoint Refused", &texts)?;
    // The block decides, and a switch for safety that cannot be read is no permission.
    terraform.set("ALICLOUD_IOT_REFUSE_LIVE", "yes");
    says(
        &only_error(&terraform, PLAN)?,
        "Invalid Environment Variable",
        &["ALICLOUD_IOT_REFUSE_LIVE cannot be used: it is neither"],
    )?;
    terraform.set("IOT_ENDPOINT", "https://192.0.2.1");
    terraform.set("ALICLOUD_IOT_REFUSE_LIVE", "0");
    terraform.write("main.tf", &with_job_and("refuse_live = true", MINIMAL))?;
    says(&only_error(&terraform, PLAN)?, "Live Endpoint Refused", &["`refuse_live` is set", "https://192.0.2.1"])
}

fn preflight_is_one_of_three() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    terraform.write("main.tf", &with_job_and("preflight = \"warning\"", MINIMAL))?;
    let error = only_error(&terraform, &["validate", "-json"])?;
    says(&error, "Invalid Preflight", &["`preflight` is \"warning\"", "`error`, `warn`, `off`"])?;
    terraform.set("ALICLOUD_IOT_PREFLIGHT", "OFF");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    says(&only_error(&terraform, PLAN)?, "Invalid Preflight", &["ALICLOUD_IOT_PREFLIGHT is \"OFF\""])?;
    for preflight in ["error", "warn", "off"] {
        terraform.write("main.tf", &with_job_and(&format!("preflight = \"{preflight}\""), MINIMAL))?;
        terraform.run(PLAN)?.success()?;
    }
    Ok(())
}
