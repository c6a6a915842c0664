//! CancelOTAStrategyByJob: ends the policy of a dynamic job.

use super::super::answer::{Node, Unreadable};
use super::super::operation::Operation;
use super::super::parameters::Parameters;

/// Ends the policy of a dynamic job, whose status is `CANCELED` afterwards. It has no effect on static
/// jobs. At most 10 calls a second.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CancelOtaStrategyByJob {
    /// ID of the job.
    pub job_id: String,
    /// See the module.
    pub iot_instance_id: Option<String>,
}

impl Operation for CancelOtaStrategyByJob {
    const ACTION: &'static str = "CancelOTAStrategyByJob";
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.set("JobId", &self.job_id);
        parameters.set_optional("IotInstanceId", self.iot_instance_id.as_ref());
    }

    fn read(_answer: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
