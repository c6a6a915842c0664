//! A real Terraform, the built provider and the emulator of the service, driven as users drive them.
//!
//! Runs with `TF_ACC=1`, as acceptance tests of Terraform providers do; `make testacc` sets it. With `TF_ACC_LONG=1`
//! beside it the trials are those that take minutes instead, as `make soak` does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::print_stderr, unreachable_pub)]

mod choices;
mod cloud;
mod configuration;
mod credentials;
mod debugging;
mod destroying;
mod drift;
mod examples;
mod gate;
mod habits;
mod import;
mod in_place;
mod interrupt;
mod lifecycle;
mod lost_answers;
mod matrix;
mod modules;
mod network;
mod preflight;
mod progress;
mod provider_block;
mod quotas;
mod random;
mod refusals;
mod releases;
mod renewal;
mod secrets;
mod snippets;
mod validation;
mod wire;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::LazyLock;

use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    if std::env::var_os("TF_ACC").is_none() && !arguments.list {
        println!("The acceptance tests are left out: they run a real Terraform. Set TF_ACC=1, or run `make testacc`.");
        return ExitCode::SUCCESS;
    }
    let paths = std::env::var_os("TF_ACC_TERRAFORM_PATHS").unwrap_or_default();
    let paths: Vec<_> = std::env::split_paths(&paths).filter(|path| !path.as_os_str().is_empty()).collect();
    if !paths.is_empty() {
        return with_each(&paths);
    }
    if std::env::var_os("TF_ACC_SWEEP").is_some() {
        return succeeds("The sweep failed", cloud::sweep());
    }
    if let Err(error) = testkit::find_terraform() {
        eprintln!("The acceptance tests cannot run: {error}.");
        return ExitCode::FAILURE;
    }
    if std::env::var_os("TF_ACC_LONG").is_some() {
        let trials = [interrupt::long_trials(), matrix::long_trials(), quotas::long_trials(), random::long_trials()];
        return libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code();
    }
    if cloud::is_asked_for() {
        if let Err(error) = cloud::can_run() {
            eprintln!("The acceptance tests cannot run in a real account: {error}.");
            return ExitCode::FAILURE;
        }
        return libtest_mimic::run(&arguments, cloud::cloud_trials()).exit_code();
    }
    let trials = [
        cloud::trials(),
        lifecycle::trials(),
        in_place::trials(),
        destroying::trials(),
        drift::trials(),
        lost_answers::trials(),
        matrix::trials(),
        random::trials(),
        preflight::trials(),
        choices::trials(),
        import::trials(),
        refusals::trials(),
        progress::trials(),
        quotas::trials(),
        provider_block::trials(),
        credentials::trials(),
        renewal::trials(),
        network::trials(),
        validation::trials(),
        secrets::trials(),
        examples::trials(),
        snippets::trials(),
        gate::trials(),
        gate::rollouts::trials(),
        modules::trials(),
        releases::trials(),
        habits::trials(),
        interrupt::trials(),
        debugging::trials(),
        wire::trials(),
    ];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}

/// Runs everything once with each of several cores, and fails if one of the runs does.
fn with_each(paths: &[PathBuf]) -> ExitCode {
    let mut all_passed = true;
    for path in paths {
        println!("== {}", path.display());
        let run = std::env::current_exe().and_then(|program| {
            let mut command = Command::new(program);
            command.args(std::env::args_os().skip(1)).env_remove("TF_ACC_TERRAFORM_PATHS");
            command.env("TF_ACC_TERRAFORM_PATH", path).status()
        });
        all_passed &= run.is_ok_and(|status| status.success());
    }
    if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn succeeds(failure: &str, result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{failure}: {error:#}.");
            ExitCode::FAILURE
        }
    }
}

/// Makes trials of functions, under the names of module and function. After a semicolon stand those for which core has
/// to be new enough, with the first version of Terraform and of OpenTofu that is.
macro_rules! trials {
    ($($name:ident),* $(; $($late:ident since $terraform:expr, $opentofu:expr);+)? $(,)?) => {
        pub fn trials() -> Vec<libtest_mimic::Trial> {
            vec![
                $($crate::trial(concat!(module_path!(), "::", stringify!($name)), $name),)*
                $($($crate::since(
                    $crate::trial(concat!(module_path!(), "::", stringify!($late)), $late),
                    $terraform,
                    $opentofu,
                ),)+)?
            ]
        }
    };
}
pub(crate) use trials;

/// Makes trials of functions that take minutes, under the names of module and function.
macro_rules! long_trials {
    ($($name:ident),* $(,)?) => {
        pub fn long_trials() -> Vec<libtest_mimic::Trial> {
            vec![$($crate::trial(concat!(module_path!(), "::", stringify!($name)), $name),)*]
        }
    };
}
pub(crate) use long_trials;

fn trial(name: &str, test: fn() -> anyhow::Result<()>) -> Trial {
    let name = name.trim_start_matches("acceptance::").to_owned();
    Trial::test(name.clone(), move || {
        // A thread of its name, after which what it leaves behind is called.
        let thread = std::thread::Builder::new().name(name).spawn(test)?;
        let result = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        result.map_err(|error| Failed::from(format!("{error:#}")))
    })
}

/// A first version of Terraform or OpenTofu; none that has it so far.
type First = Option<[u64; 2]>;

/// The same trial, shown as ignored where the core at hand is older than what the trial shows.
fn since(trial: Trial, terraform: First, opentofu: First) -> Trial {
    static VERSION: LazyLock<Option<testkit::Version>> =
        LazyLock::new(|| testkit::Terraform::new("http://127.0.0.1:1").and_then(|it| it.version()).ok());
    // Where the version is not to be had, the trials fail and say why.
    let is_old = VERSION.is_some_and(|version| {
        let first = if version.is_opentofu { opentofu } else { terraform };
        first.is_none_or(|first| version.number < first)
    });
    trial.with_ignored_flag(is_old)
}
