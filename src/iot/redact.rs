//! What of other people's texts may be shown.

use secrecy::ExposeSecret;

use super::credentials::Credentials;
use super::encode::percent_encode;

/// Longer texts are cut: the service's own are a sentence or two.
const LONGEST_TEXT: usize = 1000;
/// What key ids begin with: those of users and those of temporary keys.
const KEY_ID_PREFIXES: [&str; 2] = ["LTAI", "STS."];
/// Shorter words that begin like a key id are none.
const SHORTEST_KEY_ID: usize = 12;
const HIDDEN: &str = "(hidden)";

/// The ends of a key id: enough to tell two keys apart, too little to use.
pub(super) fn masked_key_id(access_key_id: &str) -> String {
    let characters: Vec<char> = access_key_id.chars().collect();
    match characters.as_slice() {
        [a, b, c, d, middle @ .., e, f] if middle.len() >= 6 => format!("{a}{b}{c}{d}***{e}{f}"),
        _ => "***".to_owned(),
    }
}

/// A text of the service in a form that can be shown: one line of bounded length, without the secrets of this client
/// and with key ids masked. The service repeats parameters in some of its messages.
pub(super) fn shown(text: &str, credentials: &Credentials) -> String {
    let mut text = text.to_owned();
    let secret = credentials.access_key_secret().expose_secret();
    for hidden in [Some(secret), credentials.security_token()].into_iter().flatten() {
        replace_all_spellings(&mut text, hidden, HIDDEN);
    }
    let key_id = credentials.access_key_id();
    replace_all_spellings(&mut text, key_id, &masked_key_id(key_id));
    one_line(&mask_foreign_key_ids(&text))
}

/// Replaces a value as it is, as it is in a form, and as it is in a string to sign.
fn replace_all_spellings(text: &mut String, value: &str, replacement: &str) {
    if value.is_empty() {
        return;
    }
    let once = percent_encode(value);
    let twice = percent_encode(&once);
    for spelling in [twice.as_str(), &once, value] {
        *text = text.replace(spelling, replacement);
    }
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

fn mask_if_key_id(word: &str) -> String {
    let begins_like_one = KEY_ID_PREFIXES.iter().any(|prefix| word.starts_with(prefix));
    if begins_like_one && word.len() >= SHORTEST_KEY_ID { masked_key_id(word) } else { word.to_owned() }
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
            ("two\nlines\u{1b}[2J", "two lines [2J"),
        ] {
            assert_eq!(shown(given, &credentials()), expected);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let text = "上".repeat(LONGEST_TEXT + 1);
        assert_eq!(one_line(&text), "上".repeat(LONGEST_TEXT) + "…");
        let text = "上".repeat(LONGEST_TEXT);
        assert_eq!(one_line(&text), text);
    }

    #[test]
    fn a_short_key_id_is_masked_as_a_whole() {
        assert_eq!(masked_key_id("testid"), "***");
        assert_eq!(masked_key_id(""), "***");
        assert_eq!(masked_key_id("abcdefghijkl"), "abcd***kl");
    }
}
