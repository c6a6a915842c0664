//! Secrets stay where they were given.

use anyhow::{Result, ensure};

use crate::configuration::{MINIMAL, set_up, with_job_and};

crate::trials!(nothing_written_holds_a_secret);

const TOKEN: &str = "testkit-token-Qm7xLp2v";

fn nothing_written_holds_a_secret() -> Result<()> {
    let (_emulator, mut terraform) = set_up(&[])?;
    terraform.set("TF_LOG", "TRACE");
    // The emulator knows no token, so that the refusal of one is looked through as well.
    let with_token = with_job_and(&format!("security_token = \"{TOKEN}\""), MINIMAL);
    terraform.write("main.tf", &with_token)?;
    let refused = terraform.run(&["apply", "-auto-approve", "-input=false"])?;
    ensure!(refused.code == Some(1), "{refused:?}");
    terraform.write("main.tf", &with_job_and("", MINIMAL))?;
    let applied = terraform.run(&["apply", "-auto-approve", "-input=false"])?.success()?;
    let plan = terraform.plan(&["-destroy"])?.to_string();
    let state = std::fs::read_to_string(terraform.directory().join("terraform.tfstate"))?;
    let destroyed = terraform.destroy()?;
    let log = applied.stderr.as_str();
    ensure!(log.contains("@module=provider.iot") && log.contains("tf_rpc=ApplyResourceChange"), "the provider logs");
    for (what, text) in [
        ("a refused apply", &refused.stderr),
        ("its answer", &refused.stdout),
        ("an apply", &applied.stderr),
        ("its answer", &applied.stdout),
        ("a plan", &plan),
        ("the state", &state),
        ("a destroy", &destroyed.stderr),
    ] {
        // Terraform itself logs the configuration that it was given, and that is its user's doing.
        let ours =
            text.lines().filter(|line| !line.contains("[TRACE] ") || line.contains("provider.terraform-provider"));
        for line in ours {
            for secret in [testkit::ACCESS_KEY_SECRET, TOKEN, "Signature="] {
                ensure!(!line.contains(secret), "{what} shows {secret}: {line}");
            }
        }
    }
    Ok(())
}
