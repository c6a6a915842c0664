//! The environment variables beside the provider block. Those of the official provider have its names, in the order in
//! which it looks.

pub(super) const REGION: &[&str] = &["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"];
pub(super) const ACCESS_KEY: &[&str] =
    &["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"];
pub(super) const SECRET_KEY: &[&str] =
    &["ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"];
pub(super) const SECURITY_TOKEN: &[&str] =
    &["ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"];
pub(super) const IOT_ENDPOINT: &[&str] = &["ALIBABA_CLOUD_ENDPOINT_IOT", "IOT_ENDPOINT"];

// This provider's own.
pub(super) const PREFLIGHT: &[&str] = &["ALICLOUD_IOT_PREFLIGHT"];
pub(super) const REFUSE_LIVE: &[&str] = &["ALICLOUD_IOT_REFUSE_LIVE"];
