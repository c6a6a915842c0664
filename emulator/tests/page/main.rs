//! The page at `/_emulator/`, in a real browser: Chromium without a window, driven through ChromeDriver.
//!
//! Where there is no ChromeDriver the tests are left out, with a line that says so; with `CI` set that is a failure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::print_stderr, unreachable_pub, dead_code)]

mod browser;
#[path = "../service/support/mod.rs"]
mod support;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;

use alicloud_iot_emulator::Edition;
use browser::{Driver, Tab};
use fantoccini::error::CmdError;
use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};
use support::{Emulator, firmware_fixture, options};

type Outcome = Result<(), CmdError>;
type Test = fn(Emulator, &Tab) -> Outcome;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    if !Driver::is_here() {
        let text = "chromedriver is not on the PATH (Debian: packages chromium and chromium-driver)";
        if std::env::var_os("CI").is_some() {
            eprintln!("The tests of the page cannot run: {text}.");
            return ExitCode::FAILURE;
        }
        println!("The tests of the page are left out: {text}.");
        return ExitCode::SUCCESS;
    }
    let driver = Arc::new(Driver::start());
    let tests: [(&str, Test); 6] = [
        ("a_rollout_is_shown_and_the_clock_moves_it_on", a_rollout),
        ("faults_are_injected_and_cleared", faults),
        ("reset_goes_back_to_the_fixtures_after_a_question", reset),
        ("what_callers_send_is_shown_as_text_and_without_secrets", text_only),
        ("a_phone_shows_it_without_scrolling_sideways", phone),
        ("pages_of_other_sites_change_nothing", other_sites),
    ];
    let trials = tests.map(|(name, test)| trial(name, test, Arc::clone(&driver)));
    libtest_mimic::run(&arguments, trials.into()).exit_code()
}

fn trial(name: &str, test: Test, driver: Arc<Driver>) -> Trial {
    Trial::test(name, move || {
        let emulator = Emulator::start(options(Edition::Extended, &fixtures()));
        let tab = driver.open(&format!("http://{}/_emulator/", emulator.address));
        test(emulator, &tab).map_err(|error| error.to_string().into())
    })
}

fn fixtures() -> Value {
    json!({
        "firmwares": [firmware_fixture("verified", 1), firmware_fixture("unverified", 0)],
        "fleets": [{ "product_key": "product", "count": 200, "version": "1.0", "failing": 0.1 }],
    })
}

fn a_rollout(emulator: Emulator, tab: &Tab) -> Outcome {
    tab.wait_for_text("#content", "There is none yet.")?;
    let job = emulator.create_job("verified", &[("SrcVersion.1", "1.0"), ("MaximumPerMinute", "100")]);
    tab.wait_for_text("#content", &job)?;
    tab.wait_for_text("#devices-title ~ .scroll", "200")?;
    tab.click_button("1 day")?;
    tab.wait_for_text("#message", "The clock was put forward: 1 day.")?;
    tab.wait_for_text(".legend", "SUCCEEDED 180")?;
    tab.wait_for_text(".legend", "FAILED 20")?;
    tab.wait_for_text("#devices-title ~ .scroll", "2.0 180")?;
    assert_eq!(tab.count(".chart path")?, 7, "an area for each status");
    // What the reader has opened stays open when the page brings itself up to date.
    tab.click("details summary")?;
    emulator.call("QueryOTAJob", &[("JobId", &job)]).success();
    tab.wait_for_text("#requests-title ~ .scroll", "QueryOTAJob")?;
    assert_eq!(tab.count("details[open]")?, 1);
    Ok(())
}

fn faults(emulator: Emulator, tab: &Tab) -> Outcome {
    tab.select("kind", "status_503")?;
    tab.select("action", "QueryOTAJob")?;
    tab.click_button("Inject")?;
    tab.wait_for_text("#faults-title ~ .scroll", "status_503 QueryOTAJob")?;
    let waiting = emulator.control("GET", "faults", &Value::Null);
    assert_eq!((&waiting[0]["kind"], &waiting[0]["action"]), (&json!("status_503"), &json!("QueryOTAJob")));
    tab.set("probability", "2")?;
    tab.run("document.getElementById('fault').noValidate = true")?;
    tab.click_button("Inject")?;
    tab.wait_for_text("#message.failure", "probability: it has to be 0 to 1")?;
    tab.click_button("Clear faults")?;
    tab.wait_for_text("#message", "No fault waits any more.")?;
    assert_eq!(emulator.control("GET", "faults", &Value::Null), json!([]));
    Ok(())
}

fn reset(emulator: Emulator, tab: &Tab) -> Outcome {
    let job = emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
    tab.wait_for_text("#content", &job)?;
    tab.click_button("Back to the fixtures")?;
    tab.dismiss_question()?;
    assert_eq!(emulator.control("GET", "state", &Value::Null)["jobs"].as_array().unwrap().len(), 1);
    tab.click_button("Back to the fixtures")?;
    tab.accept_question()?;
    tab.wait_for_text("#message", "Everything is as the fixtures say.")?;
    assert_eq!(emulator.control("GET", "state", &Value::Null)["jobs"], json!([]));
    Ok(())
}

fn text_only(emulator: Emulator, tab: &Tab) -> Outcome {
    let markup = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>";
    let tag = [("SrcVersion.1", "1.0"), ("Tag.1.Key", "note"), ("Tag.1.Value", markup)];
    emulator.create_job("verified", &tag);
    emulator.call("QueryOTAJob", &[("JobId", markup)]);
    tab.wait_for_text("#requests-title ~ .scroll", markup)?;
    tab.click("details summary")?;
    tab.wait_for_text("details", markup)?;
    assert_eq!(tab.run("return document.title")?, "alicloud-iot-emulator");
    let page = tab.run("return document.documentElement.outerHTML")?;
    let page = page.as_str().unwrap();
    for secret in ["emulator-key-id", "emulator-key-secret", "Signature="] {
        assert!(!page.contains(secret), "{secret}");
    }
    Ok(())
}

fn phone(emulator: Emulator, tab: &Tab) -> Outcome {
    let job = emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
    tab.resize(375, 800)?;
    tab.wait_for_text("#content", &job)?;
    let widths = tab.run("return [document.documentElement.scrollWidth, window.innerWidth]")?;
    assert!(widths[0].as_u64() <= widths[1].as_u64(), "{widths}");
    Ok(())
}

fn other_sites(emulator: Emulator, tab: &Tab) -> Outcome {
    emulator.create_job("verified", &[("SrcVersion.1", "1.0")]);
    tab.go(&format!("http://{}/", other_site()))?;
    let address = emulator.address;
    // Without CORS the browser sends it, and only keeps the answer from the page.
    let attack = format!(
        "const done = arguments[0];
         fetch('http://{address}/_emulator/reset', {{ method: 'POST', mode: 'no-cors' }}).finally(() => done(true))"
    );
    tab.run_async(&attack)?;
    assert_eq!(emulator.control("GET", "state", &Value::Null)["jobs"].as_array().unwrap().len(), 1);
    Ok(())
}

/// A site of its own on this machine, with an empty page, until the tests end.
fn other_site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            let _ = connection.read(&mut [0; 4096]).and_then(|_| connection.write_all(page.as_bytes()));
        }
    });
    address
}
