//! What holds for the body of any answer of the cloud, whichever format it has.

use secrecy::SecretString;
use terraform_provider_alicloud_iot::iot::operations::{
    CancelOtaStrategyByJob, CreateOtaDynamicUpgradeJob, ListOtaJobByFirmware, QueryOtaFirmware, QueryOtaJob,
};
use terraform_provider_alicloud_iot::iot::{
    Credentials, FailureKind, Node, Operation, Unreadable, parse_answer, read_answer,
};

/// Statuses that answers come with. A success is one by its body, whatever its status.
const STATUSES: [u16; 4] = [200, 400, 429, 503];
const SECRET: &str = "FuzzSecret/1";
const TOKEN: &str = "FuzzToken/2";
/// No text that is shown is longer: a thousand characters of the service's, and some words around them.
const LONGEST_TEXT: usize = 1100;
/// What one answer may hold.
const MOST_NODES: usize = 500_000;
const DEEPEST: usize = 64;

/// The tree of a body, after it went through the verdict and every operation.
///
/// # Panics
///
/// If the tree is larger than its body accounts for, a success depends on the status, or a failure shows a secret or
/// more than one line of bounded length.
pub(crate) fn read(body: &[u8]) -> Result<Node, Unreadable> {
    let tree = parse_answer(body);
    if let Ok(tree) = &tree {
        let (nodes, depth) = extent(tree);
        assert!(nodes <= body.len().min(MOST_NODES), "{} bytes became {nodes} nodes", body.len());
        assert!(depth <= DEEPEST, "the tree is {depth} deep");
    }
    judged::<CancelOtaStrategyByJob>(body, &STATUSES, tree.is_ok());
    // What is made of the status depends on the operation in nothing.
    judged::<CreateOtaDynamicUpgradeJob>(body, &[200], tree.is_ok());
    judged::<ListOtaJobByFirmware>(body, &[200], tree.is_ok());
    judged::<QueryOtaFirmware>(body, &[200], tree.is_ok());
    judged::<QueryOtaJob>(body, &[200], tree.is_ok());
    tree
}

fn judged<O: Operation>(body: &[u8], statuses: &[u16], is_readable: bool) {
    let secret = SecretString::from(SECRET);
    let credentials = Credentials::new("FuzzKeyId".to_owned(), secret, Some(SecretString::from(TOKEN)));
    let mut successes = 0;
    for &status in statuses {
        match read_answer::<O>(status, body.to_vec(), &credentials) {
            Ok(answer) => {
                assert!(is_readable);
                assert_shows_no_secret(&answer.request_id);
                successes += 1;
            }
            Err(error) => {
                let texts = [error.message(), error.code().unwrap_or_default(), error.request_id().unwrap_or_default()];
                for text in texts {
                    assert_shows_no_secret(text);
                    assert!(text.chars().count() <= LONGEST_TEXT && !text.contains(char::is_control), "{text:?}");
                }
                assert_shows_no_secret(&format!("{error} {error:?}"));
                assert_eq!(error.http_status(), Some(status));
                // Nothing is taken for refused but on somebody's word, and only 429 says something by itself.
                let may_be_refused = is_readable || status == 429;
                assert!(may_be_refused || error.kind() == FailureKind::OutcomeUnknown, "{status}: {error:?}");
            }
        }
    }
    assert!(successes == 0 || successes == statuses.len(), "a success depends on the status");
}

fn assert_shows_no_secret(text: &str) {
    assert!(!text.contains(SECRET) && !text.contains(TOKEN), "{text:?} shows a secret");
}

/// How many nodes a tree has, and how deep it is.
fn extent(node: &Node) -> (usize, usize) {
    let (mut nodes, mut depth) = (0, 0);
    let mut below = |node: &Node| {
        let (more, deep) = extent(node);
        nodes += more;
        depth = depth.max(deep);
    };
    match node {
        Node::Null | Node::Text(_) => {}
        Node::List(items) => items.iter().for_each(&mut below),
        Node::Object(members) => members.iter().for_each(|(_, node)| below(node)),
    }
    (nodes + 1, depth + 1)
}
