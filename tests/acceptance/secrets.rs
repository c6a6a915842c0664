//! Secrets stay where they were given.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::json;
use testkit::{AccessKey, Emulator, Options, Relay, Terraform};
use uuid::Uuid;

use crate::configuration::{MINIMAL, with_job_and};

crate::trials!(
    keys_of_the_environment_are_nowhere,
    keys_in_the_configuration_are_nowhere_but_in_it;
    keys_of_the_provider_block_are_nowhere since Some([1, 10]), Some([1, 11])
);

/// Where the keys are given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Environment,
    /// The provider block, by ephemeral variables, which core keeps out of its plan.
    ProviderBlock,
    /// The provider block, as literals. Core shows them where it shows the configuration: in the plan's JSON.
    Literals,
}

const BLOCK: &str = r#"
  access_key     = var.id
  secret_key     = var.secret
  security_token = var.token
"#;

const VARIABLES: &str = r#"
variable "id" {
  ephemeral = true
}
variable "secret" {
  ephemeral = true
}
variable "token" {
  ephemeral = true
}
"#;

fn keys_of_the_environment_are_nowhere() -> Result<()> {
    every_command(Given::Environment)
}

fn keys_in_the_configuration_are_nowhere_but_in_it() -> Result<()> {
    every_command(Given::Literals)
}

fn keys_of_the_provider_block_are_nowhere() -> Result<()> {
    every_command(Given::ProviderBlock)
}

/// A key as nobody has one, with characters that change when they are encoded.
fn random_key() -> AccessKey {
    let random = || Uuid::new_v4().simple().to_string();
    AccessKey {
        id: format!("LTAI5t{}", random()),
        secret: format!("{}+{}/=", random(), random()),
        security_token: Some(format!("CAIS+/{}=={}", random(), random())),
    }
}

/// All commands of a working day at the finest level of logs, with a refusal in between that repeats what was signed;
/// after it, all that was written anywhere is searched.
fn every_command(given: Given) -> Result<()> {
    let key = random_key();
    let wrong = random_key();
    let fixtures = json!({"firmwares": [{
        "firmware_id": "fw-full", "product_key": "a1product", "firmware_name": "package", "dest_version": "2.0.0"
    }]});
    let emulator = Emulator::start_with(&Options { fixtures, flags: Vec::new() }, &key)?;
    let relay = Relay::to(emulator.url())?;
    let mut terraform = Terraform::new(relay.url())?;
    terraform.install_provider()?;
    terraform.set("TF_LOG", "TRACE");
    terraform.set("TF_LOG_PATH", terraform.directory().join("trace.log"));
    give(&mut terraform, given, &key)?;

    let mut printed = Vec::new();
    let mut run = |terraform: &Terraform, arguments: &[&str], code| -> Result<()> {
        let output = terraform.run(arguments)?;
        ensure!(output.code == Some(code), "{arguments:?}: {output:?}");
        printed.push((arguments.join(" "), output.stdout + &output.stderr));
        Ok(())
    };
    run(&terraform, &["init", "-input=false"], 0)?;
    run(&terraform, &["validate"], 0)?;
    run(&terraform, &["plan", "-input=false", "-out=saved.tfplan"], 0)?;
    run(&terraform, &["show", "-json", "saved.tfplan"], 0)?;
    run(&terraform, &["apply", "-input=false", "saved.tfplan"], 0)?;
    run(&terraform, &["plan", "-input=false", "-detailed-exitcode"], 0)?;
    run(&terraform, &["apply", "-refresh-only", "-auto-approve", "-input=false", "-json"], 0)?;
    run(&terraform, &["show", "-json"], 0)?;
    // A wrong secret: the refusal has the whole text that was signed in it. A wrong token: so has that one.
    let wrong_secret = AccessKey { secret: wrong.secret.clone(), ..key.clone() };
    let wrong_token = AccessKey { security_token: wrong.security_token.clone(), ..key.clone() };
    for wrong in [&wrong_secret, &wrong_token, &wrong] {
        give(&mut terraform, given, wrong)?;
        run(&terraform, &["plan", "-input=false"], 1)?;
    }
    give(&mut terraform, given, &key)?;
    run(&terraform, &["destroy", "-auto-approve", "-input=false"], 0)?;
    ensure!(emulator.jobs()?[0]["job_status"] == "CANCELED");

    let mut written = all_files(terraform.directory())?;
    if given == Given::Literals {
        // The configuration itself, and core's copy of it.
        written.retain(|(name, _)| !name.ends_with("main.tf"));
        let plan = printed.iter_mut().find(|(command, _)| command == "show -json saved.tfplan").unwrap();
        let mut shown: serde_json::Value = serde_json::from_str(&plan.1)?;
        shown.as_object_mut().unwrap().remove("configuration").unwrap();
        plan.1 = shown.to_string();
    }
    let log = &written.iter().find(|(name, _)| name.ends_with("trace.log")).unwrap().1;
    trace_is_there(log, &key)?;
    let state = written.iter().any(|(name, text)| name.ends_with("tfstate.backup") && text.contains("job_id"));
    ensure!(state, "the state has been there");
    let sent = relay.bodies();
    ensure!(
        sent.iter().any(|body| body.contains(&encoded(key.security_token.as_deref().unwrap()))),
        "the token was used"
    );

    let mut secrets = signatures(&sent);
    ensure!(secrets.len() == sent.len(), "each request has a signature of its own");
    for key in [&key, &wrong] {
        secrets.extend([key.id.clone(), key.secret.clone()]);
        secrets.extend(key.security_token.clone());
    }
    are_nowhere(&secrets, printed.iter().chain(&written))
}

/// Fails if one of the secrets, however it is spelled, is in one of the texts, which have names.
pub fn are_nowhere<'a>(
    secrets: &BTreeSet<String>,
    texts: impl IntoIterator<Item = &'a (String, String)>,
) -> Result<()> {
    let secrets: BTreeSet<String> = secrets.iter().flat_map(|secret| spellings(secret)).collect();
    for (name, text) in texts {
        // Its numbers stand for the name: a failure must not show what it complains of.
        for (number, secret) in secrets.iter().enumerate() {
            if let Some(line) = text.lines().find(|line| line.contains(secret.as_str())) {
                let (before, after) = line.split_once(secret.as_str()).unwrap_or_default();
                let around = |text: &str| text.chars().take(300).collect::<String>();
                let before: String = before.chars().rev().take(300).collect::<String>().chars().rev().collect();
                anyhow::bail!("{name} shows secret {number}: {before}<<<here>>>{}", around(after));
            }
        }
    }
    Ok(())
}

/// Ids, secrets and tokens of the keys that answers of STS, of the metadata service and of a credentials URI have in
/// them, and the metadata service's own tokens.
pub fn issued(answers: &[String]) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for answer in answers {
        let Ok(answer) = serde_json::from_str::<serde_json::Value>(answer) else {
            secrets.extend(Some(answer.clone()).filter(|text| text.ends_with("==")));
            continue;
        };
        let keys = answer.get("Credentials").unwrap_or(&answer);
        let members = ["AccessKeyId", "AccessKeySecret", "SecurityToken"].into_iter();
        secrets.extend(members.filter_map(|name| Some(keys.get(name)?.as_str()?.to_owned())));
    }
    secrets
}

/// Writes the configuration and sets the environment, so that the provider has this key.
fn give(terraform: &mut Terraform, given: Given, key: &AccessKey) -> Result<()> {
    terraform.unset("ALICLOUD_ACCESS_KEY");
    terraform.unset("ALICLOUD_SECRET_KEY");
    let values = [&key.id, &key.secret, key.security_token.as_deref().unwrap_or_default()];
    let mut set = |names: [&str; 3]| {
        for (name, value) in names.into_iter().zip(values) {
            terraform.set(name, value);
        }
    };
    let (block, rest) = match given {
        Given::Environment => {
            set(["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"]);
            (String::new(), "")
        }
        Given::ProviderBlock => {
            set(["TF_VAR_id", "TF_VAR_secret", "TF_VAR_token"]);
            (BLOCK.to_owned(), VARIABLES)
        }
        Given::Literals => {
            let [id, secret, token] = values.map(|value| format!("{value:?}"));
            (BLOCK.replace("var.id", &id).replace("var.secret", &secret).replace("var.token", &token), "")
        }
    };
    terraform.write("main.tf", &format!("{}{rest}", with_job_and(&block, MINIMAL)))
}

/// The log has the exchange in it, with the call that it belongs to.
fn trace_is_there(log: &str, key: &AccessKey) -> Result<()> {
    let masked = format!("{}***{}", &key.id[..4], &key.id[key.id.len() - 2..]);
    for (message, parts) in [
        (
            "sending a request",
            [
                "action=CreateOTADynamicUpgradeJob",
                "FirmwareId=fw-full",
                "tf_rpc=ApplyResourceChange",
                "SecurityToken=(hidden)",
                "Signature=(hidden)",
                &format!("AccessKeyId={masked}"),
            ],
        ),
        (
            "received an answer",
            [
                "action=CreateOTADynamicUpgradeJob",
                "http_status=200",
                "tf_rpc=ApplyResourceChange",
                "JobId=",
                "request_id=",
                "tf_req_id=",
            ],
        ),
        (
            "received an answer",
            [
                "action=QueryOTAJob",
                "http_status=400",
                "tf_rpc=ReadResource",
                "Code=SignatureDoesNotMatch",
                "Message=(hidden)",
                "tf_req_id=",
            ],
        ),
    ] {
        let lines = log.lines().filter(|line| line.contains("provider.terraform-provider-alicloud-iot"));
        let mut lines = lines.filter(|line| line.contains(message));
        ensure!(lines.any(|line| parts.iter().all(|part| line.contains(part))), "no {message:?} with {parts:?}");
    }
    Ok(())
}

/// The signatures in the forms that were sent.
fn signatures(bodies: &[String]) -> BTreeSet<String> {
    let sent = bodies.iter().filter_map(|body| body.split('&').find_map(|pair| pair.strip_prefix("Signature=")));
    sent.map(|signature| percent_decode_str(signature).decode_utf8_lossy().into_owned()).collect()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// As it is, encoded once and twice, with hexadecimal digits of either case, escaped in JSON, and in Base64.
fn spellings(secret: &str) -> Vec<String> {
    let once = encoded(secret);
    let lower = once.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d");
    vec![
        encoded(&once),
        encoded(&lower),
        once,
        lower,
        secret.replace('/', "\\/"),
        STANDARD.encode(secret),
        secret.to_owned(),
    ]
}

/// Names and contents of all files below a directory, but of the installed provider.
pub fn all_files(directory: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && entry.file_name() != "mirror" {
            files.extend(all_files(&path)?);
        } else if kind.is_file() {
            files.push((path.display().to_string(), String::from_utf8_lossy(&std::fs::read(&path)?).into_owned()));
        }
    }
    Ok(files)
}
