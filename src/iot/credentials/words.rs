//! The words of a command line, as a shell splits them.

/// Splits at blanks outside quotation marks; none if a quotation mark has no end or a backslash nothing after it. Where
/// backslashes are in paths, one stays what it is, but before a double quotation mark inside a pair of them.
pub(super) fn split(line: &str, has_backslashes_in_paths: bool) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = match (character, quote) {
            ('\\', Some('\'')) => None,
            ('\\', Some(_)) => characters.next_if(|next| *next == '"' || (!has_backslashes_in_paths && *next == '\\')),
            ('\\', None) if !has_backslashes_in_paths => Some(characters.next()?),
            _ => None,
        };
        match (character, quote) {
            (_, _) if escaped.is_some() => word.get_or_insert_default().extend(escaped),
            (mark, Some(open)) if mark == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (blank, None) if blank.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command_line() {
        for (line, expected) in [
            ("get-keys --json", Some(vec!["get-keys", "--json"])),
            ("  a\tb\n c  ", Some(vec!["a", "b", "c"])),
            ("", Some(vec![])),
            (r#"a "b c" 'd e'"#, Some(vec!["a", "b c", "d e"])),
            (r#"a"b c"'d'e"#, Some(vec!["ab cde"])),
            (r#"a "" ''"#, Some(vec!["a", "", ""])),
            (r#"a\ b c\\d \"e"#, Some(vec!["a b", "c\\d", "\"e"])),
            (r#""a\"b" "c\d" "e\\f""#, Some(vec!["a\"b", "c\\d", "e\\f"])),
            (r#"'a\b' 'c"d'"#, Some(vec!["a\\b", "c\"d"])),
            ("echo $HOME; rm -rf * | `x` # y", Some(vec!["echo", "$HOME;", "rm", "-rf", "*", "|", "`x`", "#", "y"])),
            ("钥匙 'é'", Some(vec!["钥匙", "é"])),
            ("a 'b", None),
            ("a \"b", None),
            (r"a\", None),
        ] {
            let expected = expected.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(split(line, false), expected, "{line}");
        }
    }

    #[test]
    fn backslashes_in_paths_stay() {
        let words = split(r#"C:\bin\keys.exe "C:\a b\c" "say \"x\"" 'D:\e'"#, true).unwrap();
        assert_eq!(words, [r"C:\bin\keys.exe", r"C:\a b\c", r#"say "x""#, r"D:\e"]);
        assert_eq!(split(r"a\", true).unwrap(), [r"a\"]);
    }
}
