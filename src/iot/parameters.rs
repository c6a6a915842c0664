//! The parameters of a request, in the order in which they are signed.

use std::collections::BTreeMap;
use std::fmt;

use super::encode::percent_encode;
use super::operations::Tag;

/// Names and values of a request. No `Debug`, since a signed request holds a token.
#[derive(Clone, Default)]
pub struct Parameters {
    /// Sorted by the bytes of the name, as the signature wants it.
    values: BTreeMap<String, String>,
}

impl Parameters {
    /// Sets a parameter.
    pub fn set(&mut self, name: &str, value: impl fmt::Display) {
        self.values.insert(name.to_owned(), value.to_string());
    }

    /// Sets a parameter that may be left out.
    pub fn set_optional(&mut self, name: &str, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// Sets `Name.1`, `Name.2` and so on.
    pub fn set_list(&mut self, name: &str, values: &[String]) {
        for (number, value) in (1..).zip(values) {
            self.set(&format!("{name}.{number}"), value);
        }
    }

    /// Sets `Name.1.Key`, `Name.1.Value` and so on.
    pub fn set_tags(&mut self, name: &str, tags: &[Tag]) {
        for (number, tag) in (1..).zip(tags) {
            self.set(&format!("{name}.{number}.Key"), &tag.key);
            self.set(&format!("{name}.{number}.Value"), &tag.value);
        }
    }

    /// The canonical query, which is also a form's body.
    pub(super) fn encoded(&self) -> String {
        let mut encoded = String::new();
        for (name, value) in &self.values {
            if !encoded.is_empty() {
                encoded.push('&');
            }
            encoded.extend(percent_encode(name));
            encoded.push('=');
            encoded.extend(percent_encode(value));
        }
        encoded
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(values: I) -> Self {
        Self { values: values.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_numbered_from_one_and_sorted_as_text() {
        let mut parameters = Parameters::default();
        let versions: Vec<_> = (1..=10).map(|number| format!("v{number}")).collect();
        parameters.set_list("SrcVersion", &versions);
        assert!(parameters.encoded().starts_with("SrcVersion.1=v1&SrcVersion.10=v10&SrcVersion.2=v2&"));
    }

    #[test]
    fn empty_values_are_parameters_too() {
        let parameters: Parameters = [("b", ""), ("A", "x")].into_iter().collect();
        assert_eq!(parameters.encoded(), "A=x&b=");
    }

    proptest! {
        #[test]
        fn encoding_keeps_every_pair(pairs in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..8)) {
            let parameters: Parameters = pairs.clone().into_iter().collect();
            let encoded = parameters.encoded();
            let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
            let decoded: BTreeMap<_, _> = encoded
                .split('&')
                .filter(|pair| !pairs.is_empty() || !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap())
                .map(|(name, value)| (decode(name), decode(value)))
                .collect();
            prop_assert_eq!(decoded, pairs);
        }
    }
}
