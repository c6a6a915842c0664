//! Sustained mixed requests from many connections, against the emulator and against moto's IoT jobs, one after the
//! other in the same run. `load.sh` builds what this needs and runs it.
//!
//! Both do the same work: each connection creates a job, reads it, lists jobs, reads it again and cancels it, over and
//! over. The emulator checks a signature for each request; moto does not.

mod client;
mod fleet;
mod server;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use client::{Connection, EmulatorJobs, Jobs, MotoJobs};
use server::Server;

/// Sustained load on the emulator and on a peer.
#[derive(Parser)]
struct Flags {
    /// The emulator's program
    #[arg(long)]
    emulator: PathBuf,
    /// The program `moto_server`; without it the emulator is measured alone
    #[arg(long)]
    moto: Option<PathBuf>,
    /// Connections at the same time
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=512))]
    connections: u16,
    /// Seconds of load on each
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Measure a rollout over so many devices instead
    #[arg(long, value_name = "DEVICES", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    fleet: Option<u32>,
    /// What `cargo bench` adds
    #[arg(long, hide = true)]
    bench: bool,
}

/// What one server did.
struct Measured {
    name: &'static str,
    requests_per_second: f64,
    /// Microseconds, in ascending order.
    latencies: Vec<u64>,
    failed: u64,
    /// Kilobytes.
    peak_memory: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let flags = Flags::parse();
    if let Some(devices) = flags.fleet {
        std::io::stdout().write_all(fleet::report(&flags.emulator, devices)?.as_bytes())?;
        return Ok(());
    }
    let emulator = Server::emulator(&flags.emulator, flags.connections)?;
    let mut measured = vec![measure("emulator", &emulator, &flags, |connection, number| {
        Box::new(EmulatorJobs::new(connection, number)) as Box<dyn Jobs>
    })?];
    drop(emulator);
    if let Some(moto) = &flags.moto {
        let moto = Server::moto(moto)?;
        MotoJobs::prepare(moto.address)?;
        measured.push(measure("moto", &moto, &flags, |connection, number| {
            Box::new(MotoJobs::new(connection, number)) as Box<dyn Jobs>
        })?);
    }
    std::io::stdout().write_all(report(&measured, &flags).as_bytes())?;
    Ok(())
}

fn measure(
    name: &'static str,
    server: &Server,
    flags: &Flags,
    jobs: impl Fn(Connection, u16) -> Box<dyn Jobs> + Sync,
) -> std::io::Result<Measured> {
    let over = AtomicBool::new(false);
    let (jobs, over) = (&jobs, &over);
    let started = Instant::now();
    let parts: Vec<(Vec<u64>, u64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..flags.connections)
            .map(|number| {
                let address = server.address;
                scope.spawn(move || work(address, number, jobs, over))
            })
            .collect();
        std::thread::sleep(Duration::from_secs(flags.seconds));
        over.store(true, Ordering::Relaxed);
        workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
    });
    let elapsed = started.elapsed().as_secs_f64();
    let mut latencies: Vec<u64> = parts.iter().flat_map(|(latencies, _)| latencies.iter().copied()).collect();
    latencies.sort_unstable();
    let failed = parts.iter().map(|(_, failed)| failed).sum();
    let requests_per_second = latencies.len() as f64 / elapsed;
    Ok(Measured { name, requests_per_second, latencies, failed, peak_memory: server.peak_memory()? })
}

/// The latencies of the calls that succeeded, and how many did not.
fn work(
    address: SocketAddr,
    number: u16,
    jobs: &(impl Fn(Connection, u16) -> Box<dyn Jobs> + Sync),
    over: &AtomicBool,
) -> (Vec<u64>, u64) {
    let mut jobs = jobs(Connection::new(address), number);
    let (mut latencies, mut failed) = (Vec::new(), 0);
    'load: loop {
        for step in client::STEPS {
            if over.load(Ordering::Relaxed) {
                break 'load;
            }
            let begun = Instant::now();
            match jobs.call(step) {
                Ok(()) => latencies.push(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX)),
                Err(_) => failed += 1,
            }
        }
    }
    (latencies, failed)
}

fn report(measured: &[Measured], flags: &Flags) -> String {
    let mut text = format!("{} connections, {} s each\n\n", flags.connections, flags.seconds);
    text += "| server | requests/s | p50, ms | p99, ms | longest, ms | failed | peak memory, MiB |\n";
    text += "|---|---|---|---|---|---|---|\n";
    for server in measured {
        let millis = |share: f64| quantile(&server.latencies, share) as f64 / 1_000.0;
        text += &format!(
            "| {} | {:.0} | {:.2} | {:.2} | {:.2} | {} | {:.1} |\n",
            server.name,
            server.requests_per_second,
            millis(0.5),
            millis(0.99),
            millis(1.0),
            server.failed,
            server.peak_memory as f64 / 1_024.0,
        );
    }
    if let [emulator, moto] = measured {
        let times = emulator.requests_per_second / moto.requests_per_second;
        let aim = if times >= 10.0 { "reached" } else { "missed" };
        text += &format!("\n{times:.1} times the throughput of moto (aim: 10, {aim})\n");
    }
    text
}

fn quantile(sorted: &[u64], share: f64) -> u64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
}
