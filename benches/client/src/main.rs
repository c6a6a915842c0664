//! Rolls firmware out and stops it again with this repository's client, as often as it is told to: the counterpart of
//! `benches/peer/cmd/sdk`.
//!
//! ```text
//! client-load ENDPOINT CALLERS
//! ```
//!
//! Each line of stdin is a number of rollouts, which so many callers make together; it answers "done". What is not a
//! success ends it. Its thread is one, as the provider's is.

use std::cell::Cell;
use std::error::Error;
use std::io::Write as _;
use std::rc::Rc;

use terraform_provider_alicloud_iot::iot::operations::{
    CancelOtaStrategyByJob, CreateOtaDynamicUpgradeJob, ListOtaJobByFirmware, QueryOtaJob, Tag,
};
use terraform_provider_alicloud_iot::iot::{Client, ClientOptions, Credentials, Endpoint, Quotas};
use tokio::runtime::Builder;
use tokio::task::LocalSet;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(endpoint), Some(callers), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("ENDPOINT and CALLERS are needed".into());
    };
    let (client, callers) = (connect(&endpoint)?, callers.parse()?);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    for line in std::io::stdin().lines() {
        let rollouts = line?.parse()?;
        runtime.block_on(LocalSet::new().run_until(roll_out_all(&client, callers, rollouts)))?;
        writeln!(std::io::stdout(), "done")?;
    }
    Ok(())
}

/// The emulator counts no calls here, so the client does not hold any back either.
fn connect(endpoint: &str) -> Outcome<Client> {
    let key = Credentials::new("emulator-key-id".to_owned(), "emulator-key-secret".into(), None);
    let mut options =
        ClientOptions::new("cn-shanghai".to_owned(), Endpoint::parse(endpoint)?, key, "client-load/1.0".to_owned());
    options.quotas = Quotas::unlimited();
    Ok(Client::new(options)?)
}

async fn roll_out_all(client: &Client, callers: u32, rollouts: u32) -> Outcome<()> {
    let left = Rc::new(Cell::new(rollouts));
    let calls: Vec<_> = (0..callers)
        .map(|caller| {
            let (client, left) = (client.clone(), left.clone());
            tokio::task::spawn_local(async move {
                while let Some(rest) = left.get().checked_sub(1) {
                    left.set(rest);
                    roll_out(&client, &format!("firmware-{caller:08}")).await?;
                }
                Outcome::Ok(())
            })
        })
        .collect();
    for call in calls {
        call.await??;
    }
    Ok(())
}

/// Five calls: creates the job, looks at it, at the package's jobs and at itself again, and cancels it.
async fn roll_out(client: &Client, firmware_id: &str) -> Outcome<()> {
    let create = CreateOtaDynamicUpgradeJob {
        firmware_id: firmware_id.to_owned(),
        product_key: "a1Bench0001".to_owned(),
        src_versions: vec!["V1.0.0".to_owned(), "V1.0.1".to_owned()],
        tags: vec![Tag { key: "key.1".to_owned(), value: "value".to_owned() }],
        retry_interval: Some(10),
        retry_count: Some(1),
        timeout_in_minutes: Some(1440),
        maximum_per_minute: Some(1000),
        overwrite_mode: Some(2),
        dynamic_mode: Some(1),
        ..CreateOtaDynamicUpgradeJob::default()
    };
    let job_id = client.send(&create).await?.data.job_id;
    let query = QueryOtaJob { job_id: job_id.clone(), iot_instance_id: None };
    look(client, &query).await?;
    let list = ListOtaJobByFirmware {
        firmware_id: firmware_id.to_owned(),
        iot_instance_id: None,
        current_page: 1,
        page_size: 10,
    };
    if client.send(&list).await?.data.items.is_empty() {
        return Err("the package has no job".into());
    }
    look(client, &query).await?;
    client.send(&CancelOtaStrategyByJob { job_id, iot_instance_id: None }).await?;
    Ok(())
}

async fn look(client: &Client, query: &QueryOtaJob) -> Outcome<()> {
    let job = client.send(query).await?.data;
    if job.is_some_and(|job| job.job_id.as_deref() == Some(&query.job_id)) { Ok(()) } else { Err("another job".into()) }
}
