//! Where connections come from: a socket that only this user can reach, and the TLS on it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tonic::transport::server::Connected;

use super::handshake::Address;

/// A client that has not finished its TLS handshake by then is let go.
const TLS_HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// Handshakes under way at once. The host makes one connection; strangers cannot pile up more.
const TLS_HANDSHAKES_AT_ONCE: usize = 32;

/// A bound socket. Dropping it removes the socket from the file system.
#[derive(Debug)]
pub struct Listener {
    socket: imp::Socket,
}

impl Listener {
    /// Binds a unix socket in a private directory, or a loopback port where there are no unix sockets.
    ///
    /// # Errors
    ///
    /// If no directory for the socket can be made, or nothing can be bound.
    pub fn bind() -> io::Result<Self> {
        imp::Socket::bind().map(|socket| Self { socket })
    }

    /// What to announce in the handshake line.
    ///
    /// # Errors
    ///
    /// If the operating system hides the port.
    pub fn address(&self) -> io::Result<Address> {
        self.socket.address()
    }

    /// Whether strangers on this machine are kept out by the file system alone.
    pub fn is_private(&self) -> bool {
        imp::IS_PRIVATE
    }

    /// Hands out connections that have proven themselves, until the receiver is dropped.
    ///
    /// With `tls` set, only clients that the acceptor trusts come through; each handshake has its
    /// own task, so that a silent client holds nobody up. The task that is returned ends after the
    /// receiver was dropped and the socket removed.
    pub fn accept(
        self,
        tls: Option<TlsAcceptor>,
        count: ConnectionCount,
    ) -> (mpsc::Receiver<io::Result<Connection>>, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(1);
        (receiver, tokio::spawn(accept_loop(self.socket, tls, count, sender)))
    }
}

async fn accept_loop(
    socket: imp::Socket,
    tls: Option<TlsAcceptor>,
    count: ConnectionCount,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    let handshakes = Arc::new(Semaphore::new(TLS_HANDSHAKES_AT_ONCE));
    loop {
        let next = async {
            let permit = handshakes.clone().acquire_owned().await;
            (permit, socket.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = sender.closed() => return,
        };
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                // For example out of file descriptors: give the machine a moment, then go on.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (tls, sender, count) = (tls.clone(), sender.clone(), count.clone());
        tokio::spawn(async move {
            match secure(stream, tls).await {
                Ok(io) => {
                    let connection = Connection { io, _counted: count.connected() };
                    // Fails only when the server is gone, and then nobody is left to tell.
                    let _ = sender.send(Ok(connection)).await;
                }
                Err(error) => tracing::warn!(%error, "a client was refused"),
            }
            drop(permit);
        });
    }
}

async fn secure(stream: imp::Stream, tls: Option<TlsAcceptor>) -> io::Result<Box<dyn Io>> {
    let Some(acceptor) = tls else { return Ok(Box::new(stream)) };
    let stream = timeout(TLS_HANDSHAKE_LIMIT, acceptor.accept(stream))
        .await
        .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the TLS handshake took too long"))??;
    Ok(Box::new(stream))
}

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A connection of the host, in whichever way it came.
pub struct Connection {
    io: Box<dyn Io>,
    _counted: Counted,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// How many connections are open, and whether there ever was one.
#[derive(Debug, Clone, Default)]
pub struct ConnectionCount {
    open: Arc<watch::Sender<Option<usize>>>,
}

impl ConnectionCount {
    fn connected(&self) -> Counted {
        self.open.send_modify(|open| *open = Some(open.unwrap_or(0) + 1));
        Counted { open: self.open.clone() }
    }

    /// Ends once nobody has connected within `first`, or there were connections and none has been open
    /// for `grace`.
    pub async fn abandoned(&self, first: Duration, grace: Duration) {
        let mut open = self.open.subscribe();
        // The sender lives in `self`, so that waiting itself cannot fail.
        if timeout(first, open.wait_for(Option::is_some)).await.is_err() {
            return;
        }
        loop {
            let _ = open.wait_for(|open| *open == Some(0)).await;
            if timeout(grace, open.wait_for(|open| *open != Some(0))).await.is_err() {
                return;
            }
        }
    }
}

struct Counted {
    open: Arc<watch::Sender<Option<usize>>>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.open.send_modify(|open| *open = open.map(|open| open.saturating_sub(1)));
    }
}

#[cfg(unix)]
mod imp {
    use std::io;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::{Path, PathBuf};

    use tempfile::TempDir;
    use tokio::net::{UnixListener, UnixStream};

    use super::super::env;
    use super::super::handshake::Address;

    pub(super) const IS_PRIVATE: bool = true;
    pub(super) type Stream = UnixStream;

    #[derive(Debug)]
    pub(super) struct Socket {
        listener: UnixListener,
        address: String,
        /// Removes socket and directory when dropped.
        _directory: TempDir,
    }

    impl Socket {
        pub(super) fn bind() -> io::Result<Self> {
            let mut last = None;
            for parent in parents() {
                match Self::bind_under(&parent) {
                    Ok(socket) => return Ok(socket),
                    Err(error) => last = Some(error),
                }
            }
            Err(last.unwrap_or_else(|| io::Error::other("no directory for the socket")))
        }

        fn bind_under(parent: &Path) -> io::Result<Self> {
            let directory = tempfile::Builder::new()
                .prefix("tf")
                .rand_bytes(8)
                .permissions(std::fs::Permissions::from_mode(0o700))
                .tempdir_in(parent)?;
            let path = directory.path().join("s");
            let text = path.to_str().filter(|text| !text.contains(['|', '\n'])).map(str::to_owned);
            let address = text.ok_or_else(|| {
                io::Error::other(format!("the handshake line cannot carry the socket path {}", path.display()))
            })?;
            let listener = UnixListener::bind(&path)?;
            Ok(Self { listener, address, _directory: directory })
        }

        pub(super) fn address(&self) -> io::Result<Address> {
            Ok(Address { network: "unix", text: self.address.clone() })
        }

        pub(super) async fn accept(&self) -> io::Result<Stream> {
            self.listener.accept().await.map(|(stream, _)| stream)
        }
    }

    /// A socket's path has about a hundred bytes: where the user's temporary directory is too long
    /// for one, the system's short one serves.
    fn parents() -> Vec<PathBuf> {
        match env::text(env::UNIX_SOCKET_DIRECTORY) {
            Some(directory) => vec![directory.into()],
            None => vec![std::env::temp_dir(), PathBuf::from("/tmp")],
        }
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io;
    use std::net::Ipv4Addr;

    use tokio::net::{TcpListener, TcpStream};

    use super::super::env;
    use super::super::handshake::Address;

    pub(super) const IS_PRIVATE: bool = false;
    pub(super) type Stream = TcpStream;

    #[derive(Debug)]
    pub(super) struct Socket {
        listener: TcpListener,
    }

    impl Socket {
        pub(super) fn bind() -> io::Result<Self> {
            let mut last = None;
            for port in ports()? {
                match std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                    Ok(listener) => {
                        listener.set_nonblocking(true)?;
                        return Ok(Self { listener: TcpListener::from_std(listener)? });
                    }
                    Err(error) => last = Some(error),
                }
            }
            Err(last.unwrap_or_else(|| io::Error::other("the range of ports is empty")))
        }

        pub(super) fn address(&self) -> io::Result<Address> {
            Ok(Address { network: "tcp", text: self.listener.local_addr()?.to_string() })
        }

        pub(super) async fn accept(&self) -> io::Result<Stream> {
            let (stream, _) = self.listener.accept().await?;
            // Without it small answers wait for the peer's delayed acknowledgement, some 40 ms each.
            stream.set_nodelay(true)?;
            Ok(stream)
        }
    }

    /// The range that the host asks for; any free port if it asks for none.
    fn ports() -> io::Result<std::ops::RangeInclusive<u16>> {
        let port = |name| match env::text(name) {
            None => Ok(None),
            Some(text) => {
                text.parse::<u16>().map(Some).map_err(|error| io::Error::other(format!("{name} is {text:?}: {error}")))
            }
        };
        match (port(env::MINIMUM_PORT)?, port(env::MAXIMUM_PORT)?) {
            (Some(low), Some(high)) => Ok(low..=high),
            _ => Ok(0..=0),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    const FIRST: Duration = Duration::from_secs(60);
    const GRACE: Duration = Duration::from_secs(5);

    async fn time_until_abandoned(count: &ConnectionCount) -> Duration {
        let start = Instant::now();
        count.abandoned(FIRST, GRACE).await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_never_connects_is_given_up() {
        assert_eq!(time_until_abandoned(&ConnectionCount::default()).await, FIRST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_connects_again_in_time_is_there_still() {
        let count = ConnectionCount::default();
        let host = async {
            let (one, other) = (count.connected(), count.connected());
            drop(one);
            // One of two that is closed is no absence, however long it takes.
            sleep(FIRST).await;
            drop(other);
            sleep(GRACE / 2).await;
            let again = count.connected();
            sleep(FIRST).await;
            drop(again);
        };
        let (time, ()) = tokio::join!(time_until_abandoned(&count), host);
        assert_eq!(time, FIRST + GRACE / 2 + FIRST + GRACE);
    }
}
