//! The statement of QueryDeviceBySQL, taken apart.

/// Most devices that a call returns.
const MOST_ROWS: usize = 10_000;
/// Devices that a call returns if the statement does not say; no document does.
const USUAL_ROWS: usize = 10;
const MOST_CONDITIONS: usize = 5;

/// A statement.
#[derive(Debug, PartialEq)]
pub(super) struct Statement {
    /// Whether devices are counted, not listed.
    pub(super) counts: bool,
    /// The one product, which is named in a condition.
    pub(super) product_key: String,
    /// The others.
    pub(super) conditions: Vec<Condition>,
    /// By the time at which devices joined; `None`: in any order.
    pub(super) order: Option<Order>,
    pub(super) offset: usize,
    pub(super) rows: usize,
}

/// Whether the first or the last comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

/// A comparison of a field with a text.
#[derive(Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) field: Field,
    pub(super) is_equal: bool,
    pub(super) value: String,
}

/// What conditions can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    ProductKey,
    Name,
    IotId,
    Status,
    ModuleName,
    ModuleVersion,
}

impl Field {
    fn named(name: &str) -> Result<Self, String> {
        match name.to_ascii_lowercase().as_str() {
            "product_key" => Ok(Self::ProductKey),
            "name" => Ok(Self::Name),
            "iot_id" => Ok(Self::IotId),
            "status" => Ok(Self::Status),
            "ota_module.name" => Ok(Self::ModuleName),
            "ota_module.version" => Ok(Self::ModuleVersion),
            _ => Err(format!("this emulator has no field {name} for conditions")),
        }
    }

    /// Whether it is about one of the device's modules.
    pub(super) fn is_of_module(self) -> bool {
        matches!(self, Self::ModuleName | Self::ModuleVersion)
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A word, a number, or a sign.
    Plain(String),
    /// What stood between quotation marks.
    Quoted(String),
}

impl Statement {
    /// Reads a statement, or says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = Tokens(tokens(text)?.into_iter().peekable());
        tokens.expect("select")?;
        let counts = tokens.selection()?;
        tokens.expect("device")?;
        tokens.expect("where")?;
        let mut conditions = tokens.conditions()?;
        let order = tokens.order()?;
        let (offset, rows) = tokens.limit()?;
        if tokens.0.next().is_some() {
            return Err("there is more than this emulator understands".to_owned());
        }
        let is_product = |condition: &Condition| condition.field == Field::ProductKey && condition.is_equal;
        let product = conditions.iter().position(is_product).ok_or("a condition product_key = \"…\" is needed")?;
        let product_key = conditions.remove(product).value;
        Ok(Self { counts, product_key, conditions, order, offset, rows })
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => {
                let end =
                    rest.get(1..).and_then(|quoted| quoted.find(first)).ok_or("a quotation mark is not closed")?;
                tokens.push(Token::Quoted(rest.get(1..=end).unwrap_or_default().to_owned()));
                end + 2
            }
            _ => {
                let word = |character: char| character.is_alphanumeric() || "_.".contains(character);
                let length = match first {
                    '!' => rest.chars().take(2).map(char::len_utf8).sum(),
                    _ if word(first) => rest.find(|character| !word(character)).unwrap_or(rest.len()),
                    _ => first.len_utf8(),
                };
                tokens.push(Token::Plain(rest.get(..length).unwrap_or_default().to_owned()));
                length
            }
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

struct Tokens(std::iter::Peekable<std::vec::IntoIter<Token>>);

impl Tokens {
    fn next_plain(&mut self) -> Result<String, String> {
        match self.0.next() {
            Some(Token::Plain(text)) => Ok(text),
            Some(Token::Quoted(text)) => Err(format!("\"{text}\" stands where no text belongs")),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        let found = self.next_plain()?;
        if found.eq_ignore_ascii_case(word) { Ok(()) } else { Err(format!("{found} stands where {word} belongs")) }
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = matches!(self.0.peek(), Some(Token::Plain(text)) if text.eq_ignore_ascii_case(word));
        if is_next {
            self.0.next();
        }
        is_next
    }

    /// All up to `from`; whether it counts.
    fn selection(&mut self) -> Result<bool, String> {
        let counts = self.take("count");
        while !self.take("from") {
            self.next_plain()?;
        }
        Ok(counts)
    }

    fn conditions(&mut self) -> Result<Vec<Condition>, String> {
        let mut conditions = vec![self.condition()?];
        while self.take("and") {
            conditions.push(self.condition()?);
        }
        if conditions.len() > MOST_CONDITIONS {
            return Err(format!("there are more than {MOST_CONDITIONS} conditions"));
        }
        Ok(conditions)
    }

    fn condition(&mut self) -> Result<Condition, String> {
        let field = Field::named(&self.next_plain()?)?;
        let is_equal = match self.next_plain()?.as_str() {
            "=" => true,
            "!=" => false,
            other => return Err(format!("this emulator knows = and != in conditions, not {other}")),
        };
        match self.0.next() {
            Some(Token::Quoted(value)) => Ok(Condition { field, is_equal, value }),
            _ => Err("a condition ends with a text in quotation marks".to_owned()),
        }
    }

    fn order(&mut self) -> Result<Option<Order>, String> {
        if !self.take("order") {
            return Ok(None);
        }
        self.expect("by")?;
        let field = self.next_plain()?;
        if !["active_time", "gmt_create"].iter().any(|known| field.eq_ignore_ascii_case(known)) {
            return Err(format!("this emulator orders by active_time and gmt_create, not by {field}"));
        }
        if self.take("desc") {
            return Ok(Some(Order::Descending));
        }
        let _ = self.take("asc");
        Ok(Some(Order::Ascending))
    }

    fn limit(&mut self) -> Result<(usize, usize), String> {
        if !self.take("limit") {
            return Ok((0, USUAL_ROWS));
        }
        let first = self.number()?;
        let (offset, rows) = if self.take(",") { (first, self.number()?) } else { (0, first) };
        if offset.saturating_add(rows) > MOST_ROWS {
            return Err(format!("only the first {MOST_ROWS} devices can be listed"));
        }
        Ok((offset, rows))
    }

    fn number(&mut self) -> Result<usize, String> {
        let text = self.next_plain()?;
        text.parse().map_err(|_| format!("{text} stands where a number belongs"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_and_usual_statements_are_understood() {
        let parsed = Statement::parse("SELECT * FROM device where product_key = \"p\" limit 100, 20").unwrap();
        assert_eq!((parsed.counts, parsed.offset, parsed.rows, parsed.order), (false, 100, 20, None));
        let parsed = Statement::parse(
            "select count(*) from device where product_key='p' and ota_module.name='default' and \
             ota_module.version != '1.0' order by active_time",
        );
        let parsed = parsed.unwrap();
        assert_eq!((parsed.counts, parsed.order), (true, Some(Order::Ascending)));
        let last = Condition { field: Field::ModuleVersion, is_equal: false, value: "1.0".to_owned() };
        assert_eq!((parsed.product_key.as_str(), parsed.conditions.last()), ("p", Some(&last)));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (text, reason) in [
            ("", "too early"),
            ("delete from device", "select"),
            ("select * from device", "too early"),
            ("select * from device where name = \"a\"", "product_key"),
            ("select * from device where product_key != \"a\"", "product_key"),
            ("select * from device where product_key = a", "quotation"),
            ("select * from device where product_key = \"a", "not closed"),
            ("select * from device where product_key like \"a\"", "like"),
            ("select * from device where color = \"a\"", "color"),
            ("select * from device where product_key = \"a\" or name = \"b\"", "more than"),
            ("select * from device where product_key = \"a\" order by name", "name"),
            ("select * from device where product_key = \"a\" limit 9999, 2", "10000"),
            ("select * from device where product_key = \"a\" limit many", "number"),
        ] {
            let error = Statement::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_harms(text in "([a-z*=!,\"' ]|\\PC){0,60}") {
            let _ = Statement::parse(&text);
            let _ = Statement::parse(&format!("select * from device where product_key = {text}"));
        }
    }
}
