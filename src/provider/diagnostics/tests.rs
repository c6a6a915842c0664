//! That failures of the service are told with everything that their readers and the service's support need.

use tf_provider::Diagnostic;

use super::{gate, job, progress, service};
use crate::iot::credentials::ExternalProgram;
use crate::iot::operations::{CreateOtaDynamicUpgradeJob, QueryOtaJob};
use crate::iot::{Client, ClientOptions, CredentialCache, Credentials, Endpoint, Error, RetryPolicy, read_answer};
use crate::provider::ending::NotOver;
use crate::provider::ota_rollout_gate::{Breach, Conditions, Percentage, Stopped};
use crate::provider::progress::{JobProgress, LookedAt, TaskCounts};

fn credentials() -> Credentials {
    Credentials::new("LTAI5tTestAccessKey01".to_owned(), "secret".to_owned().into(), None)
}

/// The diagnostics with which commands end.
fn final_errors(error: &Error) -> Vec<Diagnostic> {
    let request = CreateOtaDynamicUpgradeJob::default();
    let ended_beside = Default::default();
    let creation = job::Creation { request: &request, region: "cn-shanghai", ended: None, ended_beside, running: None };
    let job = job::JobContext { region: "cn-shanghai", job_id: "job", iot_instance_id: None, firmware_id: None };
    let looked_at = LookedAt { job_id: "job".to_owned(), iot_instance_id: None };
    let mut all = errors_of_gates(&looked_at, error);
    all.extend([
        job::preflight_failed(error),
        job::not_created(&creation, error),
        job::nothing_sent(&creation, error),
        job::proven_absent(&creation, error, "The create timeout is over, so it was not tried again."),
        job::create_unresolved(&creation, error, &[], None),
        job::not_read(&job, error),
        job::absence_not_confirmed(&job, error),
        job::not_imported(&job, error),
        job::not_updated(&job, error),
        job::not_updated_nor_read(&job, error),
        job::update_not_offered(&job, error),
        job::not_cancelled(&job, error),
        job::tasks_not_cancelled(&job, "cancel_all", error),
        job::end_not_read(&job, error),
        progress::not_read("cn-shanghai", &looked_at, error),
    ]);
    all
}

/// Those of a gate, of which most come when it has to stop the job.
fn errors_of_gates(job: &LookedAt, error: &Error) -> Vec<Diagnostic> {
    let conditions = Conditions {
        minimum_finished: 1,
        minimum_finished_percentage: None,
        minimum_success: Percentage::ALL,
        maximum_failed: Percentage::ALL.rest(),
    };
    let context =
        gate::GateContext { region: "cn-shanghai", job, conditions: &conditions, waited: std::time::Duration::ZERO };
    let seen = JobProgress { job_status: "IN_PROGRESS".to_owned(), is_dynamic: true, counts: TaskCounts::default() };
    let not_stopped = [
        Stopped::PolicyOnly(error.clone()),
        Stopped::Not(error.clone()),
        Stopped::NotConfirmed(NotOver::Unread(error.clone())),
    ];
    let breached =
        |stopped| gate::breached(&context, Breach::TooManyFailed, &seen, Some(stopped), &gate::Failures::None);
    let mut all: Vec<_> = not_stopped.iter().map(breached).collect();
    all.push(gate::undecided(&context, error));
    all
}

fn check(error: &Error, lines: &[&str]) {
    let (_, advice) = service::advice(error);
    assert!(advice.ends_with('.') && !advice.contains('\n'), "{advice}");
    for diagnostic in final_errors(error) {
        let detail = diagnostic.detail.to_string();
        for line in lines {
            assert!(detail.contains(&format!("\n  {line}")), "{}: {line} is not in {detail}", diagnostic.summary);
        }
        assert!(detail.contains(error.message()), "{}: {detail}", diagnostic.summary);
    }
}

#[test]
fn every_code_is_told_with_action_text_and_request_id() {
    let table = include_str!("../../../tests/vectors/codes.txt");
    for row in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let [code, status, _] = row.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{row}") };
        let body = serde_json::json!({"RequestId": "E55E", "Success": false, "Code": code, "ErrorMessage": "its text"});
        let answer = body.to_string().into_bytes();
        let error = read_answer::<QueryOtaJob>(status.parse().unwrap(), answer, &credentials()).unwrap_err();
        check(
            &error,
            &["action: QueryOTAJob", &format!("code: {code}"), &format!("http status: {status}"), "request id: E55E"],
        );
    }
}

/// No request was sent, so there is no id of one.
#[tokio::test]
async fn keys_that_are_not_to_be_had_are_told_with_their_source() {
    let nobody = Endpoint::parse("http://127.0.0.1:1").unwrap();
    let program = ExternalProgram::parse("/nowhere/program").unwrap();
    let keys = CredentialCache::new(program);
    let options = ClientOptions::new("cn-shanghai".to_owned(), nobody, keys, "example/1.0".to_owned());
    let error = Client::new(options).unwrap().send(&QueryOtaJob::default()).await.unwrap_err();
    assert!(error.message().contains("/nowhere/program"), "{error}");
    check(&error, &["action: Getting credentials"]);
}

#[tokio::test]
async fn tries_are_told() {
    // A port that is reserved, so that nobody listens there.
    let nobody = Endpoint::parse("http://127.0.0.1:1").unwrap();
    let options = ClientOptions {
        retry: RetryPolicy { tries_without_service: 3, base: std::time::Duration::ZERO, ..RetryPolicy::default() },
        ..ClientOptions::new("cn-shanghai".to_owned(), nobody, credentials(), "example/1.0".to_owned())
    };
    let error = Client::new(options).unwrap().send(&QueryOtaJob::default()).await.unwrap_err();
    check(&error, &["action: QueryOTAJob", "tries: 3 in "]);
}

/// A list of the service has no end that a reader would reach.
#[test]
fn of_many_jobs_that_turned_up_a_few_are_named() {
    let stranger =
        |number: u32| job::Stranger { job_id: format!("j{number}"), utc_create: None, why: "why".to_owned() };
    let strangers: Vec<_> = (1..=10_000).map(stranger).collect();
    let request = CreateOtaDynamicUpgradeJob::default();
    let ended_beside = Default::default();
    let creation = job::Creation { request: &request, region: "cn-shanghai", ended: None, ended_beside, running: None };
    let error = read_answer::<QueryOtaJob>(500, Vec::new(), &credentials()).unwrap_err();
    let detail = job::create_unresolved(&creation, &error, &strangers, None).detail;
    assert!(detail.contains("\n  job j5, created at an unknown time: why\n  and 9995 more\n"), "{detail}");
    assert!(!detail.contains("job j6,"), "{detail}");
}
