//! Plain HTTP/1.1 over a socket: one request a connection, so that every byte is seen.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends one request and reads until the emulator closes the connection.
pub(crate) fn exchange(
    address: SocketAddr,
    method: &str,
    target: &str,
    content_type: &str,
    body: &[u8],
) -> Result<Response> {
    let bytes = exchange_bytes(address, method, target, content_type, body)?;
    parse(&bytes).ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, format!("no whole answer: {bytes:?}")))
}

/// As [`exchange`], with headers of the caller's own in place of the content type; `Host` is one of them.
pub(crate) fn exchange_with(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<Response> {
    let mut stream = connect(address);
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let head = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n{lines}Content-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&answer).ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, format!("no whole answer: {answer:?}")))
}

/// As [`exchange`], the answer as it came.
pub(crate) fn exchange_bytes(
    address: SocketAddr,
    method: &str,
    target: &str,
    content_type: &str,
    body: &[u8],
) -> Result<Vec<u8>> {
    let mut stream = connect(address);
    let length = body.len();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// As [`exchange`] without a body; `None` if the emulator is gone, before or in the middle of it.
pub(crate) fn try_exchange(address: SocketAddr, method: &str, target: &str) -> Option<Response> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let head =
        format!("{method} {target} HTTP/1.1\r\nHost: emulator.test\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    parse(&answer)
}

pub(crate) fn parse(bytes: &[u8]) -> Option<Response> {
    let text = String::from_utf8(bytes.to_vec()).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let response = Response { status, headers, body: body.to_owned() };
    let length: usize = response.header("content-length")?.parse().ok()?;
    (length == response.body.len()).then_some(response)
}
