//! A browser without a window, and what a person does in it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// How long something may take to appear; only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(30);

/// ChromeDriver; it ends its browsers when it is dropped.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Whether the program is on this machine.
    pub fn is_here() -> bool {
        Command::new("chromedriver").arg("--version").stdout(Stdio::null()).status().is_ok()
    }

    /// Starts it on a free port, which it prints.
    pub fn start() -> Self {
        // The port that it finds free for one kind of address can be taken for the other: then it ends.
        (0..5).find_map(|_| Self::start_once()).expect("a chromedriver that says its port")
    }

    fn start_once() -> Option<Self> {
        let mut process =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().expect("chromedriver");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .filter(|line| line.contains("started successfully on port"))
            .find_map(|line| line.rsplit(' ').next()?.trim_end_matches('.').parse().ok());
        let driver = Self { process, port: port.unwrap_or_default() };
        port.map(|_| driver)
    }

    /// A new browser that shows a page.
    pub fn open(&self, url: &str) -> Tab {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // The service runs on this machine alone, so the browser reaches for nothing else.
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let options = json!({ "args": arguments });
        let capabilities: Capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let client = runtime.block_on(async {
            let driver = format!("http://127.0.0.1:{}", self.port);
            let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&driver).await;
            let client = client.expect("a browser");
            client.goto(url).await.unwrap();
            client
        });
        Tab { runtime, client }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A page that is shown.
pub struct Tab {
    runtime: Runtime,
    client: Client,
}

impl Tab {
    pub fn go(&self, url: &str) -> Result<(), CmdError> {
        self.runtime.block_on(self.client.goto(url))
    }

    /// Waits until an element shows a text; white space is folded.
    pub fn wait_for_text(&self, selector: &str, text: &str) -> Result<(), CmdError> {
        let script = "const found = document.querySelector(arguments[0]);
                      return found ? found.innerText.replace(/\\s+/g, ' ') : null";
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut shown = Value::Null;
        let seen = self.runtime.block_on(async {
            let appears = async {
                loop {
                    shown = self.client.execute(script, vec![json!(selector)]).await?;
                    if shown.as_str().is_some_and(|shown| shown.contains(&folded)) {
                        return Ok(());
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            tokio::time::timeout(PATIENCE, appears).await
        });
        seen.unwrap_or_else(|_| panic!("{selector} does not show {folded:?} but {shown}"))
    }

    pub fn click(&self, selector: &str) -> Result<(), CmdError> {
        self.click_on(Locator::Css(selector))
    }

    pub fn click_button(&self, text: &str) -> Result<(), CmdError> {
        self.click_on(Locator::XPath(&format!("//button[text()='{text}']")))
    }

    /// The page may bring itself up to date between finding and clicking: then what was found is no longer there.
    fn click_on(&self, what: Locator<'_>) -> Result<(), CmdError> {
        self.runtime.block_on(async {
            loop {
                match self.client.find(what).await?.click().await {
                    Err(error) if error.is_stale_element_reference() => {}
                    done => return done,
                }
            }
        })
    }

    /// Chooses an option of a field of the form.
    pub fn select(&self, name: &str, option: &str) -> Result<(), CmdError> {
        let selector = format!("select[name={name}]");
        self.runtime.block_on(async { self.client.find(Locator::Css(&selector)).await?.select_by_label(option).await })
    }

    /// Writes into a field of the form.
    pub fn set(&self, name: &str, value: &str) -> Result<(), CmdError> {
        let selector = format!("input[name={name}]");
        self.runtime.block_on(async {
            let field = self.client.find(Locator::Css(&selector)).await?;
            field.clear().await?;
            field.send_keys(value).await
        })
    }

    pub fn count(&self, selector: &str) -> Result<usize, CmdError> {
        Ok(self.runtime.block_on(self.client.find_all(Locator::Css(selector)))?.len())
    }

    pub fn run(&self, script: &str) -> Result<Value, CmdError> {
        self.runtime.block_on(self.client.execute(script, Vec::new()))
    }

    pub fn run_async(&self, script: &str) -> Result<Value, CmdError> {
        self.runtime.block_on(self.client.execute_async(script, Vec::new()))
    }

    pub fn accept_question(&self) -> Result<(), CmdError> {
        self.runtime.block_on(self.client.accept_alert())
    }

    pub fn dismiss_question(&self) -> Result<(), CmdError> {
        self.runtime.block_on(self.client.dismiss_alert())
    }

    pub fn resize(&self, width: u32, height: u32) -> Result<(), CmdError> {
        self.runtime.block_on(self.client.set_window_size(width, height))
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.client.clone().close());
    }
}
