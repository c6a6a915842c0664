//! The names of the environment variables that a go-plugin host sets, in one place.

/// Proves that a plugin host started the process. Not a secret.
pub const MAGIC_COOKIE_KEY: &str = "TF_PLUGIN_MAGIC_COOKIE";

/// The value that Terraform and OpenTofu give [`MAGIC_COOKIE_KEY`].
pub const MAGIC_COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// The client's certificate as PEM. Set means: serve TLS and accept this certificate alone.
pub const CLIENT_CERTIFICATE: &str = "PLUGIN_CLIENT_CERT";

/// Where to create the socket instead of the temporary directory.
pub const UNIX_SOCKET_DIRECTORY: &str = "PLUGIN_UNIX_SOCKET_DIR";

/// Whether the host reads a seventh field in the handshake line. Older ones would take it for a part of the sixth.
pub const MULTIPLEX_GRPC: &str = "PLUGIN_MULTIPLEX_GRPC";

/// Lowest TCP port to listen on, where TCP is used.
pub const MINIMUM_PORT: &str = "PLUGIN_MIN_PORT";

/// Highest TCP port to listen on, where TCP is used.
pub const MAXIMUM_PORT: &str = "PLUGIN_MAX_PORT";

/// Servers that the host uses instead of starting one.
pub const REATTACH_PROVIDERS: &str = "TF_REATTACH_PROVIDERS";

/// Level of everything that Terraform logs.
pub const LOG: &str = "TF_LOG";

/// Level of what providers log; wins over [`LOG`].
pub const LOG_PROVIDER: &str = "TF_LOG_PROVIDER";

/// A variable that must not pass for absent when it is merely unreadable.
///
/// # Errors
///
/// If it is set and not UTF-8.
pub(crate) fn text_or_refusal(name: &str) -> Result<Option<String>, std::io::Error> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(std::io::Error::other(format!("{name} is not UTF-8"))),
    }
}

/// A text variable, with unset, empty and not UTF-8 all read as absent.
pub(crate) fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
