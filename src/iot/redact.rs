//! What of other people's texts may be shown.

use std::borrow::Cow;

use secrecy::ExposeSecret;

use super::credentials::Credentials;
use super::encode::percent_encode;

/// Longer texts are cut: the service's own are a sentence or two.
const LONGEST_TEXT: usize = 1000;
/// What key ids begin with: those of users and those of temporary keys.
const KEY_ID_PREFIXES: [&str; 2] = ["LTAI", "STS."];
/// Shorter words that begin like a key id are none.
const SHORTEST_KEY_ID: usize = 12;
/// What stands where something is not shown.
pub(super) const HIDDEN: &str = "(hidden)";
/// Words in the query of a URL that whoever has it may use, in lower case.
const PERMISSIONS: [&str; 7] = ["signature", "accesskeyid", "expires", "token", "credential", "secret", "password"];
/// Ends of parameters' names whose values are secrets, in lower case.
const SECRET_NAMES: [&str; 5] = ["signature", "securitytoken", "security-token", "accesskeysecret", "ststoken"];
/// Between a name and its value: as it is, in a form, and in a string to sign.
const EQUALS: [&str; 3] = ["=", "%3d", "%253d"];
/// After a value, in the same.
const AMPERSANDS: [&str; 2] = ["%26", "%2526"];

/// The ends of a key id: enough to tell two keys apart, too little to use.
pub(super) fn masked_key_id(access_key_id: &str) -> String {
    let characters: Vec<char> = access_key_id.chars().collect();
    match characters.as_slice() {
        [a, b, c, d, middle @ .., e, f] if middle.len() >= 6 => format!("{a}{b}{c}{d}***{e}{f}"),
        _ => "***".to_owned(),
    }
}

/// What must not be shown of one sending.
#[derive(Clone, Copy)]
pub(super) struct Secrets<'a> {
    pub(super) credentials: &'a Credentials,
    /// The signature that was sent; empty if none was. It opens nothing a second time, but it is nobody's business.
    pub(super) signature: &'a str,
}

impl Secrets<'_> {
    /// A text of the service in a form that can be shown: one line of bounded length, without secrets and with key ids
    /// masked. The service repeats parameters in some of its messages, and knows signed URLs.
    pub(super) fn shown(self, text: &str) -> String {
        let mut text = text.to_owned();
        let secret = self.credentials.access_key_secret().expose_secret();
        let mut secrets = [secret, self.credentials.security_token().unwrap_or_default(), self.signature];
        // One of them can be a part of another.
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in secrets {
            replace_all_spellings(&mut text, secret, HIDDEN);
        }
        let key_id = self.credentials.access_key_id();
        replace_all_spellings(&mut text, key_id, &masked_key_id(key_id));
        let text = hide_named_values(&cut_signed_urls(&text));
        one_line(&mask_foreign_key_ids(&text))
    }
}

/// Replaces a value as it is, as it is in a form, in a string to sign and in a form with one, with hexadecimal digits
/// of either case, and as it is in JSON with its slashes escaped.
fn replace_all_spellings(text: &mut String, value: &str, replacement: &str) {
    if value.is_empty() {
        return;
    }
    // What is spelled otherwise has one of these. Ids of requests have none, and each call brings one.
    if text.contains(['%', '\\']) {
        for spelling in spellings(value) {
            *text = text.replace(&spelling, replacement);
        }
    } else if text.contains(value) {
        *text = text.replace(value, replacement);
    }
}

/// The spellings of a value, longest first.
fn spellings(value: &str) -> Vec<String> {
    let once = percent_encode(value);
    let lower = with_lower_case_escapes(&once);
    let [twice, twice_lower] = [percent_encode(&once), percent_encode(&lower)];
    let [thrice, thrice_lower] = [percent_encode(&twice), percent_encode(&twice_lower)];
    let escaped = value.replace('/', "\\/");
    vec![thrice, thrice_lower, twice, twice_lower, once, lower, escaped, value.to_owned()]
}

/// `%2F` as `%2f`.
fn with_lower_case_escapes(encoded: &str) -> String {
    let mut in_escape = 0;
    let lower = |character: char| {
        in_escape = if character == '%' { 2 } else { in_escape - 1 };
        if in_escape >= 0 { character.to_ascii_lowercase() } else { character }
    };
    encoded.chars().map(lower).collect()
}

/// Cuts the query off each URL whose query can be a permission, and the user off each that names one.
fn cut_signed_urls(text: &str) -> String {
    let mut cut = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://").map(|at| at + "://".len()) {
        let (before, url) = rest.split_at(start);
        let is_end = |character: char| character.is_whitespace() || "\"'<>\\".contains(character);
        let (url, after) = url.split_at(url.find(is_end).unwrap_or(url.len()));
        cut.push_str(before);
        cut.push_str(&without_permission(url));
        rest = after;
    }
    cut.push_str(rest);
    cut
}

/// A URL after its scheme.
fn without_permission(url: &str) -> String {
    let (address, query) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    let (host, path) = address.split_at(address.find('/').unwrap_or(address.len()));
    let host = host.rsplit_once('@').map_or(host.to_owned(), |(_, host)| format!("{HIDDEN}@{host}"));
    let lower = query.to_ascii_lowercase();
    if PERMISSIONS.iter().any(|word| lower.contains(word)) {
        format!("{host}{path}?{HIDDEN}")
    } else {
        format!("{host}{path}{query}")
    }
}

/// Hides what stands behind the names of secrets, as in `Signature=…`, with the equals sign in any spelling: in a text
/// of the service it may be somebody else's.
fn hide_named_values(text: &str) -> String {
    // ASCII changes case in place, so that what is found here is found there.
    let lower = text.to_ascii_lowercase();
    let names = SECRET_NAMES.iter().flat_map(|name| lower.match_indices(name));
    let mut starts: Vec<usize> = names.filter_map(|(at, name)| after_equals(&lower, at + name.len())).collect();
    starts.sort_unstable();
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for start in starts {
        // Nothing is there if the name was a part of a value.
        if let (Some(before), Some(value)) = (text.get(from..start), lower.get(start..)) {
            shown.push_str(before);
            shown.push_str(HIDDEN);
            from = start + length_of_value(value);
        }
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    shown
}

/// Where a value begins if there is an equals sign.
fn after_equals(lower: &str, at: usize) -> Option<usize> {
    let rest = lower.get(at..)?;
    EQUALS.iter().find(|equals| rest.starts_with(**equals)).map(|equals| at + equals.len())
}

/// How long the value is that a text begins with. The text is read no further than that: a value can be behind each name.
fn length_of_value(lower: &str) -> usize {
    let is_end = |(at, character): &(usize, char)| {
        let rest = lower.get(*at..).unwrap_or_default();
        character.is_whitespace() || "&\"'<>,;".contains(*character) || AMPERSANDS.iter().any(|it| rest.starts_with(it))
    };
    lower.char_indices().find(is_end).map_or(lower.len(), |(at, _)| at)
}

/// Masks words that look like a key id: the service may name another key than the one that was sent.
fn mask_foreign_key_ids(text: &str) -> String {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '.';
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|character| !is_part(character)).unwrap_or(word.len()));
        masked.push_str(before);
        masked.push_str(&mask_if_key_id(word));
        rest = after;
    }
    masked.push_str(rest);
    masked
}

fn mask_if_key_id(word: &str) -> Cow<'_, str> {
    let begins_like_one = KEY_ID_PREFIXES.iter().any(|prefix| word.starts_with(prefix));
    if begins_like_one && word.len() >= SHORTEST_KEY_ID { masked_key_id(word).into() } else { word.into() }
}

/// The text with control characters as blanks, cut to a length that a message can carry.
pub(super) fn one_line(text: &str) -> String {
    let mut line: String =
        text.chars().take(LONGEST_TEXT).map(|character| if character.is_control() { ' ' } else { character }).collect();
    if text.chars().nth(LONGEST_TEXT).is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn credentials() -> Credentials {
        Credentials::new("testAccessKeyId".to_owned(), "very/secret".into(), Some("CAISfake/Security+Token==".into()))
    }

    #[test]
    fn secrets_and_key_ids_are_hidden_in_every_spelling() {
        for (given, expected) in [
            ("plain words stay.", "plain words stay."),
            ("id testAccessKeyId!", "id test***Id!"),
            ("AccessKeyId%3DtestAccessKeyId%26", "AccessKeyId%3Dtest***Id%26"),
            ("a very/secret b", "a (hidden) b"),
            ("a very%2Fsecret b", "a (hidden) b"),
            ("a very%252Fsecret b", "a (hidden) b"),
            ("<CAISfake/Security+Token==>", "<(hidden)>"),
            ("SecurityToken=CAISfake%2FSecurity%2BToken%3D%3D&", "SecurityToken=(hidden)&"),
            ("CAISfake%252FSecurity%252BToken%253D%253D", "(hidden)"),
            ("key LTAI5tSomebodyElsesKey01 is unknown", "key LTAI***01 is unknown"),
            ("(STS.NUgYrSomebodyElses)", "(STS.***es)"),
            ("LTAI is a prefix", "LTAI is a prefix"),
            ("a very%2fsecret b very%252fsecret c very%25252Fsecret", "a (hidden) b (hidden) c (hidden)"),
            (r"a very\/secret b", "a (hidden) b"),
            ("imJ6jqd9hXgKaE6RByPY/zxHOIo= and imJ6jqd9hXgKaE6RByPY%2FzxHOIo%3D", "(hidden) and (hidden)"),
            ("Signature=x+/y=&Action=A signature%3Dx%26b", "Signature=(hidden)&Action=A signature%3D(hidden)%26b"),
            (
                "SignatureMethod=HMAC-SHA1&SecurityToken%253Dt%2526",
                "SignatureMethod=HMAC-SHA1&SecurityToken%253D(hidden)%2526",
            ),
            ("上 Signature=上", "上 Signature=(hidden)"),
            (
                "<https://b.oss.example.com/a/f.bin?OSSAccessKeyId=k&Expires=1&Signature=s>",
                "<https://b.oss.example.com/a/f.bin?(hidden)>",
            ),
            ("http://h/p?security-token=t#f and https://h?a=b", "http://h/p?(hidden) and https://h?a=b"),
            ("https://user:word@proxy:80/x", "https://(hidden)@proxy:80/x"),
            ("two\nlines\u{1b}[2J", "two lines [2J"),
        ] {
            let credentials = credentials();
            let secrets = Secrets { credentials: &credentials, signature: "imJ6jqd9hXgKaE6RByPY/zxHOIo=" };
            assert_eq!(secrets.shown(given), expected);
        }
    }

    proptest! {
        #[test]
        fn no_secret_is_shown_in_any_spelling(
            secrets in prop::array::uniform4("[ -~]{14,40}|[a-zA-Z0-9+/=]{14,40}|[+/=%&?:上]{14,20}"),
            around in prop::array::uniform2("[ -~上]{0,12}"),
            which in 0..4_usize,
            spelling in 0..8_usize,
        ) {
            let [key_id, secret, token, signature] = &secrets;
            let credentials = Credentials::new(key_id.clone(), secret.as_str().into(), Some(token.as_str().into()));
            let [before, after] = around;
            let text = format!("{before}{}{after}", spellings(&secrets[which])[spelling]);
            let shown = Secrets { credentials: &credentials, signature }.shown(&text);
            for spelling in secrets.iter().flat_map(|secret| spellings(secret)) {
                prop_assert!(!shown.contains(&spelling), "{:?} is in {:?}, of {:?}", spelling, shown, text);
            }
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let text = "上".repeat(LONGEST_TEXT + 1);
        assert_eq!(one_line(&text), "上".repeat(LONGEST_TEXT) + "…");
        let text = "上".repeat(LONGEST_TEXT);
        assert_eq!(one_line(&text), text);
    }

    /// A text of the service can be as long as an answer. Looked through again for each value that is hidden, these would
    /// take hours.
    #[test]
    fn a_long_text_is_looked_through_once() {
        let credentials = credentials();
        for (values, expected) in [
            ("Signature=x ", "Signature=(hidden) Signature=(hidden) "),
            ("Signature=x%26", "Signature=(hidden)%26Signature=(hidden)%26"),
            ("Signature%253Dx%2526", "Signature%253D(hidden)%2526Signature%253D(hidden)%2526"),
        ] {
            let text = values.repeat(1 << 17);
            let shown = Secrets { credentials: &credentials, signature: "" }.shown(&text);
            assert!(shown.starts_with(expected), "{shown}");
        }
    }

    #[test]
    fn a_short_key_id_is_masked_as_a_whole() {
        assert_eq!(masked_key_id("testid"), "***");
        assert_eq!(masked_key_id(""), "***");
        assert_eq!(masked_key_id("abcdefghijkl"), "abcd***kl");
    }
}
