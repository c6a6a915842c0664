//! Profiles that are right, and everything that can be wrong with one.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::iot::credentials::{Profile, ProfileError, ProfileFile, Recipe};

/// What must not be in a message.
const SECRET: &str = "hunter2";

fn write(content: &str) -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("config.json");
    std::fs::write(&path, content).unwrap();
    (directory, path)
}

fn profile(profiles: &Value, name: &str) -> Result<Profile, ProfileError> {
    let (_directory, path) = write(&json!({"current": "default", "profiles": profiles}).to_string());
    ProfileFile::read(&path)?.profile(name)
}

/// The message, with `FILE` for the path.
fn message(content: &str, name: &str) -> String {
    let (_directory, path) = write(content);
    let error = ProfileFile::read(&path).and_then(|file| file.profile(name)).expect_err(content);
    let message = error.to_string();
    for shown in [message.clone(), format!("{error:?}")] {
        assert!(!shown.contains(SECRET), "{shown}");
    }
    assert!(message.starts_with(&path.display().to_string()), "{message}");
    message.replacen(&path.display().to_string(), "FILE", 1)
}

/// A profile of each mode with all that it needs, and what is made of it.
fn whole() -> Vec<(Value, &'static str)> {
    let arn = "acs:ram::100000000000:role/ota";
    vec![
        (json!({"mode": "AK", "access_key_id": "key", "access_key_secret": SECRET}), "Keys"),
        (json!({"mode": "StsToken", "access_key_id": "key", "access_key_secret": SECRET, "sts_token": SECRET}), "Keys"),
        (
            json!({
                "mode": "RamRoleArn", "access_key_id": "key", "access_key_secret": SECRET, "ram_role_arn": arn,
                "ram_session_name": "tf", "expired_seconds": 900, "external_id": SECRET, "policy": "{}"
            }),
            "AssumeRole { with: Keys",
        ),
        (
            json!({
                "mode": "ChainableRamRoleArn", "source_profile": "base", "ram_role_arn": arn, "ram_session_name": "tf"
            }),
            "AssumeRole { with: Keys",
        ),
        (json!({"mode": "EcsRamRole"}), "EcsRole(None)"),
        (json!({"mode": "EcsRamRole", "ram_role_name": "ota-role"}), "EcsRole(Some(\"ota-role\"))"),
        (json!({"mode": "External", "process_command": "get-keys hunter2"}), "Program(ExternalProgram"),
        (
            json!({"mode": "CredentialsURI", "credentials_uri": "http://127.0.0.1:1/?token=hunter2"}),
            "Uri(CredentialsUri(http://127.0.0.1:1",
        ),
        (
            json!({
                "mode": "OIDC", "oidc_provider_arn": "acs:ram::100000000000:oidc-provider/idp",
                "oidc_token_file": "/run/token", "ram_role_arn": arn, "ram_session_name": "tf"
            }),
            "Oidc(OidcRole",
        ),
    ]
}

fn named(profile: &Value) -> Value {
    let mut profile = profile.clone();
    profile["name"] = "p".into();
    json!([profile, {"name": "base", "mode": "AK", "access_key_id": "key", "access_key_secret": SECRET}])
}

#[test]
fn each_mode_in_any_case() {
    for (fields, expected) in whole() {
        for mode in [fields["mode"].as_str().unwrap().to_owned(), fields["mode"].as_str().unwrap().to_lowercase()] {
            let mut fields = fields.clone();
            fields["mode"] = mode.into();
            let profile = profile(&named(&fields), "p").unwrap();
            let shown = format!("{profile:?}");
            assert!(shown.starts_with(&format!("Profile {{ recipe: {expected}")), "{shown}");
            assert!(!shown.contains(SECRET), "{shown}");
        }
    }
}

#[test]
fn each_field_that_a_mode_needs() {
    let optional = ["name", "mode", "expired_seconds", "external_id", "policy", "ram_role_name"];
    for (whole, _) in whole() {
        let mode = whole["mode"].as_str().unwrap();
        for field in whole.as_object().unwrap().keys().filter(|field| !optional.contains(&field.as_str())) {
            for nothing in [Value::Null, "".into()] {
                let mut fields = whole.clone();
                fields[field] = nothing;
                let content = json!({"profiles": named(&fields)}).to_string();
                let expected = format!("FILE, profile \"p\", field `{field}`: it is missing, and mode {mode} needs it");
                assert_eq!(message(&content, "p"), expected);
            }
            let mut fields = whole.clone();
            fields[field] = json!([SECRET]);
            let content = json!({"profiles": named(&fields)}).to_string();
            assert_eq!(message(&content, "p"), format!("FILE, profile \"p\", field `{field}`: it is not a text"));
        }
    }
}

#[test]
fn what_else_can_be_wrong() {
    let role = |changes: Value| {
        let mut fields = whole().remove(2).0;
        fields.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        json!({"profiles": named(&fields)}).to_string()
    };
    let chained = |name: &str, source: &str| {
        json!({
            "name": name, "mode": "ChainableRamRoleArn", "source_profile": source,
            "ram_role_arn": "acs:ram::100000000000:role/ota", "ram_session_name": "tf"
        })
    };
    let one = |fields: Value| json!({"profiles": named(&fields)}).to_string();
    for (content, expected) in [
        (String::new(), "FILE is not JSON: line 1, column 0".to_owned()),
        ("access_key_secret = hunter2".to_owned(), "FILE is not JSON: line 1, column 1".to_owned()),
        (
            "{\"profiles\": [{\n\"access_key_secret\": \"hunter2}]}".to_owned(),
            "FILE is not JSON: line 2, column 32".to_owned(),
        ),
        ("\"hunter2\"".to_owned(), "FILE has no list `profiles` of objects".to_owned()),
        ("{\"profiles\": {\"p\": 1}}".to_owned(), "FILE has no list `profiles` of objects".to_owned()),
        ("{\"profiles\": [\"hunter2\"]}".to_owned(), "FILE has no list `profiles` of objects".to_owned()),
        ("{\"profiles\": []}".to_owned(), "FILE, profile \"p\" does not exist. The file has none".to_owned()),
        (
            json!({"profiles": [{"name": "a"}, {"name": "b"}]}).to_string(),
            "FILE, profile \"p\" does not exist. The file has a, b".to_owned(),
        ),
        (
            json!({"profiles": [{"name": "p"}, {"name": "p"}]}).to_string(),
            "FILE, profile \"p\" exists more than once".to_owned(),
        ),
        (one(json!({})), "FILE, profile \"p\", field `mode`: it is missing, and mode of any kind needs it".to_owned()),
        (
            one(json!({"mode": "Magic"})),
            "FILE, profile \"p\", field `mode`: \"Magic\" is not a mode. The modes are AK, ".to_owned(),
        ),
        (
            one(json!({"mode": "cloudsso"})),
            "FILE, profile \"p\", field `mode`: mode CloudSSO cannot be used here: it needs the CLI itself.".to_owned(),
        ),
        (
            role(json!({"ram_role_arn": "hunter2"})),
            "FILE, profile \"p\", field `ram_role_arn`: it is not the ARN of a role".to_owned(),
        ),
        (
            role(json!({"ram_role_arn": "acs:ram::1:user/hunter2"})),
            "FILE, profile \"p\", field `ram_role_arn`: it is not".to_owned(),
        ),
        (
            role(json!({"ram_session_name": "x"})),
            "FILE, profile \"p\", field `ram_session_name`: a session name has 2 to".to_owned(),
        ),
        (
            role(json!({"expired_seconds": 899})),
            "FILE, profile \"p\", field `expired_seconds`: a session lasts 900".to_owned(),
        ),
        (
            role(json!({"expired_seconds": "hunter2"})),
            "FILE, profile \"p\", field `expired_seconds`: it is not a whole number of seconds".to_owned(),
        ),
        (
            role(json!({"policy": "hunter2"})),
            "FILE, profile \"p\", field `policy`: a policy is a JSON object".to_owned(),
        ),
        (role(json!({"external_id": "x"})), "FILE, profile \"p\", field `external_id`: an external ID has".to_owned()),
        (
            role(json!({"sts_endpoint": "https://hunter2@host"})),
            "FILE, profile \"p\", field `sts_endpoint`: it holds a user".to_owned(),
        ),
        (
            role(json!({"sts_endpoint": "http://host"})),
            "FILE, profile \"p\", field `sts_endpoint`: plain http".to_owned(),
        ),
        (
            one(json!({"mode": "External", "process_command": "get-keys 'hunter2"})),
            "FILE, profile \"p\", field `process_command`: a quotation mark in it has no end".to_owned(),
        ),
        (
            one(json!({"mode": "External", "process_command": "  "})),
            "FILE, profile \"p\", field `process_command`: it names no".to_owned(),
        ),
        (
            one(json!({"mode": "CredentialsURI", "credentials_uri": "http://example.com/hunter2"})),
            "FILE, profile \"p\", field `credentials_uri`: plain http is accepted for this machine only".to_owned(),
        ),
        (
            one(json!({"mode": "CredentialsURI", "credentials_uri": "https://user:hunter2@example.com/"})),
            "FILE, profile \"p\", field `credentials_uri`: it holds a user name or a password".to_owned(),
        ),
        (
            one(json!({"mode": "CredentialsURI", "credentials_uri": "localhost/hunter2"})),
            "FILE, profile \"p\", field `credentials_uri`: it is not a URI".to_owned(),
        ),
        (
            one(json!({
                "mode": "OIDC", "oidc_provider_arn": "hunter2", "oidc_token_file": "t",
                "ram_role_arn": "acs:ram::1:role/r", "ram_session_name": "tf"
            })),
            "FILE, profile \"p\", field `oidc_provider_arn`: it is not the ARN of an OIDC provider".to_owned(),
        ),
        (
            json!({"profiles": [chained("p", "p")]}).to_string(),
            "FILE, profile \"p\", field `source_profile`: it leads back to the same profile: p -> p".to_owned(),
        ),
        (
            json!({"profiles": [chained("p", "q"), chained("q", "r"), chained("r", "p")]}).to_string(),
            "FILE, profile \"r\", field `source_profile`: it leads back to the same profile: p -> q -> r -> p"
                .to_owned(),
        ),
        (
            json!({"profiles": [chained("p", "q")]}).to_string(),
            "FILE, profile \"p\", field `source_profile`: profile \"q\" does not exist. The file has p".to_owned(),
        ),
        (
            json!({"profiles": [chained("p", "q"), {"name": "q", "mode": "AK", "access_key_id": "k"}]}).to_string(),
            "FILE, profile \"q\", field `access_key_secret`: it is missing, and mode AK needs it".to_owned(),
        ),
    ] {
        let message = message(&content, "p");
        assert!(message.starts_with(&expected), "{content}\n{message}\n{expected}");
    }
    let long: Vec<_> = (0..20).map(|it| chained(&it.to_string(), &(it + 1).to_string())).collect();
    let message = message(&json!({"profiles": long}).to_string(), "0");
    assert!(message.ends_with("more than 10 profiles lead from one to the next"), "{message}");
}

#[test]
fn files_that_cannot_be_read() {
    let directory = TempDir::new().unwrap();
    let read = |path: &std::path::Path| ProfileFile::read(path).err().unwrap();
    let missing = read(&directory.path().join("none"));
    assert!(ProfileFile::is_missing(&missing) && missing.to_string().ends_with("none does not exist"), "{missing}");
    let of_another_kind = read(directory.path());
    assert!(!ProfileFile::is_missing(&of_another_kind), "{of_another_kind}");
    for (bytes, expected) in
        [(vec![0xff, 0xfe], "is not text in UTF-8"), (vec![b' '; 1024 * 1024 + 1], "is larger than 1048576 bytes")]
    {
        let path = directory.path().join("config.json");
        std::fs::write(&path, bytes).unwrap();
        assert!(read(&path).to_string().ends_with(expected));
    }
}

#[test]
fn what_a_profile_says_beside_its_keys() {
    let mut fields = whole().remove(2).0;
    fields["region_id"] = "eu-central-1".into();
    fields["sts_endpoint"] = "sts-vpc.eu-central-1.aliyuncs.com".into();
    fields["sts_region"] = "us-west-1".into();
    let (_directory, path) = write(&json!({"profiles": named(&fields)}).to_string());
    let file = ProfileFile::read(&path).unwrap();
    assert_eq!(file.region("p").unwrap().as_deref(), Some("eu-central-1"));
    assert_eq!(file.region("base").unwrap(), None);
    let profile = file.profile("p").unwrap();
    assert_eq!(profile.sts.unwrap().to_string(), "https://sts-vpc.eu-central-1.aliyuncs.com");
    assert_eq!(profile.sts_region.as_deref(), Some("us-west-1"));
    assert!(matches!(profile.recipe, Recipe::AssumeRole { .. }));
}
