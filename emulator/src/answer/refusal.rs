//! The two kinds of error answers, and every code that no published document states.
//!
//! Where the published documents give a code for a failure, that code is used. The following are decisions of this
//! emulator, to be replaced when somebody has seen the real answer:
//!
//! | failure | code here | why |
//! |---|---|---|
//! | second running dynamic job of a package | `iot.ota.DynamicJobAlreadyExists` | no code is published |
//! | unknown `JobId` | `iot.ota.taskNotExist` | published for UpdateOTAJob |
//! | cancel of a job that is not dynamic | `iot.ota.noDynamicJob` | published for UpdateOTAJob; the documents only say "no effect" |
//! | cancel of a job that is cancelled or finished | `iot.ota.JobHasCanceled`, `iot.ota.JobHasFinished` | published for UpdateOTAJob |
//! | unknown package, wrong product, package not verified | `iot.ota.FirmwareNotFound`, `iot.ota.FirmwareAndProductKeyMismatch`, `iot.ota.FirmwareNotVerified` | published for neighbouring operations |
//! | job or package of another instance | `iot.ota.InstanceIdMisMatch` | published for UpdateOTAJob, ModifyOTAFirmware |
//! | timeout out of range, or not above the retry interval | `iot.ota.InvalidTimeout` | published for UpdateOTAJob |
//! | rate out of range | `iot.ota.InvalidMaximumPerMinute` | published for UpdateOTAJob |
//! | tag value too long, tags together too long | `iot.ota.JobTagIsTooLong` | published for UpdateOTAJob |
//! | neither versions nor a group, both | `iot.ota.EmptySrcVersionList`, `iot.ota.InvalidSrcVersionList` | published for UpdateOTAJob |
//! | `RetryCount`, half of a tag, half of a group missing | `iot.check.NullParameter` | published, not for an operation |
//! | two tags with the same key | `iot.common.InvalidFormattedParameter` | not even the refusal is published |
//! | any other value out of its range or form | `iot.common.InvalidFormattedParameter` | published, not for an operation |
//! | `SrcVersionList` for a job that has no source versions | `iot.ota.InvalidSrcVersionList` | published for UpdateOTAJob, for jobs of groups |
//! | `TargetSelection` that does not fit a dynamic job | `iot.ota.InvalidStrategyType` | published for UpdateOTAJob, without this case |
//! | `UpgradeType` that is not the job's | `iot.ota.noDynamicJob`, `iot.ota.InvalidUpgradeType` | published for UpdateOTAJob |
//! | no flag in CancelOTATaskByJob | `iot.check.NullParameter` | published, not for an operation |
//! | package that is (being) verified, or needs no verification, is to be verified | `iot.ota.FirmwareAlreadyVerified` | no code is published |
//! | deletion of a package with a running job | `iot.ota.FirmwareInUse` | not even the refusal is published |
//! | module exists, is not there, is the default one, has packages, is one too many | `iot.ota.OtaModuleAlreadyExists`, `iot.ota.OtaModuleNotFound`, `iot.ota.InvalidOtaModuleName`, `iot.ota.OtaModuleInUse`, `iot.ota.TooManyOtaModule` | only the third is published |
//! | package of a file that was not uploaded, or too long ago | `iot.common.InvalidFormattedParameter` | no code is published |
//! | more packages than the account may have | `iot.ota.TooManyFirmware` | no code is published |
//! | number or boolean that is none | gateway, `Invalid` + parameter | the published pattern |
//! | hole in a numbered list | gateway, `Invalid` + parameter | the published pattern |
//! | one parameter twice with different values | gateway, `InvalidParameter` | published, without this case |
//! | unknown `Action` or `Version` | gateway, `InvalidApi.NotFound` | published for IoT, next to `InvalidAction.NotFound` |
//! | `Signature` absent; not the Base64 of 20 bytes | gateway, `MissingSignature`; `IncompleteSignature` | the published patterns |
//! | ACS3: no `Authorization`, a part of it or `x-acs-content-sha256` missing, a header that has to be signed left out, one named twice | gateway, `IncompleteSignature` | published for V3, without these cases |
//! | ACS3: the body is not the one whose hash is signed | gateway, `SignatureDoesNotMatch` | the nearest published one |
//! | ACS3: nonce, date, action, version absent | gateway, `MissingSignatureNonce`, `MissingTimestamp`, `MissingAction`, `MissingVersion` | the published pattern |
//! | OIDC token that is no JWT; one that is over | gateway, 403, `AuthenticationFail.OIDCToken.Invalid`, `AuthenticationFail.OIDCToken.Expired` | only the beginning of the codes is published |
//! | request too large | gateway, `RequestEntityTooLarge`, 413 | no code is published |

use axum::http::StatusCode;

use super::Object;

/// Why a call was not carried out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// Refused in front of the operation: signature, missing parameters, quota.
    Gateway(GatewayError),
    /// Refused by the operation itself.
    Service(ServiceError),
}

/// An error of the API gateway: status 4xx or 5xx, error object as body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GatewayError {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) message: String,
    /// Value of the header `x-acs-retry-after`, in milliseconds.
    pub(crate) retry_after_millis: Option<u64>,
}

impl GatewayError {
    /// An error with a status of its own.
    pub(crate) fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), retry_after_millis: None }
    }

    /// An error with status 400.
    pub(crate) fn bad_request(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// A mandatory parameter is absent or empty.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::bad_request(format!("Missing{parameter}"), format!("{parameter} is mandatory for this action."))
    }

    /// A parameter does not have its type or form.
    pub(crate) fn invalid(parameter: &str, reason: &str) -> Self {
        Self::bad_request(format!("Invalid{parameter}"), format!("The parameter {parameter} is not valid: {reason}."))
    }

    /// The account's calls to the operation came too fast.
    pub(crate) fn throttled(retry_after_millis: u64) -> Self {
        let message = "Request was denied due to user flow control.";
        Self { retry_after_millis: Some(retry_after_millis), ..Self::bad_request("Throttling.User", message) }
    }

    /// The error object; `RequestId` first as in the published samples.
    pub(crate) fn answer(&self, request_id: &str, host: &str) -> Object {
        Object::new()
            .with("RequestId", request_id)
            .with("HostId", host)
            .with("Code", &self.code)
            .with("Message", &self.message)
    }
}

/// An error of the service: the operation's own answer with `Success` false.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServiceError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl ServiceError {
    /// An error with that published or decided code.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }

    /// A value outside its documented range or form.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new("iot.common.InvalidFormattedParameter", message)
    }

    /// A parameter that another one makes mandatory is absent.
    pub(crate) fn null(message: impl Into<String>) -> Self {
        Self::new("iot.check.NullParameter", message)
    }

    /// The operation's answer.
    pub(crate) fn answer(&self, request_id: &str) -> Object {
        Object::new()
            .with("RequestId", request_id)
            .with("Success", false)
            .with("Code", self.code)
            .with("ErrorMessage", &self.message)
    }
}

impl From<GatewayError> for Refusal {
    fn from(error: GatewayError) -> Self {
        Self::Gateway(error)
    }
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}
