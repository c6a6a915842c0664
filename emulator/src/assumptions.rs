//! What the emulator does where nobody has published what the service does, and what it can be told to do instead.
//!
//! A client that works under every choice depends on none of them.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How a member without a value comes, where the documents do not say that it is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum AbsentMembers {
    /// It is not there.
    #[default]
    LeftOut,
    /// It is null; in XML it is an element without content.
    Null,
    /// It is an empty text, or the wrapper of a list around an empty list.
    Empty,
    /// It is an empty text, or the wrapper of a list with nothing in it.
    Bare,
}

/// The members `Code` and `ErrorMessage` of a success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum SuccessCode {
    /// They are not there.
    #[default]
    Absent,
    /// The code is an empty text, the message null.
    Empty,
    /// They are filled, as in the samples made from the metadata.
    Filled,
}

/// The HTTP status of an answer with `Success` false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum ServiceErrorStatus {
    /// As the pages of the operations describe it.
    #[default]
    #[value(name = "200")]
    Ok,
    /// As the metadata files most codes.
    #[value(name = "400")]
    BadRequest,
}

/// The first letter of `Success`, `Code`, `ErrorMessage` and `RequestId` in the answers of the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum EnvelopeCase {
    /// `Success`.
    #[default]
    Upper,
    /// `success`, as in the sample of one operation.
    Lower,
}

/// What QueryOTAJob says of a job that does not exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum UnknownJob {
    /// An error, `iot.ota.taskNotExist`.
    #[default]
    Error,
    /// A success without `Data`.
    NoData,
}

/// What ModifyOTAFirmware does to what it is not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum ModifyFirmware {
    /// It stays.
    #[default]
    Keeps,
    /// Description and custom text are cleared.
    Clears,
}

/// What DeleteOTAFirmware does to a package with a running job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum DeleteFirmwareInUse {
    /// It refuses.
    #[default]
    Refused,
    /// It deletes it; the job runs on.
    Allowed,
}

/// Which files CreateOTAFirmware takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum FirmwareFile {
    /// What was uploaded here, and any address elsewhere with what the call says of it.
    #[default]
    Believed,
    /// Only what was uploaded here.
    Uploaded,
}

/// How the values are spelled that the editions of the documents spell differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum Spelling {
    /// `COMPLETED`, `VERIFY_FIRMWARE`.
    #[default]
    Newer,
    /// `COMPLETE`, `VERFIY_FIRMWARE`.
    Older,
}

impl Spelling {
    /// The value as this edition spells it.
    pub(crate) fn of(self, value: &'static str) -> &'static str {
        match (self, value) {
            (Self::Older, "COMPLETED") => "COMPLETE",
            (Self::Older, "VERIFY_FIRMWARE") => "VERFIY_FIRMWARE",
            _ => value,
        }
    }
}

/// What UpdateOTAJob does to a timeout that it is not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum UpdateTimeout {
    /// It stays.
    #[default]
    Keeps,
    /// There is none any more.
    Removes,
}

/// What UpdateOTAJob says if it is not told the source versions of a job that has some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum UpdateVersions {
    /// Nothing, they stay.
    #[default]
    Keeps,
    /// An error, `iot.ota.EmptySrcVersionList`.
    Refused,
}

/// What becomes of the tasks of a job when CancelOTAStrategyByJob ends its policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
pub enum CancelStrategyTasks {
    /// They go on.
    #[default]
    GoOn,
    /// Those that devices have not begun are cancelled.
    Canceled,
}

/// One choice for each open point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)] // A state file of before a point was added does not have it.
pub struct Assumptions {
    /// Point `absent-members`.
    pub absent_members: AbsentMembers,
    /// Point `success-code`.
    pub success_code: SuccessCode,
    /// Point `service-error-status`.
    pub service_error_status: ServiceErrorStatus,
    /// Point `envelope-case`.
    pub envelope_case: EnvelopeCase,
    /// Point `spelling`.
    pub spelling: Spelling,
    /// Point `unknown-job`.
    pub unknown_job: UnknownJob,
    /// Point `update-timeout`.
    pub update_timeout: UpdateTimeout,
    /// Point `update-versions`.
    pub update_versions: UpdateVersions,
    /// Point `cancel-strategy-tasks`.
    pub cancel_strategy_tasks: CancelStrategyTasks,
    /// Point `modify-firmware`.
    pub modify_firmware: ModifyFirmware,
    /// Point `delete-firmware-in-use`.
    pub delete_firmware_in_use: DeleteFirmwareInUse,
    /// Point `firmware-file`.
    pub firmware_file: FirmwareFile,
}

impl Assumptions {
    /// Makes a choice, written `POINT=CHOICE`.
    ///
    /// # Errors
    /// In words, with what there is to choose from.
    pub fn choose(&mut self, text: &str) -> Result<(), String> {
        let (point, choice) = text.split_once('=').ok_or("write POINT=CHOICE")?;
        match point {
            "absent-members" => self.absent_members = read(point, choice)?,
            "success-code" => self.success_code = read(point, choice)?,
            "service-error-status" => self.service_error_status = read(point, choice)?,
            "envelope-case" => self.envelope_case = read(point, choice)?,
            "spelling" => self.spelling = read(point, choice)?,
            "unknown-job" => self.unknown_job = read(point, choice)?,
            "update-timeout" => self.update_timeout = read(point, choice)?,
            "update-versions" => self.update_versions = read(point, choice)?,
            "cancel-strategy-tasks" => self.cancel_strategy_tasks = read(point, choice)?,
            "modify-firmware" => self.modify_firmware = read(point, choice)?,
            "delete-firmware-in-use" => self.delete_firmware_in_use = read(point, choice)?,
            "firmware-file" => self.firmware_file = read(point, choice)?,
            _ => {
                let points: Vec<_> = Self::points().into_iter().map(|(point, _)| point).collect();
                return Err(format!("there is no point {point}; there are {}", points.join(", ")));
            }
        }
        Ok(())
    }

    /// Every point with its choices, the one that holds unless told first.
    pub fn points() -> Vec<(&'static str, Vec<String>)> {
        vec![
            ("absent-members", names::<AbsentMembers>()),
            ("success-code", names::<SuccessCode>()),
            ("service-error-status", names::<ServiceErrorStatus>()),
            ("envelope-case", names::<EnvelopeCase>()),
            ("spelling", names::<Spelling>()),
            ("unknown-job", names::<UnknownJob>()),
            ("update-timeout", names::<UpdateTimeout>()),
            ("update-versions", names::<UpdateVersions>()),
            ("cancel-strategy-tasks", names::<CancelStrategyTasks>()),
            ("modify-firmware", names::<ModifyFirmware>()),
            ("delete-firmware-in-use", names::<DeleteFirmwareInUse>()),
            ("firmware-file", names::<FirmwareFile>()),
        ]
    }
}

fn names<C: ValueEnum>() -> Vec<String> {
    let values = C::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    values.map(|value| value.get_name().to_owned()).collect()
}

fn read<C: ValueEnum>(point: &str, choice: &str) -> Result<C, String> {
    C::from_str(choice, false).map_err(|_| format!("{point} is one of {}", names::<C>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_of_every_point_can_be_made_and_the_first_is_the_default() {
        for (point, choices) in Assumptions::points() {
            let mut made = Vec::new();
            for choice in &choices {
                let mut assumptions = Assumptions::default();
                assumptions.choose(&format!("{point}={choice}")).unwrap();
                assert_eq!(assumptions == Assumptions::default(), Some(choice) == choices.first(), "{point}={choice}");
                assert!(!made.contains(&assumptions), "{point}={choice}");
                made.push(assumptions);
            }
        }
    }

    #[test]
    fn what_cannot_be_chosen_is_refused_with_what_can() {
        for (text, reason) in [
            ("absent-members", "POINT=CHOICE"),
            ("absent-members=gone", "left-out, null, empty, bare"),
            ("weather=fine", "absent-members, success-code"),
        ] {
            let refused = Assumptions::default().choose(text).unwrap_err();
            assert!(refused.contains(reason), "{refused}");
        }
    }
}
