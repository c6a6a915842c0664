//! A real Terraform or OpenTofu in a directory of its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, Running, asked, built, find_terraform};

/// The source address of the product.
const SOURCE: &str = "terraform.local/iot/alicloud-iot";
/// The source addresses of this workspace's providers: the product, and the one that the wire is tested with.
const SOURCES: [&str; 2] = [SOURCE, "terraform.local/test/sample"];

/// What a command did.
#[derive(Debug)]
pub struct Output {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// What it printed for its result.
    pub stdout: String,
    /// What it printed beside that.
    pub stderr: String,
}

impl Output {
    /// The same, if the exit code was 0.
    ///
    /// # Errors
    ///
    /// With everything that the command printed, if it was another.
    pub fn success(self) -> Result<Self> {
        ensure!(self.code == Some(0), "exit code {:?}\n{}\n{}", self.code, self.stdout, self.stderr);
        Ok(self)
    }

    /// The diagnostics of a command that was run with `-json`, but for core's own about the
    /// development override.
    pub fn diagnostics(&self) -> Vec<Value> {
        let lines = self.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let of_line = lines.filter_map(|mut line| line.get_mut("diagnostic").map(Value::take));
        let whole = serde_json::from_str::<Value>(&self.stdout).ok();
        let of_whole = whole.and_then(|mut whole| whole.get_mut("diagnostics").map(Value::take));
        let of_whole = of_whole.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        let is_ours = |diagnostic: &Value| {
            diagnostic.get("summary") != Some(&"Provider development overrides are in effect".into())
        };
        of_line.chain(of_whole).filter(is_ours).collect()
    }
}

/// Which core it is.
#[derive(Debug, Clone, Copy)]
pub struct Version {
    /// OpenTofu, not Terraform.
    pub is_opentofu: bool,
    /// Major and minor number.
    pub number: [u64; 2],
}

/// A working directory with a configuration.
#[derive(Debug)]
pub struct Terraform {
    binary: PathBuf,
    directory: TempDir,
    environment: Vec<(OsString, OsString)>,
}

impl Terraform {
    /// A directory in which the built providers are found without `init`, with the credentials of the
    /// emulator at `endpoint` in the environment.
    ///
    /// # Errors
    ///
    /// If there is no Terraform, or the provider has not been built.
    pub fn new(endpoint: &str) -> Result<Self> {
        let provider = built("terraform-provider-alicloud-iot")?;
        let provider_directory = provider.parent().context("the provider's directory")?;
        let directory = asked::working_directory()?;
        let command_line_config = directory.path().join("cli.tfrc");
        // JSON's escapes are those of this language too.
        let path = Value::from(provider_directory.to_str().context("a path in UTF-8")?);
        let overrides = SOURCES.map(|source| format!("    \"{source}\" = {path}\n")).concat();
        let overrides = format!("provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n  direct {{}}\n}}\n");
        std::fs::write(&command_line_config, overrides)?;
        let mut terraform = Self { binary: find_terraform()?, directory, environment: Vec::new() };
        terraform.set("TF_CLI_CONFIG_FILE", &command_line_config);
        terraform.set("TF_IN_AUTOMATION", "1");
        terraform.set("CHECKPOINT_DISABLE", "1");
        terraform.set("ALICLOUD_ACCESS_KEY", ACCESS_KEY_ID);
        terraform.set("ALICLOUD_SECRET_KEY", ACCESS_KEY_SECRET);
        terraform.set("IOT_ENDPOINT", endpoint);
        asked::logs()?.into_iter().for_each(|(name, value)| terraform.set(name, value));
        Ok(terraform)
    }

    /// Sets a variable of the environment in which commands run.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.unset(name);
        self.environment.push((name.into(), value.into()));
    }

    /// Takes a variable out of the environment in which commands run.
    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }

    /// Writes a file of the configuration, over an earlier one.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, file: &str, content: &str) -> Result<()> {
        std::fs::write(self.directory.path().join(file), content).with_context(|| format!("writing {file}"))
    }

    /// Copies the files of a directory, not those of directories in it.
    ///
    /// # Errors
    ///
    /// If one of them cannot be copied.
    pub fn copy(&self, from: &Path) -> Result<()> {
        for entry in std::fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                std::fs::copy(entry.path(), self.directory.path().join(entry.file_name()))?;
            }
        }
        Ok(())
    }

    /// Where the configuration is.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(self.directory.path()).stdin(Stdio::null());
        // Whatever the caller's own set-up is, it must decide nothing here.
        for (name, _) in std::env::vars_os() {
            let foreign =
                ["TF_", "ALICLOUD_", "ALIBABA_CLOUD_", "ALIBABACLOUD_", "IOT_ENDPOINT", "STS_ENDPOINT", "CLIENT_"];
            if name.to_str().is_some_and(|name| foreign.iter().any(|prefix| name.starts_with(prefix))) {
                command.env_remove(name);
            }
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs Terraform to its end.
    ///
    /// # Errors
    ///
    /// If it cannot be started. An exit code other than 0 is not an error here.
    pub fn run(&self, arguments: &[&str]) -> Result<Output> {
        let output = self.command(arguments).output().with_context(|| format!("running terraform {arguments:?}"))?;
        Ok(Output {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Which core the tests run.
    ///
    /// # Errors
    ///
    /// If it does not say so in the way that all of them do.
    pub fn version(&self) -> Result<Version> {
        let output = self.run(&["version"])?.success()?;
        let mut words = output.stdout.split_whitespace();
        let is_opentofu = words.next() == Some("OpenTofu");
        let version = words.next().unwrap_or_default().trim_start_matches('v');
        let mut numbers = version.split('.').map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => Ok(Version { is_opentofu, number: [major, minor] }),
            _ => bail!("{version:?} is not a version of Terraform"),
        }
    }

    /// Starts Terraform, to do something while it runs.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn start(&self, arguments: &[&str]) -> Result<Running> {
        Running::start(self.command(arguments))
    }

    /// Puts the built provider where `terraform init` finds it, as users install one by hand: commands then run it
    /// from there, and need an `init` first.
    ///
    /// # Errors
    ///
    /// If its file cannot be put there.
    pub fn install_provider(&self) -> Result<()> {
        let name = "terraform-provider-alicloud-iot";
        let built = built(name)?;
        let mirror = self.directory.path().join("mirror");
        let version = env!("CARGO_PKG_VERSION");
        let place = mirror.join(SOURCE).join(version).join(platform());
        std::fs::create_dir_all(&place)?;
        let file = place.join(format!("{name}_v{version}{}", std::env::consts::EXE_SUFFIX));
        // The directories can be on two file systems, across which there are no links.
        std::fs::hard_link(&built, &file).or_else(|_| std::fs::copy(&built, &file).map(|_| ()))?;
        let path = Value::from(mirror.to_str().context("a path in UTF-8")?);
        self.write(
            "cli.tfrc",
            &format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n"),
        )
    }

    /// The plan, as `terraform show -json` tells it.
    ///
    /// # Errors
    ///
    /// If planning fails.
    pub fn plan(&self, arguments: &[&str]) -> Result<Value> {
        self.run(&[&["plan", "-input=false", "-no-color", "-out=saved.tfplan"], arguments].concat())?.success()?;
        let shown = self.run(&["show", "-json", "saved.tfplan"])?.success()?;
        serde_json::from_str(&shown.stdout).context("reading the plan")
    }

    /// What the plan would do to each resource that it would do something to, as `address: actions`.
    ///
    /// # Errors
    ///
    /// If planning fails.
    pub fn planned_actions(&self, arguments: &[&str]) -> Result<Vec<String>> {
        let plan = self.plan(arguments)?;
        let changes = plan.get("resource_changes").and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |change: &Value, pointer: &str| match change.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" then "),
            _ => String::new(),
        };
        let all = changes.iter().map(|change| (text(change, "/address"), text(change, "/change/actions")));
        Ok(all
            .filter(|(_, actions)| actions != "no-op")
            .map(|(address, actions)| format!("{address}: {actions}"))
            .collect())
    }

    /// Applies the configuration.
    ///
    /// # Errors
    ///
    /// If that fails.
    pub fn apply(&self, arguments: &[&str]) -> Result<Output> {
        let fixed = ["apply", "-input=false", "-no-color", "-auto-approve"];
        self.run(&[&fixed, arguments].concat())?.success()
    }

    /// Destroys everything.
    ///
    /// # Errors
    ///
    /// If that fails.
    pub fn destroy(&self) -> Result<Output> {
        self.run(&["destroy", "-input=false", "-no-color", "-auto-approve"])?.success()
    }

    /// The attributes of a resource in the state; none if it is not there.
    ///
    /// # Errors
    ///
    /// If the state cannot be read.
    pub fn attributes(&self, address: &str) -> Result<Option<Value>> {
        let shown = self.run(&["show", "-json"])?.success()?;
        let state: Value = serde_json::from_str(&shown.stdout)?;
        let resources = state.pointer("/values/root_module/resources").and_then(Value::as_array);
        let found = resources.into_iter().flatten().find(|it| it.get("address") == Some(&address.into()));
        Ok(found.and_then(|resource| resource.get("values")).cloned())
    }
}

/// This machine in the words of Go, which are those of a mirror's directories.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}_{processor}")
}
