//! A relay between the provider and the emulator, which keeps what passes and can hold calls up.
//!
//! With it a test is at an exact moment of a call for as long as it wants, where a slow answer would only make that
//! moment likely.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, ensure};

use crate::wait_for;

/// Where a call is held up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The client has sent it, the emulator has not got it.
    Request,
    /// The emulator has carried it out, the client has no answer.
    Answer,
}

/// A running relay. What it holds goes on when this is dropped.
#[derive(Debug)]
pub struct Relay {
    url: String,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    traffic: Mutex<Traffic>,
    /// Something changed in the traffic.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Traffic {
    hold: Option<Hold>,
    /// Calls that wait now.
    held: usize,
    bodies: Vec<String>,
    answers: Vec<String>,
    /// Operations of calls that the emulator has carried out.
    passed: Vec<String>,
    /// Operations that are refused on the way, with the code.
    refused: Vec<(&'static str, &'static str)>,
}

#[derive(Debug)]
struct Hold {
    action: &'static str,
    at: At,
    /// Calls that pass before.
    after: usize,
}

impl Relay {
    /// Listens on a free port of this machine.
    ///
    /// # Errors
    ///
    /// If the emulator's address is none, or there is no port.
    pub fn to(emulator: &str) -> Result<Self> {
        let target = emulator.strip_prefix("http://").context("the emulator's address")?.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::<Shared>::default();
        std::thread::spawn({
            let shared = shared.clone();
            move || {
                // Ends with the process: a test has no use for the port of another.
                for client in listener.incoming().flatten() {
                    let (shared, target) = (shared.clone(), target.clone());
                    // A connection ends when either side does, and the other one sees that.
                    std::thread::spawn(move || relay(client, &target, &shared));
                }
            }
        });
        Ok(Self { url, shared })
    }

    /// Where it listens, as `http://HOST:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on lets `after` calls of an operation pass and holds up all that follow, until they are released.
    pub fn hold(&self, action: &'static str, at: At, after: usize) {
        self.shared.traffic().hold = Some(Hold { action, at, after });
    }

    /// Waits until calls are held up.
    ///
    /// # Errors
    ///
    /// If none comes.
    pub fn wait_until_held(&self, calls: usize) -> Result<()> {
        wait_for(&format!("{calls} calls that are held up"), || Ok((self.shared.traffic().held >= calls).then_some(())))
    }

    /// Lets everything pass that was held up, and what follows.
    pub fn release(&self) {
        self.shared.traffic().hold = None;
        self.shared.changed.notify_all();
    }

    /// From now on answers all calls of an operation itself, as the service's gateway refuses one, with a code.
    pub fn refuse(&self, action: &'static str, code: &'static str) {
        self.shared.traffic().refused.push((action, code));
    }

    /// Whether the emulator has carried out a call of an operation.
    pub fn passed(&self, action: &str) -> bool {
        self.shared.traffic().passed.iter().any(|passed| passed == action)
    }

    /// The bodies of the requests that came, oldest first.
    pub fn bodies(&self) -> Vec<String> {
        self.shared.traffic().bodies.clone()
    }

    /// The bodies of the emulator's answers, oldest first.
    pub fn answers(&self) -> Vec<String> {
        self.shared.traffic().answers.clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.release();
    }
}

impl Shared {
    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a call that is not passed on.
    fn refusal(&self, action: &str) -> Option<String> {
        let code = self.traffic().refused.iter().find(|(refused, _)| *refused == action)?.1;
        let body = format!("{{\"Code\":\"{code}\",\"Message\":\"refused on the way\",\"RequestId\":\"relay\"}}");
        Some(format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
    }

    /// Waits while a call of this operation is to be held up here.
    fn pass(&self, action: &str, at: At) {
        let mut traffic = self.traffic();
        let Some(hold) = traffic.hold.as_mut().filter(|hold| hold.action == action && hold.at == at) else { return };
        if hold.after > 0 {
            hold.after -= 1;
            return;
        }
        traffic.held += 1;
        let mut traffic =
            self.changed.wait_while(traffic, |traffic| traffic.hold.is_some()).unwrap_or_else(PoisonError::into_inner);
        traffic.held -= 1;
    }
}

/// Passes calls on, one after the other, as long as both sides keep the connection.
fn relay(client: TcpStream, target: &str, shared: &Shared) -> Result<()> {
    let server = TcpStream::connect(target)?;
    let mut from_client = BufReader::new(client.try_clone()?);
    let mut from_server = BufReader::new(server.try_clone()?);
    let (mut to_client, mut to_server) = (client, server);
    loop {
        let (head, body) = message(&mut from_client)?;
        let text = String::from_utf8_lossy(&body).into_owned();
        let action = text.split('&').find_map(|pair| pair.strip_prefix("Action=")).unwrap_or_default().to_owned();
        shared.traffic().bodies.push(text);
        shared.pass(&action, At::Request);
        if let Some(refusal) = shared.refusal(&action) {
            to_client.write_all(refusal.as_bytes())?;
            continue;
        }
        to_server.write_all(&[head, body].concat())?;
        let answer = message(&mut from_server);
        shared.traffic().passed.push(action.clone());
        shared.pass(&action, At::Answer);
        let (head, body) = answer?;
        shared.traffic().answers.push(String::from_utf8_lossy(&body).into_owned());
        to_client.write_all(&[head, body].concat())?;
    }
}

/// A message of HTTP/1.1 with a `Content-Length`, as both sides here send them.
fn message(from: &mut BufReader<TcpStream>) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut head = Vec::new();
    let mut length = 0;
    loop {
        let start = head.len();
        ensure!(from.read_until(b'\n', &mut head)? > 0, "the connection ended");
        let line = String::from_utf8_lossy(head.get(start..).unwrap_or_default()).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok((head, body))
}
