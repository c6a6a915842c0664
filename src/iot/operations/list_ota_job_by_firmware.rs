//! ListOTAJobByFirmware: the jobs of an update package.

use super::super::answer::{Node, Unreadable};
use super::super::client::Client;
use super::super::error::Error;
use super::super::operation::Operation;
use super::super::parameters::Parameters;
use super::{Tag, job_status, job_type, tags};

/// The largest page that the service gives.
const PAGE_SIZE: u32 = 200;

/// More pages than a package has jobs for. A service that never ends its list must not hold us forever.
const MAXIMUM_PAGES: u32 = 500;

/// Asks for one page of a package's jobs. At most 10 calls a second.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListOtaJobByFirmware {
    /// ID of the update package.
    pub firmware_id: String,
    /// See the module.
    pub iot_instance_id: Option<String>,
    /// From 1.
    pub current_page: u32,
    /// At most 200.
    pub page_size: u32,
}

/// One page of jobs, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobPage {
    /// Jobs on all pages together.
    pub total: Option<i64>,
    /// Number of pages.
    pub page_count: Option<i64>,
    /// The jobs of this page.
    pub jobs: Vec<JobSummary>,
}

/// What the list says of a job. The rest takes QueryOTAJob.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobSummary {
    /// ID of the job.
    pub job_id: Option<String>,
    /// ID of the update package.
    pub firmware_id: Option<String>,
    /// Product of the package.
    pub product_key: Option<String>,
    /// `PLANNED`, `IN_PROGRESS`, `COMPLETED` or `CANCELED`.
    pub job_status: Option<String>,
    /// `VERIFY_FIRMWARE` or `UPGRADE_FIRMWARE`.
    pub job_type: Option<String>,
    /// `DYNAMIC` or `STATIC`.
    pub selection_type: Option<String>,
    /// In any order.
    pub tags: Option<Vec<Tag>>,
    /// When it was created, such as `2019-12-28T02:43:10.000Z`.
    pub utc_create: Option<String>,
}

impl Operation for ListOtaJobByFirmware {
    const ACTION: &'static str = "ListOTAJobByFirmware";
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = JobPage;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.set("FirmwareId", &self.firmware_id);
        parameters.set_optional("IotInstanceId", self.iot_instance_id.as_ref());
        parameters.set("CurrentPage", self.current_page);
        parameters.set("PageSize", self.page_size);
    }

    fn read(answer: &Node) -> Result<JobPage, Unreadable> {
        let jobs = answer.list("Data", "SimpleOTAJobInfo").unwrap_or_default();
        Ok(JobPage {
            total: answer.integer("Total"),
            page_count: answer.integer("PageCount"),
            jobs: jobs.into_iter().map(summary).collect(),
        })
    }
}

fn summary(node: &Node) -> JobSummary {
    JobSummary {
        job_id: node.text("JobId"),
        firmware_id: node.text("FirmwareId"),
        product_key: node.text("ProductKey"),
        job_status: job_status(node),
        job_type: job_type(node),
        selection_type: node.text("SelectionType"),
        tags: tags(node),
        utc_create: node.text("UtcCreate"),
    }
}

/// All jobs of a package, page by page until one is not full: page counts are not to be trusted while
/// jobs come and go.
///
/// # Errors
///
/// If a page cannot be had. Half a list is never returned, since callers conclude from what is not in it.
pub async fn list_all_jobs(
    client: &Client,
    firmware_id: &str,
    iot_instance_id: Option<&str>,
) -> Result<Vec<JobSummary>, Error> {
    let mut jobs = Vec::new();
    for current_page in 1..=MAXIMUM_PAGES {
        let page = client
            .send(&ListOtaJobByFirmware {
                firmware_id: firmware_id.to_owned(),
                iot_instance_id: iot_instance_id.map(str::to_owned),
                current_page,
                page_size: PAGE_SIZE,
            })
            .await?
            .data;
        let in_page = page.jobs.len();
        jobs.extend(page.jobs);
        let total = page.total.and_then(|total| usize::try_from(total).ok());
        // A service with smaller pages than asked for says by its total that there are more.
        if in_page == 0 || total.map_or(in_page < PAGE_SIZE as usize, |total| jobs.len() >= total) {
            return Ok(jobs);
        }
    }
    Err(client.unreadable::<ListOtaJobByFirmware>(&Unreadable("the list of jobs has no end".to_owned())))
}
