//! `ListOTAJobByFirmware`: the jobs of an update package, page by page or all of them.

use super::job_summary::JobSummary;
use super::page::{Page, Walk, read_all};
use crate::iot::{Answer, Client, Error, Node, Operation, Parameters, Unreadable};

/// No package has so many: a list that goes on is broken.
const MOST_JOBS: i64 = 100_000;

/// Asks for one page of the jobs of an update package, of all kinds. At most 10 calls a second and account. In which
/// order they come is not documented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOtaJobByFirmware {
    /// The update package.
    pub firmware_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// The number of the page, from 1.
    pub current_page: i64,
    /// Jobs a page, at most [`ListOtaJobByFirmware::LARGEST_PAGE`].
    pub page_size: i64,
}

impl ListOtaJobByFirmware {
    /// The largest page that the service gives.
    pub const LARGEST_PAGE: i64 = 200;
}

impl Operation for ListOtaJobByFirmware {
    const ACTION: &'static str = "ListOTAJobByFirmware";
    const CALLS_PER_SECOND: u32 = 10;
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = Page<JobSummary>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.integer("CurrentPage", self.current_page);
        parameters.integer("PageSize", self.page_size);
    }

    fn parse(answer: &Node) -> Result<Page<JobSummary>, Unreadable> {
        Page::read(answer, "Data", "SimpleOTAJobInfo", JobSummary::read)
    }
}

/// All jobs of an update package, each once: what is not among them does not exist.
///
/// # Errors
///
/// That of the first page that could not be read, that the list does not end, or that it counts more jobs than it shows.
pub async fn list_all_jobs(
    client: &Client,
    firmware_id: &str,
    iot_instance_id: Option<&str>,
) -> Result<Answer<Vec<JobSummary>>, Error> {
    let walk = Walk { page_size: ListOtaJobByFirmware::LARGEST_PAGE, most_items: MOST_JOBS };
    let request = |current_page| ListOtaJobByFirmware {
        firmware_id: firmware_id.to_owned(),
        iot_instance_id: iot_instance_id.map(str::to_owned),
        current_page,
        page_size: walk.page_size,
    };
    read_all(client, walk, |job: &JobSummary| job.job_id.as_deref(), request).await
}
