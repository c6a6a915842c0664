//! The ways to install the provider that the README tells, with a real `init`.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use release::{Release, TARGETS};
use testkit::{Emulator, Options, Terraform};

crate::trials!(release_files_are_a_mirror_as_the_readme_says, installed_provider_is_found);

const QUICKSTART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/quickstart");

/// The built provider, and the platform that it is for. (A release's own build is optimised, which takes minutes.)
fn program() -> Result<(Release, &'static str, std::path::PathBuf)> {
    let release = Release::of(env!("CARGO_MANIFEST_DIR").as_ref())?;
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    let is_this = |triple: &&str| triple.starts_with(processor) && triple.contains(system);
    let target = TARGETS.iter().find(|target| target.triples.iter().any(&is_this));
    let program = testkit::built(release.name())?;
    Ok((release, target.context("no release is for this machine")?.platform, program))
}

fn set_up() -> Result<(Emulator, Terraform)> {
    let fixtures = serde_json::from_str(&std::fs::read_to_string(format!("{QUICKSTART}/fixtures.json"))?)?;
    let emulator = Emulator::start(&Options { fixtures, flags: Vec::new() })?;
    let terraform = Terraform::new(emulator.url())?;
    terraform.copy(QUICKSTART.as_ref())?;
    Ok((emulator, terraform))
}

fn release_files_are_a_mirror_as_the_readme_says() -> Result<()> {
    let (emulator, terraform) = set_up()?;
    let (release, platform, program) = program()?;
    let triple = TARGETS.iter().find(|it| it.platform == platform).and_then(|it| it.triples.first());
    let directory = terraform.directory();
    let files = directory.join("target/dist");
    std::fs::create_dir_all(&files)?;
    release::package(&release, platform, triple.context("a target")?, &program, &files)?;
    release::finish(&release, &files, &mut |_| {})?;

    let script = format!(
        "set -eu\nmake() {{ :; }}\nterraform() {{ '{}' \"$@\"; }}\n{}\nterraform plan -input=false -no-color\n",
        testkit::find_terraform()?.display(),
        recipe()?
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(directory)
        .envs([("ALICLOUD_ACCESS_KEY", testkit::ACCESS_KEY_ID), ("ALICLOUD_SECRET_KEY", testkit::ACCESS_KEY_SECRET)])
        .env("IOT_ENDPOINT", emulator.url())
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    ensure!(said.contains("1 to add"), "{said}");
    let lock = std::fs::read_to_string(directory.join(".terraform.lock.hcl"))?;
    ensure!(lock.contains(&format!("version = \"{}\"", release.version)), "{lock}");
    let unpacked = directory.join(".terraform/providers/terraform.local/iot/alicloud-iot").join(&release.version);
    ensure!(unpacked.join(platform).join("THIRD-PARTY-LICENSES.txt").is_file(), "the archive was not used");
    Ok(())
}

/// What the README says to type.
fn recipe() -> Result<String> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"))?;
    let (_, section) = readme.split_once("\n## Installing it\n").context("the section")?;
    let (_, rest) = section.split_once("```console\n").context("the commands")?;
    let (commands, _) = rest.split_once("```").context("their end")?;
    Ok(commands.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line)).collect::<Vec<_>>().join("\n"))
}

fn installed_provider_is_found() -> Result<()> {
    let (_emulator, mut terraform) = set_up()?;
    let (release, platform, program) = program()?;
    let home = terraform.directory().join("home");
    let file = release::install(&release, platform, &program, &home.join(".terraform.d/plugins"))?;
    ensure!(file.ends_with(format!("alicloud-iot/{}/{platform}/{}", release.version, release.program(platform))));
    // Nothing but the home directory says where it is.
    terraform.unset("TF_CLI_CONFIG_FILE");
    terraform.set("HOME", home);
    terraform.run(&["init", "-input=false"])?.success()?;
    let actions = terraform.planned_actions(&[])?;
    ensure!(actions == ["alicloud_iot_ota_dynamic_job.thermostat: create"], "{actions:?}");
    Ok(())
}
