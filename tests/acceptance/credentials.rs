//! Each source of credentials, as users name it, with keys that the emulator issues and checks.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, Emulator, Relay, Terraform};

use crate::configuration::{JOB, MINIMAL, apply, only_error, says, set_up, with_job, with_job_and};
use crate::secrets::{all_files, are_nowhere, issued};

crate::trials!(
    each_source_has_keys_that_the_service_takes,
    keys_of_another_account_create_nothing,
    the_environment_wins_over_the_block_with_a_warning,
    profiles_that_cannot_be_used,
    the_region_of_a_profile_counts_where_no_other_is_given,
    roles_that_are_none,
    live_sources_are_refused_where_tests_forbid_them,
);

const PLAN: &[&str] = &["plan", "-json", "-input=false"];
const ROLE: &str = "acs:ram::1000000000000001:role/ota";
const ID_PROVIDER: &str = "acs:ram::1000000000000001:oidc-provider/idp";
const EXTERNAL_ID: &str = "the word that was agreed upon";

/// A file of profiles and what they need, in a directory of its own.
struct Home {
    directory: TempDir,
    token: String,
    temporary: Value,
}

impl Home {
    /// One profile a mode, named after it.
    fn new(emulator: &str) -> Result<Self> {
        let directory = TempDir::new()?;
        let claims =
            json!({"iss": "https://idp", "sub": "runner", "aud": "sts.aliyuncs.com", "exp": 4_000_000_000_i64});
        let part = |value: &str| URL_SAFE_NO_PAD.encode(value);
        let token = format!("{}.{}.{}", part("{}"), part(&claims.to_string()), part("a signature"));
        let uri = uri(emulator);
        let temporary = tokio::runtime::Runtime::new()?.block_on(async { reqwest::get(&uri).await?.bytes().await })?;
        let temporary: Value = serde_json::from_slice(&temporary)?;
        let home = Self { directory, token, temporary };
        std::fs::write(home.file("the token"), &home.token)?;
        let key = json!({"access_key_id": ACCESS_KEY_ID, "access_key_secret": ACCESS_KEY_SECRET});
        let mut printed = key.clone();
        printed["mode"] = "AK".into();
        std::fs::write(home.file("the keys.json"), printed.to_string())?;
        let role = json!({"ram_role_arn": ROLE, "ram_session_name": "run", "external_id": EXTERNAL_ID});
        let with = |name: &str, mode: &str, others: &[&Value]| {
            let mut profile = json!({"name": name, "mode": mode, "region_id": "eu-central-1"});
            for other in others {
                profile.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
            }
            profile
        };
        let text = |file: &str| home.file(file).display().to_string();
        let member = |name: &str| home.temporary[name].clone();
        let profiles = json!({"current": "other", "profiles": [
            with("key", "AK", &[&key]),
            with("temporary", "StsToken", &[&json!({
                "access_key_id": member("AccessKeyId"), "access_key_secret": member("AccessKeySecret"),
                "sts_token": member("SecurityToken")
            })]),
            with("role", "RamRoleArn", &[&key, &role]),
            with("chained", "ChainableRamRoleArn", &[&role, &json!({"source_profile": "role"})]),
            with("program", "External", &[&json!({"process_command": format!("cat '{}'", text("the keys.json"))})]),
            with("uri", "CredentialsURI", &[&json!({"credentials_uri": uri})]),
            with("oidc", "OIDC", &[&role, &json!({
                "oidc_provider_arn": ID_PROVIDER, "oidc_token_file": text("the token")
            })]),
            with("loop", "ChainableRamRoleArn", &[&role, &json!({"source_profile": "loop"})]),
            with("sso", "CloudSSO", &[]),
        ]});
        std::fs::write(home.file("config.json"), profiles.to_string())?;
        Ok(home)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Arguments that name a profile.
    fn profile(&self, name: &str) -> String {
        format!("profile = \"{name}\"\nshared_credentials_file = {}", Value::from(self.file("config.json").to_str()))
    }

    fn secrets(&self) -> Vec<&str> {
        let member = |name: &str| self.temporary[name].as_str().unwrap();
        let [id, secret, token] = ["AccessKeyId", "AccessKeySecret", "SecurityToken"].map(member);
        vec![ACCESS_KEY_ID, ACCESS_KEY_SECRET, &self.token, EXTERNAL_ID, id, secret, token, "hunter2"]
    }
}

fn uri(emulator: &str) -> String {
    format!("{emulator}/_emulator/credentials?password=hunter2")
}

/// A Terraform without keys, whose STS is the emulator.
fn without_keys() -> Result<(Emulator, Terraform, Home)> {
    let (emulator, mut terraform) = set_up(&[])?;
    terraform.unset("ALICLOUD_ACCESS_KEY");
    terraform.unset("ALICLOUD_SECRET_KEY");
    terraform.set("STS_ENDPOINT", emulator.url());
    let home = Home::new(emulator.url())?;
    Ok((emulator, terraform, home))
}

/// A provider block, variables beside it, how often a role is assumed for a plan, and words of the log.
type Source = (String, Vec<(&'static str, String)>, [usize; 2], &'static str);

fn sources(emulator: &str, home: &Home) -> Vec<Source> {
    let none = Vec::new;
    let keys = || {
        vec![("ALICLOUD_ACCESS_KEY", ACCESS_KEY_ID.to_owned()), ("ALICLOUD_SECRET_KEY", ACCESS_KEY_SECRET.to_owned())]
    };
    let assume = |rest: &str| format!("assume_role {{\n  {rest}\n}}");
    let with_oidc = |rest: &str| format!("assume_role_with_oidc {{\n  {rest}\n}}");
    let file = Value::from(home.file("the token").to_str());
    vec![
        (home.profile("key"), none(), [0, 0], "given keys"),
        (home.profile("temporary"), none(), [0, 0], "given keys"),
        (home.profile("role"), none(), [1, 0], "role acs:ram::1000000000000001:role/ota assumed with given keys"),
        (home.profile("chained"), none(), [2, 0], "assumed with role"),
        (home.profile("program"), none(), [0, 0], "program cat"),
        (home.profile("uri"), none(), [0, 0], "credentials URI on http://127.0.0.1"),
        (home.profile("oidc"), none(), [0, 1], "assumed with an OIDC token"),
        (
            String::new(),
            vec![
                ("ALIBABA_CLOUD_PROFILE", "program".to_owned()),
                ("ALIBABA_CLOUD_CREDENTIALS_FILE", home.file("config.json").display().to_string()),
            ],
            [0, 0],
            "program cat",
        ),
        (format!("credentials_uri = \"{}\"", uri(emulator)), none(), [0, 0], "credentials URI on"),
        (String::new(), vec![("ALIBABA_CLOUD_CREDENTIALS_URI", uri(emulator))], [0, 0], "credentials URI on"),
        (
            assume(&format!("role_arn = \"{ROLE}\"\nsession_expiration = 900")),
            keys(),
            [1, 0],
            "assumed with given keys",
        ),
        (
            assume(""),
            [keys(), vec![("ALICLOUD_ASSUME_ROLE_ARN", ROLE.to_owned())]].concat(),
            [1, 0],
            "assumed with given",
        ),
        (assume("role_arn = \"\""), keys(), [0, 0], "given keys"),
        (
            format!("{}\n{}", home.profile("oidc"), assume(&format!("role_arn = \"{ROLE}\""))),
            none(),
            [1, 1],
            "assumed with an OIDC token",
        ),
        (
            with_oidc(&format!(
                "role_arn = \"{ROLE}\"\noidc_provider_arn = \"{ID_PROVIDER}\"\noidc_token_file = {file}"
            )),
            // A token of the environment does not count before a file of the block.
            vec![("ALIBABA_CLOUD_OIDC_TOKEN", "no token".to_owned())],
            [0, 1],
            "assumed with an OIDC token",
        ),
        (
            with_oidc(""),
            vec![
                ("ALIBABA_CLOUD_ROLE_ARN", ROLE.to_owned()),
                ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", ID_PROVIDER.to_owned()),
                ("ALIBABA_CLOUD_OIDC_TOKEN", home.token.clone()),
            ],
            [0, 1],
            "assumed with an OIDC token",
        ),
    ]
}

fn each_source_has_keys_that_the_service_takes() -> Result<()> {
    let (emulator, mut terraform, home) = without_keys()?;
    let relay = Relay::to(emulator.url())?;
    terraform.set("STS_ENDPOINT", relay.url());
    terraform.set("TF_LOG", "TRACE");
    terraform.set("ALICLOUD_REGION", "cn-shanghai");
    let mut printed = Vec::new();
    let mut is_new = true;
    for (number, (block, variables, [roles, tokens], logged)) in sources(relay.url(), &home).into_iter().enumerate() {
        for (name, value) in &variables {
            terraform.set(name, value);
        }
        let log = terraform.directory().join(format!("{number}.log"));
        let before = [emulator.calls("AssumeRole")?, emulator.calls("AssumeRoleWithOIDC")?];
        terraform.set("TF_LOG_PATH", &log);
        terraform.write("main.tf", &with_job_and(&block, MINIMAL))?;
        if std::mem::take(&mut is_new) {
            terraform.apply(&[])?;
        }
        let plan = terraform.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode"])?;
        ensure!(plan.code == Some(0), "{block} {variables:?}\n{}\n{}", plan.stdout, plan.stderr);
        let calls = [emulator.calls("AssumeRole")? - before[0], emulator.calls("AssumeRoleWithOIDC")? - before[1]];
        ensure!(calls == [roles, tokens], "{block}: {calls:?}");
        printed.push((block, plan.stdout + &plan.stderr));
        let log = std::fs::read_to_string(&log)?;
        let line = log.lines().find(|line| line.contains("got credentials") && line.contains(logged));
        ensure!(line.is_some(), "the log does not say {logged:?}");
        ensure!(log.contains("chose the source of credentials"), "the log does not say which source counts");
        for (name, _) in &variables {
            terraform.unset(name);
        }
    }
    let mut secrets = issued(&relay.answers());
    ensure!(secrets.len() > 3 * 8, "keys of STS have been seen: {}", secrets.len());
    secrets.extend(home.secrets().into_iter().map(str::to_owned));
    let mut written = all_files(terraform.directory())?;
    written.retain(|(name, _)| !name.ends_with("main.tf"));
    are_nowhere(&secrets, printed.iter().chain(&written))
}

fn keys_of_another_account_create_nothing() -> Result<()> {
    let (emulator, mut terraform) = set_up(&[])?;
    terraform.set("STS_ENDPOINT", emulator.url());
    terraform.set("ALICLOUD_ACCOUNT_ID", "2000000000000002");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    let error = only_error(&terraform, &["apply", "-json", "-input=false", "-auto-approve"])?;
    let detail = error["detail"].as_str().context("a detail")?;
    ensure!(detail.contains("keys of account 1000000000000001, while only 2000000000000002 may be used"), "{detail}");
    ensure!(emulator.jobs()?.is_empty() && emulator.calls("CreateOTADynamicUpgradeJob")? == 0);
    apply(&terraform, &with_job_and("account_id = \"1000000000000001\"", MINIMAL))?;
    ensure!(emulator.jobs()?.len() == 1);
    terraform.write("main.tf", &with_job_and("account_id = \"me\"", MINIMAL))?;
    says(
        &only_error(&terraform, &["validate", "-json"])?,
        "Invalid Provider Argument",
        &["`account_id`", "digits only"],
    )
}

fn the_environment_wins_over_the_block_with_a_warning() -> Result<()> {
    let (emulator, terraform) = set_up(&[])?;
    let home = Home::new(emulator.url())?;
    // The key of the profile would do as well; that of the environment is the official provider's order.
    terraform
        .write("main.tf", &with_job_and(&format!("region = \"cn-shanghai\"\n{}", home.profile("key")), MINIMAL))?;
    let output = terraform.run(PLAN)?.success()?;
    let warning = output.diagnostics().into_iter().find(|it| it["severity"] == "warning").context("no warning")?;
    says(
        &warning,
        "Source Of Credentials Not Used",
        &["`profile` is in the provider block, but the environment variable ALICLOUD_ACCESS_KEY counts first"],
    )?;
    ensure!(warning["range"]["start"]["line"].is_number(), "it points at the argument: {warning}");
    Ok(())
}

fn profiles_that_cannot_be_used() -> Result<()> {
    let (_emulator, terraform, home) = without_keys()?;
    let file = home.file("config.json").display().to_string();
    let elsewhere = "profile = \"key\"\nshared_credentials_file = \"/nowhere/config.json\"";
    for (block, text) in [
        (home.profile("none"), format!("{file}, profile \"none\" does not exist. The file has key, temporary, role")),
        (
            home.profile("loop"),
            format!("{file}, profile \"loop\", field `source_profile`: it leads back to the same profile"),
        ),
        (home.profile("sso"), format!("{file}, profile \"sso\", field `mode`: mode CloudSSO cannot be used here")),
        (elsewhere.to_owned(), "/nowhere/config.json does not exist".to_owned()),
    ] {
        terraform.write("main.tf", &with_job_and(&block, MINIMAL))?;
        let error = only_error(&terraform, PLAN)?;
        says(&error, "Profile Cannot Be Used", &["`profile` names a profile", &text, "Nothing was sent"])?;
        ensure!(error["range"]["start"]["line"].is_number(), "it points at the argument: {error}");
    }
    std::fs::write(home.file("config.json"), "access_key_secret = hunter2")?;
    terraform.write("main.tf", &with_job_and(&home.profile("key"), MINIMAL))?;
    let error = only_error(&terraform, PLAN)?;
    says(&error, "Profile Cannot Be Used", &[&format!("{file} is not JSON: line 1, column 1")])?;
    ensure!(!error.to_string().contains("hunter2"));
    Ok(())
}

fn the_region_of_a_profile_counts_where_no_other_is_given() -> Result<()> {
    let (_emulator, mut terraform, home) = without_keys()?;
    apply(&terraform, &with_job_and(&home.profile("key"), MINIMAL))?;
    ensure!(terraform.attributes(JOB)?.unwrap()["region"] == "eu-central-1");
    terraform.destroy()?;
    terraform
        .write("main.tf", &with_job_and(&format!("region = \"cn-hangzhou\"\n{}", home.profile("key")), MINIMAL))?;
    says(&only_error(&terraform, PLAN)?, "Unknown Region", &["`region` is \"cn-hangzhou\"", "skip_region_validation"])?;
    terraform.set("ALICLOUD_SKIP_REGION_VALIDATION", "true");
    terraform.run(PLAN)?.success()?;
    Ok(())
}

fn roles_that_are_none() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    let assume = |rest: &str| format!("assume_role {{\n  role_arn = \"{ROLE}\"\n  {rest}\n}}");
    let oidc = |rest: &str| format!("assume_role_with_oidc {{\n  role_arn = \"{ROLE}\"\n  {rest}\n}}");
    for (block, argument, reason) in [
        ("assume_role {\n role_arn = \"hunter2\"\n}".to_owned(), "assume_role.role_arn", "not the ARN of a role"),
        (assume("session_name = \"a b\""), "assume_role.session_name", "a session name has 2 to 64 characters"),
        (assume("session_expiration = 899"), "assume_role.session_expiration", "a session lasts 900 to 43200 seconds"),
        (assume("policy = \"hunter2\""), "assume_role.policy", "a policy is a JSON object"),
        (assume("external_id = \"x\""), "assume_role.external_id", "an external ID has 2 to 1224"),
        (
            oidc("oidc_token = \"hunter2\"\n  oidc_provider_arn = \"idp\""),
            "assume_role_with_oidc.oidc_provider_arn",
            "not the ARN of an OIDC provider",
        ),
        (
            "credentials_uri = \"http://10.0.0.1/hunter2\"".to_owned(),
            "credentials_uri",
            "plain http is accepted for this",
        ),
        ("client_read_timeout = 0".to_owned(), "client_read_timeout", "milliseconds above 0"),
        ("client_read_timeout = 1.5".to_owned(), "client_read_timeout", "no whole number"),
        ("max_retry_timeout = 1e30".to_owned(), "max_retry_timeout", "too large"),
        ("configuration_source = \"ü\"".to_owned(), "configuration_source", "printable ASCII"),
    ] {
        terraform.write("main.tf", &with_job_and(&block, MINIMAL))?;
        let error = only_error(&terraform, &["validate", "-json"])?;
        says(&error, "Invalid Provider Argument", &[&format!("`{argument}` cannot be used"), reason])?;
        ensure!(!error["detail"].as_str().unwrap().contains("hunter2"), "{error}");
        ensure!(error["range"]["start"]["line"].is_number(), "it points at the argument: {error}");
    }
    terraform.write("main.tf", &with_job_and("assume_role {}", MINIMAL))?;
    says(
        &only_error(&terraform, PLAN)?,
        "Missing Provider Argument",
        &["assume_role.role_arn", "ALICLOUD_ASSUME_ROLE_ARN"],
    )?;
    terraform.set("CLIENT_READ_TIMEOUT", "soon");
    terraform.write("main.tf", &with_job(MINIMAL))?;
    says(&only_error(&terraform, PLAN)?, "Invalid Environment Variable", &["CLIENT_READ_TIMEOUT cannot be used"])
}

fn live_sources_are_refused_where_tests_forbid_them() -> Result<()> {
    let (emulator, mut terraform, _home) = without_keys()?;
    terraform.set("ALICLOUD_IOT_REFUSE_LIVE", "true");
    let keys = format!("access_key = \"{ACCESS_KEY_ID}\"\nsecret_key = \"{ACCESS_KEY_SECRET}\"");
    let refused = |terraform: &Terraform, block: &str, address: &str| {
        terraform.write("main.tf", &with_job_and(block, MINIMAL))?;
        says(&only_error(terraform, PLAN)?, "Live Endpoint Refused", &[address])
    };
    refused(&terraform, "ecs_role_name = \"ota\"", "requests would go to http://100.100.100.200")?;
    refused(&terraform, "credentials_uri = \"https://example.com/x\"", "requests would go to https://example.com")?;
    terraform.unset("STS_ENDPOINT");
    let role = format!("{keys}\nassume_role {{\n  role_arn = \"{ROLE}\"\n}}");
    refused(&terraform, &role, "requests would go to https://sts.cn-shanghai.aliyuncs.com")?;
    refused(&terraform, &format!("{keys}\naccount_id = \"1\""), "https://sts.cn-shanghai.aliyuncs.com")?;
    // What is not asked need not be on this machine.
    apply(&terraform, &with_job_and(&keys, MINIMAL))?;
    ensure!(emulator.jobs()?.len() == 1);
    Ok(())
}
