//! `ListOTATaskByJob`: the device tasks of a job, page by page or all of them.

use super::page::{Page, Walk, read_all};
use super::task::Task;
use crate::iot::{Client, Error, Node, Operation, Parameters, Unreadable};

/// How far the service pages: the number of a page times its size is at most this.
const MOST_TASKS: i64 = 100_000;

/// Asks for one page of the device tasks of a job. At most 10 calls a second and account. In which order they come is not
/// documented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOtaTaskByJob {
    /// The job.
    pub job_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Only tasks of this status, as in [`Task::task_status`]. Absent: all.
    pub task_status: Option<String>,
    /// The number of the page, from 1. Older editions want it. Page number times page size is at most 100000.
    pub current_page: Option<i64>,
    /// Tasks a page, at most [`ListOtaTaskByJob::LARGEST_PAGE`]. Older editions want it.
    pub page_size: Option<i64>,
    /// Only tasks of these devices, at most 50; newer editions. Beside it the page is ignored.
    pub device_names: Vec<String>,
}

impl ListOtaTaskByJob {
    /// The largest page that the service gives.
    pub const LARGEST_PAGE: i64 = 100;
}

impl Operation for ListOtaTaskByJob {
    const ACTION: &'static str = "ListOTATaskByJob";
    const CALLS_PER_SECOND: u32 = 10;
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = Page<Task>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("JobId", &self.job_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.optional_text("TaskStatus", self.task_status.as_deref());
        parameters.optional_integer("CurrentPage", self.current_page);
        parameters.optional_integer("PageSize", self.page_size);
        parameters.texts("DeviceNames", &self.device_names);
    }

    fn parse(answer: &Node) -> Result<Page<Task>, Unreadable> {
        Page::read(answer, "Data", "SimpleOTATaskInfo", Task::read)
    }
}

/// All tasks of a job that have a status, or all whatever their status, each once.
///
/// Tasks come and go while their pages are read, so without a status the list is a picture that is a little blurred, and
/// with one it can miss a task that left that status meanwhile.
///
/// # Errors
///
/// That of the first page that could not be read, that the list counts more than it shows, or that it goes on after the
/// 100000 tasks that the service gives.
pub async fn list_all_tasks(
    client: &Client,
    job_id: &str,
    iot_instance_id: Option<&str>,
    task_status: Option<&str>,
) -> Result<Vec<Task>, Error> {
    let walk = Walk { page_size: ListOtaTaskByJob::LARGEST_PAGE, most_items: MOST_TASKS };
    let request = |current_page| ListOtaTaskByJob {
        job_id: job_id.to_owned(),
        iot_instance_id: iot_instance_id.map(str::to_owned),
        task_status: task_status.map(str::to_owned),
        current_page: Some(current_page),
        page_size: Some(walk.page_size),
        device_names: Vec::new(),
    };
    let all = read_all(client, walk, |task: &Task| task.task_id.as_deref(), request).await;
    all.map(|answer| answer.data)
}

/// How many tasks of a job have a status, as the service counts them: one call, however many there are.
///
/// # Errors
///
/// That of the call, or that the answer does not count.
pub async fn count_tasks(
    client: &Client,
    job_id: &str,
    iot_instance_id: Option<&str>,
    task_status: &str,
) -> Result<u64, Error> {
    let request = ListOtaTaskByJob {
        job_id: job_id.to_owned(),
        iot_instance_id: iot_instance_id.map(str::to_owned),
        task_status: Some(task_status.to_owned()),
        current_page: Some(1),
        page_size: Some(1),
        device_names: Vec::new(),
    };
    let total = client.send(&request).await?.data.total;
    total.and_then(|total| u64::try_from(total).ok()).ok_or_else(|| Error::incomplete_list(ListOtaTaskByJob::ACTION))
}
