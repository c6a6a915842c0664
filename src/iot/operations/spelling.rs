//! Values that editions of the API spell in two ways.

/// The status of a job in its newer spelling.
pub(super) fn job_status(spelled: String) -> String {
    match spelled.as_str() {
        "COMPLETE" => "COMPLETED".to_owned(),
        _ => spelled,
    }
}

/// The type of a job in its newer spelling.
pub(super) fn job_type(spelled: String) -> String {
    match spelled.as_str() {
        "VERFIY_FIRMWARE" => "VERIFY_FIRMWARE".to_owned(),
        _ => spelled,
    }
}
