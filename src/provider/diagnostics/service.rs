//! What a failure of the service means to a user: the attribute to change, and what to do.

use tf_provider::AttributePath;

use super::{at, labelled};
use crate::iot::{Error, FailureKind};

/// Codes with the attribute and the remedy that they are about, compared without regard to case. An entry
/// stands for its special cases too, as `Forbidden` does for `Forbidden.RAM`; the first that fits counts.
const ADVICE: &[(&str, Option<&str>, &str)] = &[
    (
        "iot.ota.FirmwareNotFound",
        Some("firmware_id"),
        "The service knows no such update package here. Check `firmware_id`, and the region and the instance it belongs to.",
    ),
    (
        "iot.ota.FirmwareNotVerified",
        Some("firmware_id"),
        "The update package has not been verified. Verify it on some devices first (CreateOTAVerifyJob, or in the console), \
         then apply again.",
    ),
    (
        "iot.ota.FirmwareAndProductKeyMismatch",
        Some("product_key"),
        "The update package belongs to another product. Correct `product_key` or `firmware_id`.",
    ),
    (
        "iot.prod.NotExistedProduct",
        Some("product_key"),
        "The service knows no such product here. Check `product_key`, and the region and the instance it belongs to.",
    ),
    (
        "iot.ota.InstanceIdMisMatch",
        Some("iot_instance_id"),
        "The job or the package belongs to another instance. Correct `iot_instance_id`.",
    ),
    (
        "iot.system.InstanceNotFound",
        Some("iot_instance_id"),
        "The service knows no such instance in this region. Correct `iot_instance_id` or the provider's `region`.",
    ),
    (
        "iot.Sre.IotInstanceNotFound",
        Some("iot_instance_id"),
        "The service knows no such instance in this region. Correct `iot_instance_id` or the provider's `region`.",
    ),
    (
        "iot.ota.InvalidTimeout",
        Some("timeout_in_minutes"),
        "The service does not take this timeout. Change `timeout_in_minutes`.",
    ),
    (
        "iot.ota.InvalidMaximumPerMinute",
        Some("maximum_per_minute"),
        "The service does not take this rate. Change `maximum_per_minute`.",
    ),
    ("iot.ota.JobTagIsTooLong", Some("tags"), "The tags are too long for the service. Use fewer or shorter ones."),
    (
        "SignatureDoesNotMatch",
        None,
        "The secret does not belong to the AccessKey ID, or something on the way changed the request. Check `secret_key`.",
    ),
    (
        "InvalidAccessKeyId",
        None,
        "The service does not take this AccessKey ID. Check `access_key`, and that the key is enabled.",
    ),
    ("Forbidden.AccessKeyDisabled", None, "The AccessKey is disabled. Enable it, or use another."),
    (
        "InvalidSecurityToken",
        None,
        "The security token has expired or does not belong to the AccessKey. Get new temporary credentials.",
    ),
    ("MissingSecurityToken", None, "The AccessKey is a temporary one and needs its token. Set `security_token` too."),
    ("InvalidTimeStamp", None, "The clock of this machine differs too much from the service's. Set it right."),
    ("Forbidden", None, "The account's RAM policies do not allow the call. Grant the permission for this action."),
    ("NoPermission", None, "The account's RAM policies do not allow the call. Grant the permission for this action."),
    (
        "iot.common.RamActionPermissionDeny",
        None,
        "The account's RAM policies do not allow the call. Grant the permission for this action.",
    ),
];

/// The attribute to change, and what to do about the failure.
pub(super) fn advice(error: &Error) -> (AttributePath, &'static str) {
    let code = error.code().unwrap_or_default().to_ascii_lowercase();
    let known = ADVICE.iter().find(|(known, _, _)| {
        let known = known.to_ascii_lowercase();
        code.strip_prefix(&known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    if let Some((_, attribute, advice)) = known {
        return (attribute.map(at).unwrap_or_default(), advice);
    }
    (AttributePath::root(), by_kind(error))
}

fn by_kind(error: &Error) -> &'static str {
    match error.kind() {
        _ if error.is_interrupted() => "The run was interrupted, so it was not tried again. Run this again.",
        _ if error.is_about_credentials() => {
            "Nothing was sent, as there are no credentials to sign it with. Check the source of the credentials that the \
             provider block or the environment names."
        }
        _ if error.is_throttled() => {
            "The account made too many calls. Wait a moment and run this again, with a lower `-parallelism` if other tools \
             share the account."
        }
        FailureKind::NotSendable => {
            "Nothing was sent. Check the endpoint, the certificates and the proxy settings of this machine."
        }
        FailureKind::NotSent => {
            "The service could not be reached. Check the network, the region and the endpoint, then run this again."
        }
        FailureKind::OutcomeUnknown => "The service did not answer properly. Run this again in a moment.",
        FailureKind::Refused => "Look the code up in the documentation of the service.",
    }
}

/// The labelled lines that the service's support asks for.
pub(super) fn lines(error: &Error) -> String {
    let status = error.http_status().map(|status| status.to_string());
    let tries = (error.tries() > 0).then(|| format!("{} in {:.1} s", error.tries(), error.elapsed().as_secs_f64()));
    labelled(&[
        ("action", Some(error.action())),
        ("code", error.code()),
        ("http status", status.as_deref()),
        ("request id", error.request_id()),
        ("tries", tries.as_deref()),
    ])
}
