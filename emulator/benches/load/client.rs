//! The calls of both services, over plain sockets.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Error, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use time::OffsetDateTime;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// One call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Create,
    Query,
    List,
    Cancel,
}

/// The mix, over and over.
pub(crate) const STEPS: [Step; 10] = [
    Step::Create,
    Step::Query,
    Step::Query,
    Step::List,
    Step::Query,
    Step::Query,
    Step::List,
    Step::Query,
    Step::Cancel,
    Step::Query,
];

/// A client of one service.
pub(crate) trait Jobs {
    /// Makes the call; an answer that is no success is an error.
    fn call(&mut self, step: Step) -> Result<()>;
}

/// A connection that is opened again whenever the server closes it.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
    patience: Duration,
}

impl Connection {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, patience: Duration::from_secs(30) }
    }

    /// For calls that take minutes.
    pub(crate) fn patient(address: SocketAddr) -> Self {
        Self { patience: Duration::from_secs(600), ..Self::new(address) }
    }

    /// Sends a request and gives the body of an answer with status 200.
    pub(crate) fn exchange(&mut self, method: &str, target: &str, headers: &str, body: &str) -> Result<String> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(self.patience))?;
                BufReader::new(stream)
            }
        };
        let (address, length) = (self.address, body.len());
        let request =
            format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
        stream.get_mut().write_all(request.as_bytes())?;
        let mut status = String::new();
        stream.read_line(&mut status)?;
        let (mut length, mut closes) = (0, false);
        loop {
            let mut line = String::new();
            stream.read_line(&mut line)?;
            let line = line.trim_end().to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().map_err(Error::other)?,
                Some(("connection", "close")) => closes = true,
                _ if line.is_empty() => break,
                _ => {}
            }
        }
        let mut bytes = vec![0; length];
        stream.read_exact(&mut bytes)?;
        if !closes {
            self.stream = Some(stream);
        }
        let text = String::from_utf8(bytes).map_err(Error::other)?;
        if status.split(' ').nth(1) == Some("200") { Ok(text) } else { Err(Error::other(text)) }
    }
}

/// The text after `"name":"` up to the next quotation mark.
fn member(json: &str, name: &str) -> Option<String> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    rest.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned)
}

/// Dynamic jobs of the emulator, signed in the older way.
pub(crate) struct EmulatorJobs {
    connection: Connection,
    firmware_id: String,
    job_id: String,
    calls: u64,
}

impl EmulatorJobs {
    pub(crate) fn new(connection: Connection, number: u16) -> Self {
        Self { connection, firmware_id: format!("fw-{number}"), job_id: String::new(), calls: 0 }
    }

    fn signed(&mut self, action: &str, own: &[(&str, &str)]) -> Result<String> {
        self.calls += 1;
        let nonce = format!("{}-{}", self.firmware_id, self.calls);
        let now = OffsetDateTime::now_utc();
        let (hour, minute, second) = now.to_hms();
        let timestamp = format!("{}T{hour:02}:{minute:02}:{second:02}Z", now.date());
        let common = [
            ("AccessKeyId", "emulator-key-id"),
            ("Action", action),
            ("Format", "JSON"),
            ("RegionId", "cn-shanghai"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", &nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &timestamp),
            ("Version", "2018-01-20"),
        ];
        let pairs: BTreeMap<&str, &str> = common.into_iter().chain(own.iter().copied()).collect();
        let pairs: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let query = pairs.join("&");
        let mut mac = Hmac::<Sha1>::new_from_slice(b"emulator-key-secret&").map_err(Error::other)?;
        mac.update(format!("POST&%2F&{}", encode(&query)).as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let answer =
            self.connection.exchange("POST", &format!("/?{query}&Signature={}", encode(&signature)), "", "")?;
        if answer.contains("\"Success\":true") { Ok(answer) } else { Err(Error::other(answer)) }
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

impl Jobs for EmulatorJobs {
    fn call(&mut self, step: Step) -> Result<()> {
        let (firmware_id, job_id) = (self.firmware_id.clone(), self.job_id.clone());
        match step {
            Step::Create => {
                let own = [("FirmwareId", firmware_id.as_str()), ("ProductKey", "product"), ("SrcVersion.1", "1.0")];
                let answer = self.signed("CreateOTADynamicUpgradeJob", &own)?;
                self.job_id = member(&answer, "JobId").ok_or_else(|| Error::other(answer))?;
            }
            Step::Query => drop(self.signed("QueryOTAJob", &[("JobId", &job_id)])?),
            Step::List => {
                let own = [("FirmwareId", firmware_id.as_str()), ("CurrentPage", "1"), ("PageSize", "10")];
                self.signed("ListOTAJobByFirmware", &own)?;
            }
            Step::Cancel => drop(self.signed("CancelOTAStrategyByJob", &[("JobId", &job_id)])?),
        }
        Ok(())
    }
}

/// Continuous jobs of moto's AWS IoT.
pub(crate) struct MotoJobs {
    connection: Connection,
    number: u16,
    jobs: u64,
}

/// Moto reads service and region from the header, and checks nothing else of it.
const MOTO_HEADERS: &str = "Authorization: AWS4-HMAC-SHA256 \
    Credential=test/20260101/us-east-1/iot/aws4_request, SignedHeaders=host, Signature=none\r\n\
    Content-Type: application/json\r\n";

impl MotoJobs {
    pub(crate) fn new(connection: Connection, number: u16) -> Self {
        Self { connection, number, jobs: 0 }
    }

    /// Makes the thing that the jobs are for.
    pub(crate) fn prepare(address: SocketAddr) -> Result<()> {
        Connection::new(address).exchange("POST", "/things/device", MOTO_HEADERS, "{}").map(drop)
    }
}

impl Jobs for MotoJobs {
    fn call(&mut self, step: Step) -> Result<()> {
        if matches!(step, Step::Create) {
            self.jobs += 1;
        }
        let path = format!("/jobs/job-{}-{}", self.number, self.jobs);
        let creation = r#"{"targets":["arn:aws:iot:us-east-1:123456789012:thing/device"],"document":"{}","targetSelection":"CONTINUOUS"}"#;
        let (method, target, body) = match step {
            Step::Create => ("PUT", path, creation),
            Step::Query => ("GET", path, ""),
            Step::List => ("GET", "/jobs?maxResults=10".to_owned(), ""),
            Step::Cancel => ("PUT", format!("{path}/cancel"), "{}"),
        };
        self.connection.exchange(method, &target, MOTO_HEADERS, body).map(drop)
    }
}
