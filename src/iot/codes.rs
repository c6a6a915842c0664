//! What the service's error codes mean, compared without regard to case: the documents spell their
//! prefixes `iot.`, `Iot.` and `IoT.`.
//!
//! Source: help page "Error codes" (topic 87387), the pages of the operations, and the public metadata
//! of the product. Codes that are in no list count as refusals.

/// The service, or what stands before it, was asked too often. Nothing was done.
const THROTTLED: &[&str] =
    &["Throttling", "Rejected.Throttling", "iot.common.TooManyRequest", "iot.common.HighFrequentDeny"];

/// The request may have been carried out.
///
/// A nonce that was used before means that something on the way sent the request twice.
const UNCERTAIN: &[&str] =
    &["iot.system.SystemException", "InternalError", "ServiceUnavailable", "UnknownError", "SignatureNonceUsed"];

/// There is no job with this ID.
const JOB_NOT_FOUND: &[&str] = &["iot.ota.taskNotExist", "iot.ota.InvalidJobId"];

/// There is no update package with this ID.
const FIRMWARE_NOT_FOUND: &[&str] = &["iot.ota.FirmwareNotFound", "iot.ota.InvalidFirmwareUid"];

pub(super) fn is_throttled(code: &str) -> bool {
    is_in(THROTTLED, code)
}

pub(super) fn is_uncertain(code: &str) -> bool {
    is_in(UNCERTAIN, code)
}

pub(super) fn is_job_not_found(code: &str) -> bool {
    is_in(JOB_NOT_FOUND, code)
}

pub(super) fn is_firmware_not_found(code: &str) -> bool {
    is_in(FIRMWARE_NOT_FOUND, code)
}

/// The secret does not fit the key ID, or the request was changed on the way.
pub(super) fn is_signature_mismatch(code: &str) -> bool {
    code.eq_ignore_ascii_case("SignatureDoesNotMatch")
}

/// Whether the code is one of these, or a special case of one: `Throttling.User` is `Throttling`.
fn is_in(codes: &[&str], code: &str) -> bool {
    codes.iter().any(|known| {
        let head = code.get(..known.len());
        let rest = code.get(known.len()..).unwrap_or_default();
        head.is_some_and(|head| head.eq_ignore_ascii_case(known)) && (rest.is_empty() || rest.starts_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_compared_without_case_and_with_their_special_cases() {
        assert!(is_throttled("Throttling") && is_throttled("Throttling.User") && is_throttled("throttling.api"));
        assert!(!is_throttled("ThrottlingNot") && !is_throttled("") && !is_throttled("Thr"));
        assert!(is_job_not_found("Iot.Ota.TaskNotExist") && is_uncertain("IoT.System.SystemException"));
        assert!(!is_job_not_found("iot.ota.FirmwareNotFound"));
    }
}
