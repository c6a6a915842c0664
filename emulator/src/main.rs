//! The program `alicloud-iot-emulator`: flags in, one ready line out, then [`alicloud_iot_emulator::serve`].

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use alicloud_iot_emulator::{AccessKeySecret, Assumptions, Edition, Emulator, Fixtures, Options, bind, serve};
use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Emulator of the OTA service of Alibaba Cloud IoT Platform, for tests and for work without an account.
#[derive(Parser)]
#[command(version)]
struct Flags {
    /// Where to listen; port 0 takes any free port
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Allow an address that other machines can reach
    #[arg(long)]
    allow_remote: bool,
    /// The only AccessKey ID that exists
    #[arg(long, value_name = "ID", default_value = "emulator-key-id")]
    access_key_id: String,
    /// The secret of that AccessKey
    #[arg(long, value_name = "SECRET", default_value = "emulator-key-secret", hide_default_value = true)]
    access_key_secret: String,
    /// Makes that AccessKey a temporary one, with this token
    #[arg(long, value_name = "TOKEN")]
    security_token: Option<String>,
    /// The role that the metadata service under /latest/ has keys for
    #[arg(long, value_name = "NAME", default_value = "emulator-role")]
    metadata_role: String,
    /// The metadata service refuses requests without a token of its own
    #[arg(long)]
    metadata_hardened: bool,
    /// Simulated seconds that a key of the metadata service lasts
    #[arg(long, value_name = "SECONDS", default_value_t = 21_600, value_parser = clap::value_parser!(u32).range(1..))]
    metadata_key_seconds: u32,
    /// What exists at the start
    #[arg(long, value_name = "FILE.json")]
    fixtures: Option<PathBuf>,
    /// Whose parameter ranges apply
    #[arg(long, value_enum, default_value_t)]
    edition: Edition,
    /// What to do where the service's behaviour is not published, see COVERAGE.md; may be repeated
    #[arg(long, value_name = "POINT=CHOICE")]
    assume: Vec<String>,
    /// Factor on the documented calls per second; 0 switches throttling off
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = factor, allow_negative_numbers = true)]
    qps_scale: f64,
    /// Simulated seconds a second of the wall clock
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = factor, allow_negative_numbers = true)]
    time_scale: f64,
    /// Simulated seconds until a new job is shown in lists and found by QueryOTAJob
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    jobs_visible_after: u32,
    /// Same ids and orders in every run
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    random_seed: Option<u64>,
    /// Keep what exists in this file, and go on with what is in it
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

fn factor(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "it is not a number".to_owned())?;
    if (0.0..=1e9).contains(&number) {
        return Ok(number);
    }
    Err("it has to be 0 to 1000000000".to_owned())
}

fn assumptions(choices: &[String]) -> Result<Assumptions, String> {
    let mut assumptions = Assumptions::default();
    for choice in choices {
        assumptions.choose(choice).map_err(|reason| format!("--assume {choice}: {reason}"))?;
    }
    Ok(assumptions)
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Flags::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is closed.
            let _ = writeln!(std::io::stderr(), "alicloud-iot-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(flags: Flags) -> Result<(), Box<dyn std::error::Error>> {
    // Before anything that a supervisor could wait for: from here on the signals end the program in order.
    let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let fixtures = flags.fixtures.as_deref().map(Fixtures::read).transpose()?;
    let assumptions = assumptions(&flags.assume)?;
    let listener = bind(&flags.listen, flags.allow_remote).await?;
    let options = Options {
        access_key_id: flags.access_key_id,
        access_key_secret: AccessKeySecret::new(flags.access_key_secret),
        security_token: flags.security_token.map(AccessKeySecret::new),
        metadata_role: flags.metadata_role,
        metadata_hardened: flags.metadata_hardened,
        metadata_key_seconds: flags.metadata_key_seconds,
        fixtures: fixtures.unwrap_or_default(),
        assumptions,
        edition: flags.edition,
        qps_scale: flags.qps_scale,
        time_scale: flags.time_scale,
        jobs_visible_after: flags.jobs_visible_after,
        random_seed: flags.random_seed,
        state: flags.state,
    };
    let emulator = Emulator::start(options)?;
    announce(&listener)?;
    Ok(serve(listener, emulator, stopped(interrupt, terminate)).await?)
}

/// The ready line, the only one on stdout.
fn announce(listener: &TcpListener) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "listening on http://{}", listener.local_addr()?)?;
    stdout.flush()
}

async fn stopped(mut interrupt: Signal, mut terminate: Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
