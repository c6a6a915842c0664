//! The parameters of a call: query and form body merged, then read by type.

use std::collections::BTreeMap;

use crate::answer::{GatewayError, Refusal, ServiceError};

/// Parameters that identify the caller, or would let somebody else pass for him. Nothing that is kept has them.
pub(crate) const SECRETS: [&str; 4] = ["AccessKeyId", "OIDCToken", "SecurityToken", "Signature"];

/// Name to value, in byte order of the names: the order in which they are signed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(BTreeMap<String, String>);

/// Members of one element of a numbered list: `Key` and `Value` of `Tag.1.Key`, the empty name of `SrcVersion.1`.
pub(crate) type Element<'a> = BTreeMap<&'a str, &'a str>;

impl Parameters {
    /// Merges the query with the form body. The same parameter in both is one parameter if its values agree.
    pub(crate) fn merge(query: &str, form: &[u8]) -> Result<Self, GatewayError> {
        let mut merged: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(form)) {
            if merged.get(name.as_ref()).is_some_and(|earlier| *earlier != value) {
                let message = format!("The parameter {name} is sent twice with different values.");
                return Err(GatewayError::bad_request("InvalidParameter", message));
            }
            merged.insert(name.into_owned(), value.into_owned());
        }
        Ok(Self(merged))
    }

    /// Adds what came outside of query and body, over what came there.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    /// What is written down of a call: everything but what identifies the caller.
    pub(crate) fn to_record(&self) -> BTreeMap<String, String> {
        let kept = self.0.iter().filter(|(name, _)| !SECRETS.contains(&name.as_str()));
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Parameters that were written down.
    pub(crate) fn recorded(pairs: BTreeMap<String, String>) -> Self {
        Self(pairs)
    }

    /// All parameters as sent, in byte order of their names.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of a mandatory parameter.
    pub(crate) fn required(&self, name: &str) -> Result<&str, GatewayError> {
        self.get(name).ok_or_else(|| GatewayError::missing(name))
    }

    /// The value of an Integer parameter.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, GatewayError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let number = value.parse();
        number.map(Some).map_err(|_| GatewayError::invalid(name, "it is not an integer"))
    }

    /// The value of a mandatory Integer parameter.
    pub(crate) fn required_integer(&self, name: &str) -> Result<i64, GatewayError> {
        self.integer(name)?.ok_or_else(|| GatewayError::missing(name))
    }

    /// The value of a Boolean parameter. Clients written in Python send `True` for `true`.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, GatewayError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(GatewayError::invalid(name, "it is neither true nor false")),
        }
    }

    /// The text of a parameter that has to be one of a few.
    pub(crate) fn one_of(&self, name: &str, allowed: &[&'static str]) -> Result<Option<&'static str>, Refusal> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match allowed.iter().find(|candidate| **candidate == value) {
            Some(known) => Ok(Some(known)),
            None => Err(ServiceError::invalid(format!("{name} has to be one of {}.", allowed.join(", "))).into()),
        }
    }

    /// The values of `name.1`, `name.2` and so on.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<String>, GatewayError> {
        let mut values = Vec::new();
        for element in self.elements(name)? {
            let value = element.get("").filter(|_| element.len() == 1);
            values.push(value.ok_or_else(|| not_numbered(name))?.to_string());
        }
        Ok(values)
    }

    /// The elements of a numbered list, which counts from 1 without a hole.
    pub(crate) fn elements(&self, name: &str) -> Result<Vec<Element<'_>>, GatewayError> {
        let mut by_number: BTreeMap<usize, Element<'_>> = BTreeMap::new();
        let prefix = format!("{name}.");
        for (full_name, value) in self.0.range(prefix.clone()..) {
            let Some(rest) = full_name.strip_prefix(&prefix) else {
                break;
            };
            let (number, member) = rest.split_once('.').unwrap_or((rest, ""));
            let number = list_number(number).ok_or_else(|| not_numbered(name))?;
            by_number.entry(number).or_default().insert(member, value);
        }
        let has_no_hole = by_number.keys().copied().eq(1..=by_number.len());
        if !has_no_hole {
            return Err(not_numbered(name));
        }
        Ok(by_number.into_values().collect())
    }
}

fn list_number(text: &str) -> Option<usize> {
    let is_canonical = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_canonical)
}

fn not_numbered(name: &str) -> GatewayError {
    GatewayError::invalid(name, "its elements have to be numbered from 1 without a gap")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parameters(query: &str) -> Parameters {
        Parameters::merge(query, b"").unwrap()
    }

    #[test]
    fn query_and_body_are_merged_and_decoded() {
        let merged = Parameters::merge("B=1+2&A=%2B&E=", b"C=%E4%B8%8A&A=%2B").unwrap();
        let pairs: Vec<_> = merged.pairs().collect();
        assert_eq!(pairs, [("A", "+"), ("B", "1 2"), ("C", "上"), ("E", "")]);
        assert_eq!(merged.get("E"), None);
    }

    #[test]
    fn contradicting_values_are_refused() {
        for (query, body) in [("A=1&A=2", ""), ("A=1", "A=2")] {
            let error = Parameters::merge(query, body.as_bytes()).unwrap_err();
            assert_eq!(error.code, "InvalidParameter");
        }
    }

    #[test]
    fn lists_are_in_the_order_of_their_numbers() {
        let query: Vec<_> = (1..=11).map(|number| format!("V.{number}=v{number}")).collect();
        let values = parameters(&query.join("&")).list("V").unwrap();
        assert_eq!(values.first().map(String::as_str), Some("v1"));
        assert_eq!(values.get(9).map(String::as_str), Some("v10"));
        assert_eq!(parameters("Version=1").list("V"), Ok(vec![]));
    }

    #[test]
    fn a_list_that_is_not_numbered_from_one_is_refused() {
        for query in [
            "V.2=a",
            "V.0=a",
            "V.1=a&V.3=b",
            "V.01=a",
            "V.x=a",
            "V.1.Key=a",
            "V.1=a&V.1.Key=b",
            "V.=a",
            "V.+1=a",
            "V.99999999999999999999999=a",
        ] {
            let error = parameters(query).list("V").unwrap_err();
            assert_eq!(error.code, "InvalidV", "{query}");
        }
    }

    #[test]
    fn numbers_and_booleans_are_typed() {
        let parameters = parameters("N=12&F=1.5&T=True&X=yes&H=99999999999999999999");
        assert_eq!(parameters.integer("N"), Ok(Some(12)));
        assert_eq!(parameters.integer("absent"), Ok(None));
        assert_eq!(parameters.boolean("T"), Ok(Some(true)));
        assert_eq!(parameters.integer("F").unwrap_err().code, "InvalidF");
        assert_eq!(parameters.integer("H").unwrap_err().code, "InvalidH");
        assert_eq!(parameters.boolean("X").unwrap_err().code, "InvalidX");
        assert_eq!(parameters.required_integer("absent").unwrap_err().code, "Missingabsent");
    }

    proptest! {
        #[test]
        fn no_query_harms(query in "([VT1-9.%+A-F=&]|\\PC){0,40}", form in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(parameters) = Parameters::merge(&query, &form) {
                for name in ["V", "T", ""] {
                    let count = parameters.elements(name).map_or(0, |elements| elements.len());
                    prop_assert!(count <= parameters.pairs().count());
                }
            }
        }
    }
}
