//! How Terraform and OpenTofu find a server that they did not start: `TF_REATTACH_PROVIDERS`.

use serde::Serialize;

use super::env;
use super::handshake::{Address, PROVIDER_PROTOCOL};

/// A running server, in the words of go-plugin.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Reattach<'a> {
    protocol: &'a str,
    protocol_version: u32,
    pid: u32,
    /// Core takes the version from here only if this is set, and otherwise kills the process at its end.
    test: bool,
    addr: Addr<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Addr<'a> {
    network: &'a str,
    string: &'a str,
}

/// What a person reads who started the server for debugging. `source` is the provider's whole source address.
pub(super) fn instructions(source: &str, at: &Address) -> Result<String, serde_json::Error> {
    let reattach = Reattach {
        protocol: "grpc",
        protocol_version: PROVIDER_PROTOCOL,
        pid: std::process::id(),
        test: true,
        addr: Addr { network: at.network, string: &at.text },
    };
    let json = serde_json::to_string(&std::collections::BTreeMap::from([(source, reattach)]))?;
    Ok(format!(
        "The provider {source} is running and waits. To have Terraform or OpenTofu use it, set this in their \
         environment; Ctrl-C here ends it.\n\n\t{}={}\n\n",
        env::REATTACH_PROVIDERS,
        quoted(&json)
    ))
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_a_shell_assignment_of_go_plugins_json() {
        let at = Address { network: "unix", text: "/tmp/it's/s".to_owned() };
        let text = instructions("example.com/a/b", &at).unwrap();
        let line = text.lines().find_map(|line| line.trim().strip_prefix("TF_REATTACH_PROVIDERS=")).unwrap();
        let pid = std::process::id();
        assert_eq!(
            line,
            format!(
                r#"'{{"example.com/a/b":{{"Protocol":"grpc","ProtocolVersion":6,"Pid":{pid},"Test":true,"Addr":{{"Network":"unix","String":"/tmp/it'\''s/s"}}}}}}'"#
            )
        );
    }
}
