//! `CancelOTAStrategyByJob`: ends the policy behind a dynamic job.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Ends the policy of a dynamic job: its status becomes `CANCELED`, and no further device is selected. No operation
/// opens it again. At most 10 calls a second and account.
///
/// It has no effect on static jobs. Whether tasks that exist already go on is not documented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CancelOtaStrategyByJob {
    /// The job, as `CreateOTADynamicUpgradeJob` has answered.
    pub job_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

impl Operation for CancelOtaStrategyByJob {
    const ACTION: &'static str = "CancelOTAStrategyByJob";
    const CALLS_PER_SECOND: u32 = 10;
    /// A second cancel meets a job that is cancelled already, which is what was wanted.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("JobId", &self.job_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
