//! `ListOTAJobByFirmware`: the jobs of an update package, page by page or all of them.

use std::collections::HashSet;

use super::spelling;
use super::tag::Tag;
use crate::iot::{Client, Error, Node, Operation, Parameters, Unreadable};

/// The largest page that the service gives.
pub const LARGEST_PAGE: i64 = 200;
/// A hundred thousand jobs: no package has so many, so a list that goes on is broken.
const MOST_PAGES: i64 = 500;

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
    /// Jobs a page, at most [`LARGEST_PAGE`].
    pub page_size: i64,
}

/// One page of jobs. The counts are the service's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobPage {
    /// How many jobs there are on all pages.
    pub total: Option<i64>,
    /// How many jobs a page has at most.
    pub page_size: Option<i64>,
    /// How many pages there are.
    pub page_count: Option<i64>,
    /// The number of this page.
    pub current_page: Option<i64>,
    /// The jobs of this page.
    pub jobs: Vec<JobSummary>,
}

/// A job as a list shows it: retry, timeout, rate and modes need [`QueryOtaJob`](super::QueryOtaJob). What the answer
/// leaves out is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobSummary {
    /// The id of the job.
    pub job_id: Option<String>,
    /// The update package.
    pub firmware_id: Option<String>,
    /// The product.
    pub product_key: Option<String>,
    /// `PLANNED`, `IN_PROGRESS`, `COMPLETED` or `CANCELED`.
    pub job_status: Option<String>,
    /// `UPGRADE_FIRMWARE` or `VERIFY_FIRMWARE`.
    pub job_type: Option<String>,
    /// `DYNAMIC` or `STATIC`.
    pub selection_type: Option<String>,
    /// `ALL` (always for a dynamic job), `SPECIFIC` or `GRAY`.
    pub target_selection: Option<String>,
    /// The tags that devices get.
    pub tags: Option<Vec<Tag>>,
    /// When the job was created. All times are in UTC, such as `2019-12-28T02:43:10.000Z`.
    pub utc_create: Option<String>,
    /// When the job was last changed.
    pub utc_modified: Option<String>,
    /// When the job began.
    pub utc_start_time: Option<String>,
    /// When the job ended.
    pub utc_end_time: Option<String>,
}

impl Operation for ListOtaJobByFirmware {
    const ACTION: &'static str = "ListOTAJobByFirmware";
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = JobPage;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.integer("CurrentPage", self.current_page);
        parameters.integer("PageSize", self.page_size);
    }

    fn parse(answer: &Node) -> Result<JobPage, Unreadable> {
        Ok(JobPage {
            total: answer.integer("Total")?,
            page_size: answer.integer("PageSize")?,
            page_count: answer.integer("PageCount")?,
            current_page: answer.integer("CurrentPage")?,
            jobs: answer.objects("Data", "SimpleOTAJobInfo", JobSummary::read)?.unwrap_or_default(),
        })
    }
}

impl JobSummary {
    fn read(job: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            job_id: job.text("JobId")?,
            firmware_id: job.text("FirmwareId")?,
            product_key: job.text("ProductKey")?,
            job_status: job.text("JobStatus")?.map(spelling::job_status),
            job_type: job.text("JobType")?.map(spelling::job_type),
            selection_type: job.text("SelectionType")?,
            target_selection: job.text("TargetSelection")?,
            tags: Tag::read_all(job)?,
            utc_create: job.text("UtcCreate")?,
            utc_modified: job.text("UtcModified")?,
            utc_start_time: job.text("UtcStartTime")?,
            utc_end_time: job.text("UtcEndTime")?,
        })
    }
}

/// All jobs of an update package, each once.
///
/// The list serves to prove that a job does not exist, so pages are read until one brings nothing new: counts that the
/// service reports can make it ask for one more page, but never stop before a full page.
///
/// # Errors
///
/// That of the first page that could not be read, that the list does not end, or that it counts more jobs than it shows.
pub async fn list_all_jobs(
    client: &Client,
    firmware_id: &str,
    iot_instance_id: Option<&str>,
) -> Result<Vec<JobSummary>, Error> {
    let mut listed = Listed::default();
    for current_page in 1..=MOST_PAGES {
        let request = ListOtaJobByFirmware {
            firmware_id: firmware_id.to_owned(),
            iot_instance_id: iot_instance_id.map(str::to_owned),
            current_page,
            page_size: LARGEST_PAGE,
        };
        let page = client.send(&request).await?.data;
        if listed.take(page, current_page) == Walk::Ends {
            return if listed.is_whole() {
                Ok(listed.jobs)
            } else {
                Err(Error::incomplete_list(ListOtaJobByFirmware::ACTION))
            };
        }
    }
    Err(Error::endless_list(ListOtaJobByFirmware::ACTION, MOST_PAGES))
}

/// What is known after some pages.
#[derive(Debug, Default)]
struct Listed {
    jobs: Vec<JobSummary>,
    seen: HashSet<String>,
    /// What the last page said of all pages.
    total: Option<i64>,
}

/// Whether there is more to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    GoesOn,
    Ends,
}

impl Listed {
    /// Whether it can prove that a job does not exist: no job without an ID, and none that was counted and
    /// not shown.
    fn is_whole(&self) -> bool {
        let taken = i64::try_from(self.jobs.len()).unwrap_or(i64::MAX);
        self.jobs.iter().all(|job| job.job_id.is_some()) && self.total.is_none_or(|total| total <= taken)
    }

    /// Adds what is new on a page. The walk ends on a page without news (some services repeat their last page), and on
    /// a short one if no count speaks against it.
    fn take(&mut self, page: JobPage, number: i64) -> Walk {
        self.total = page.total;
        let on_page = i64::try_from(page.jobs.len()).unwrap_or(i64::MAX);
        let before = self.jobs.len();
        for job in page.jobs {
            let is_new = job.job_id.as_ref().is_none_or(|id| self.seen.insert(id.clone()));
            if is_new {
                self.jobs.push(job);
            }
        }
        let granted = page.page_size.filter(|size| *size > 0).unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
        let taken = i64::try_from(self.jobs.len()).unwrap_or(i64::MAX);
        let is_short = on_page < granted;
        let counts_agree =
            page.total.is_none_or(|total| total <= taken) && page.page_count.is_none_or(|count| count <= number);
        if self.jobs.len() == before || (is_short && counts_agree) { Walk::Ends } else { Walk::GoesOn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: std::ops::Range<usize>, size: Option<i64>, total: Option<i64>, count: Option<i64>) -> JobPage {
        let job = |id: usize| JobSummary { job_id: Some(id.to_string()), ..JobSummary::default() };
        JobPage { total, page_size: size, page_count: count, current_page: None, jobs: ids.map(job).collect() }
    }

    #[test]
    fn the_walk_trusts_counts_only_when_they_ask_for_more() {
        use Walk::{Ends, GoesOn};
        for (case, pages, expected, jobs) in [
            ("nothing at all", vec![page(0..0, Some(200), Some(0), Some(0))], vec![Ends], 0),
            ("short page, counts agree", vec![page(0..3, Some(200), Some(3), Some(1))], vec![Ends], 3),
            ("short page, no counts", vec![page(0..3, None, None, None)], vec![Ends], 3),
            (
                "full page, counts too low",
                vec![page(0..200, Some(200), Some(0), Some(1)), page(200..201, Some(200), Some(0), Some(1))],
                vec![GoesOn, Ends],
                201,
            ),
            (
                "smaller pages than asked for",
                vec![page(0..50, Some(50), Some(50), Some(1)), page(50..50, Some(50), Some(50), Some(1))],
                vec![GoesOn, Ends],
                50,
            ),
            (
                "total too high",
                vec![page(0..3, Some(200), Some(9), Some(1)), page(3..3, Some(200), Some(9), Some(1))],
                vec![GoesOn, Ends],
                3,
            ),
            (
                "last page repeated, and page size zero",
                vec![page(0..200, Some(0), Some(999), Some(9)), page(0..200, Some(0), Some(999), Some(9))],
                vec![GoesOn, Ends],
                200,
            ),
            (
                "a job that moved to the next page is listed once",
                vec![page(0..200, Some(200), Some(201), Some(2)), page(199..202, Some(200), Some(202), Some(2))],
                vec![GoesOn, Ends],
                202,
            ),
        ] {
            let mut listed = Listed::default();
            let walk: Vec<_> = pages.into_iter().zip(1..).map(|(page, number)| listed.take(page, number)).collect();
            assert_eq!((walk, listed.jobs.len()), (expected, jobs), "{case}");
        }
    }

    #[test]
    fn a_list_that_contradicts_itself_proves_nothing() {
        let whole = |page: JobPage| {
            let mut listed = Listed::default();
            listed.take(page, 1);
            listed.is_whole()
        };
        assert!(whole(page(0..3, Some(200), Some(3), Some(1))) && whole(page(0..3, None, None, None)));
        assert!(!whole(page(0..3, Some(200), Some(9), Some(1))), "counted and not shown");
        assert!(!whole(page(0..0, Some(200), Some(1), Some(1))), "counted and not shown");
        let nameless = JobPage { jobs: vec![JobSummary::default()], ..JobPage::default() };
        assert!(!whole(nameless), "a job without an ID may be any");
    }
}
