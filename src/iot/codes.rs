//! Which codes mean what. The documents spell prefixes in several ways (`iot.`, `Iot.`, `IoT.`), so codes are compared
//! without regard to case.

/// Too many calls. Any code with [`THROTTLING`] in it means the same.
const THROTTLED: &[&str] = &["iot.common.TooManyRequest", "iot.common.HighFrequentDeny"];
const THROTTLING: &str = "throttling";

/// The service or its gateway failed, or saw the nonce before: the request, or an earlier copy of it, may have been
/// carried out.
const MAY_HAVE_ACTED: &[&str] =
    &["iot.system.SystemException", "InternalError", "ServiceUnavailable", "UnknownError", "SignatureNonceUsed"];

/// There is no such job.
const JOB_NOT_FOUND: &[&str] = &["iot.ota.taskNotExist", "iot.ota.InvalidJobId"];
/// There is no such update package.
const FIRMWARE_NOT_FOUND: &[&str] = &["iot.ota.FirmwareNotFound", "iot.ota.InvalidFirmwareUid"];
/// The job was cancelled before. Two operations have a code of their own for it.
const ALREADY_CANCELLED: &[&str] = &["iot.ota.JobHasCanceled", "iot.ota.JobCanceled"];
/// The job has come to its end.
const ALREADY_FINISHED: &[&str] = &["iot.ota.JobHasFinished"];

/// The account may not make the call.
const NOT_PERMITTED: &[&str] = &[
    "Forbidden",
    "Forbidden.RAM",
    "NoPermission",
    "iot.common.RamActionPermissionDeny",
    "iot.common.AuthActionPermissionDeny",
];

/// The operation is not to be had in this region, instance or account.
const NOT_OFFERED: &[&str] = &[
    "InvalidApi.NotFound",
    "InvalidAction.NotFound",
    "UnsupportedOperation",
    "iot.common.APINotSupportedInInstance",
    "iot.ota.OperationForbidden",
];

/// A rule of the service was broken.
const BROKEN_RULE: &[&str] = &[
    "iot.ota.FirmwareNotVerified",
    "iot.ota.FirmwareAndProductKeyMismatch",
    "iot.ota.InstanceIdMisMatch",
    "iot.ota.InvalidTimeout",
    "iot.ota.InvalidMaximumPerMinute",
    "iot.ota.JobTagIsTooLong",
    "iot.prod.NotExistedProduct",
];

/// Codes that stand in answers which are no failures.
const NO_FAILURE: &[&str] = &["", "200", "0", "OK", "success"];

const EXPIRED_TOKEN: &str = "InvalidSecurityToken.Expired";
const SIGNATURE_DOES_NOT_MATCH: &str = "SignatureDoesNotMatch";

fn is_one_of(code: &str, codes: &[&str]) -> bool {
    codes.iter().any(|known| known.eq_ignore_ascii_case(code))
}

pub(super) fn is_throttled(code: &str) -> bool {
    is_one_of(code, THROTTLED) || code.to_ascii_lowercase().contains(THROTTLING)
}

pub(super) fn may_have_acted(code: &str) -> bool {
    is_one_of(code, MAY_HAVE_ACTED)
}

pub(super) fn is_job_not_found(code: &str) -> bool {
    is_one_of(code, JOB_NOT_FOUND)
}

pub(super) fn is_firmware_not_found(code: &str) -> bool {
    is_one_of(code, FIRMWARE_NOT_FOUND)
}

pub(super) fn is_already_cancelled(code: &str) -> bool {
    is_one_of(code, ALREADY_CANCELLED)
}

pub(super) fn is_already_finished(code: &str) -> bool {
    is_one_of(code, ALREADY_FINISHED)
}

/// Codes of a rule that was checked and broken. They are a refusal whatever the HTTP status, about which the
/// documents disagree.
pub(super) fn is_definite(code: &str) -> bool {
    is_one_of(code, BROKEN_RULE)
        || is_job_not_found(code)
        || is_firmware_not_found(code)
        || is_already_cancelled(code)
        || is_already_finished(code)
}

pub(super) fn is_not_permitted(code: &str) -> bool {
    is_one_of(code, NOT_PERMITTED)
}

pub(super) fn is_operation_not_offered(code: &str) -> bool {
    is_one_of(code, NOT_OFFERED)
}

/// Whether the code speaks of updates, but no document says what it stands for in an answer to a create. That a package
/// has a job already is refused with such a code.
pub(super) fn is_unexplained(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    let speaks_of_updates = code.is_empty() || code.starts_with("iot.ota.") || code.starts_with("iot.firmware.");
    speaks_of_updates && !is_definite(&code) && !is_operation_not_offered(&code)
}

pub(super) fn is_no_failure(code: &str) -> bool {
    is_one_of(code, NO_FAILURE)
}

pub(super) fn is_signature_mismatch(code: &str) -> bool {
    SIGNATURE_DOES_NOT_MATCH.eq_ignore_ascii_case(code)
}

/// Whether the keys were good once.
pub(super) fn is_expired_token(code: &str) -> bool {
    EXPIRED_TOKEN.eq_ignore_ascii_case(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter() {
        assert!(is_job_not_found("IoT.OTA.TaskNotExist"));
        assert!(is_firmware_not_found("iot.ota.firmwarenotfound"));
        assert!(is_already_cancelled("Iot.ota.JobHasCanceled"));
        assert!(is_already_finished("iot.ota.jobhasfinished"));
        assert!(may_have_acted("internalerror"));
        assert!(is_signature_mismatch("SIGNATUREDOESNOTMATCH"));
        assert!(is_no_failure("Success"));
    }

    #[test]
    fn throttling_has_many_names() {
        for code in
            ["Throttling", "Throttling.User", "Rejected.Throttling", "THROTTLING.API", "iot.common.TooManyRequest"]
        {
            assert!(is_throttled(code), "{code}");
        }
        assert!(!is_throttled("iot.ota.TooManyOtaTask"));
    }
}
