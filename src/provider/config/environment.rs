//! The environment variables beside the provider block. Those of the official provider have its names, in the order in
//! which it looks; those of a role's block count only where the block is there.

pub(super) const REGION: &[&str] = &["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"];
pub(super) const SKIP_REGION_VALIDATION: &[&str] = &["ALICLOUD_SKIP_REGION_VALIDATION"];

pub(super) const ACCESS_KEY: &[&str] =
    &["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"];
pub(super) const SECRET_KEY: &[&str] =
    &["ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"];
pub(super) const SECURITY_TOKEN: &[&str] =
    &["ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"];
pub(super) const PROFILE: &[&str] = &["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"];
pub(super) const SHARED_CREDENTIALS_FILE: &[&str] =
    &["ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"];
pub(super) const ECS_ROLE_NAME: &[&str] = &["ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"];
pub(super) const CREDENTIALS_URI: &[&str] = &["ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"];
pub(super) const ACCOUNT_ID: &[&str] = &["ALICLOUD_ACCOUNT_ID", "ALIBABA_CLOUD_ACCOUNT_ID"];

pub(super) const ROLE_ARN: &[&str] = &["ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"];
pub(super) const SESSION_NAME: &[&str] = &["ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"];
pub(super) const SESSION_EXPIRATION: &[&str] = &["ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"];
pub(super) const OIDC_PROVIDER_ARN: &[&str] = &["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"];
pub(super) const OIDC_ROLE_ARN: &[&str] = &["ALIBABA_CLOUD_ROLE_ARN"];
pub(super) const OIDC_TOKEN: &[&str] = &["ALIBABA_CLOUD_OIDC_TOKEN"];
pub(super) const OIDC_TOKEN_FILE: &[&str] = &["ALIBABA_CLOUD_OIDC_TOKEN_FILE"];
pub(super) const OIDC_SESSION_NAME: &[&str] = &["ALIBABA_CLOUD_ROLE_SESSION_NAME"];

pub(super) const IOT_ENDPOINT: &[&str] = &["ALIBABA_CLOUD_ENDPOINT_IOT", "IOT_ENDPOINT"];
/// The last one is the command line's, which takes a bare host in it.
pub(super) const STS_ENDPOINT: &[&str] = &["ALIBABA_CLOUD_ENDPOINT_STS", "STS_ENDPOINT", "ALIBABA_CLOUD_STS_ENDPOINT"];
pub(super) const CONFIGURATION_SOURCE: &[&str] = &["TF_APPEND_USER_AGENT"];
pub(super) const CLIENT_CONNECT_TIMEOUT: &[&str] = &["CLIENT_CONNECT_TIMEOUT"];
pub(super) const CLIENT_READ_TIMEOUT: &[&str] = &["CLIENT_READ_TIMEOUT"];
pub(super) const MAX_RETRY_TIMEOUT: &[&str] = &["MAX_RETRY_TIMEOUT"];

// This provider's own.
pub(super) const PREFLIGHT: &[&str] = &["ALICLOUD_IOT_PREFLIGHT"];
/// There is no argument for it: a configuration that is tried out with it is the one that counts later.
pub(super) const METADATA_ENDPOINT: &[&str] = &["ALICLOUD_IOT_METADATA_ENDPOINT"];
pub(super) const REFUSE_LIVE: &[&str] = &["ALICLOUD_IOT_REFUSE_LIVE"];

/// Where the directory of the user is, on Unix and on Windows.
pub(super) const HOME: &[&str] = &["HOME", "USERPROFILE"];
