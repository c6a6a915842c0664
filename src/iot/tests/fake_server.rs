//! A server that gives prepared answers, one a connection, and keeps what it was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to a request.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// The same after a while, for which other connections do not wait.
    Late(Duration, Box<Reply>),
    /// These bytes, then others again and again, until the client turns away.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes one by one, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// The connection is reset as soon as bytes arrive, before they are read.
    Reset,
}

impl Reply {
    /// A whole answer.
    pub(super) fn new(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        Self::with_head(status, &format!("Content-Type: {content_type}"), body)
    }

    /// A whole answer with lines of its own in the head.
    pub(super) fn with_head(status: u16, head: &str, body: impl AsRef<[u8]>) -> Self {
        let length = body.as_ref().len();
        Self::claiming(status, head, length, body)
    }

    /// An answer that claims a length.
    pub(super) fn claiming(status: u16, head: &str, length: usize, body: impl AsRef<[u8]>) -> Self {
        let head = format!("HTTP/1.1 {status} Any\r\nConnection: close\r\nContent-Length: {length}\r\n{head}\r\n\r\n");
        Self::Bytes([head.as_bytes(), body.as_ref()].concat())
    }

    pub(super) fn json(status: u16, body: &str) -> Self {
        Self::new(status, "application/json; charset=utf-8", body)
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) head: String,
    pub(super) body: String,
}

/// Listens until it is dropped with its runtime.
#[derive(Debug)]
pub(super) struct FakeServer {
    pub(super) endpoint: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl FakeServer {
    /// Gives the answers in turn; whoever asks for more is sent away without one.
    pub(super) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let replies: VecDeque<Reply> = replies.into_iter().collect();
        tokio::spawn(serve(listener, replies, received.clone()));
        Self { endpoint, received }
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

async fn serve(listener: TcpListener, mut replies: VecDeque<Reply>, received: Arc<Mutex<Vec<Received>>>) {
    loop {
        let (connection, _) = listener.accept().await.unwrap();
        let reply = replies.pop_front().unwrap_or(Reply::Bytes(Vec::new()));
        match reply {
            Reply::Late(..) | Reply::Endless(..) | Reply::Drip(..) => {
                drop(tokio::spawn(answer(connection, reply, received.clone())));
            }
            Reply::Bytes(_) | Reply::Reset => answer(connection, reply, received.clone()).await,
        }
    }
}

async fn answer(mut connection: TcpStream, reply: Reply, received: Arc<Mutex<Vec<Received>>>) {
    // Closing with unread bytes makes the system send a reset.
    if matches!(reply, Reply::Reset) {
        return connection.readable().await.unwrap();
    }
    let request = read(&mut connection).await;
    received.lock().unwrap().push(request);
    // The client may give up on what is too large or too slow.
    let _ = write(&mut connection, reply).await;
    let _ = connection.shutdown().await;
}

async fn write(connection: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Reset => Ok(()),
        Reply::Bytes(bytes) => connection.write_all(&bytes).await,
        Reply::Late(delay, reply) => {
            tokio::time::sleep(delay).await;
            Box::pin(write(connection, *reply)).await
        }
        Reply::Endless(begin, part) => {
            connection.write_all(&begin).await?;
            loop {
                connection.write_all(&part).await?;
            }
        }
        Reply::Drip(bytes, pause) => {
            for byte in bytes {
                connection.write_u8(byte).await?;
                tokio::time::sleep(pause).await;
            }
            Ok(())
        }
    }
}

async fn read(connection: &mut TcpStream) -> Received {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if length.map_or(0, |length| length.parse().unwrap()) == body.len() {
                return Received { head: head.to_owned(), body: body.to_owned() };
            }
        }
        assert_ne!(connection.read_buf(&mut bytes).await.unwrap(), 0, "the request breaks off: {text}");
    }
}
