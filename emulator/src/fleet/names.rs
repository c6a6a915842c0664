//! Names of the devices of a fleet: a prefix and a number, so that a million of them need no memory.

/// The name of the device `number`, counted from 0.
pub(crate) fn name_of(prefix: &str, number: u32) -> String {
    format!("{prefix}{:07}", number.saturating_add(1))
}

/// The number, counted from 0, of the device with that name among `count`.
pub(crate) fn number_in(name: &str, prefix: &str, count: u64) -> Option<u32> {
    let number: u32 = name.strip_prefix(prefix)?.parse().ok()?;
    let number = number.checked_sub(1)?;
    (u64::from(number) < count && name_of(prefix, number) == name).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_number() {
        for number in [0, 1, 9_999_998, 9_999_999] {
            assert_eq!(number_in(&name_of("f1-", number), "f1-", 10_000_000), Some(number));
        }
        for name in ["f1-0000000", "f1-0000004", "f1-1", "f1-+000001", "f2-0000001", "f1-", "0000001", ""] {
            assert_eq!(number_in(name, "f1-", 3), None, "{name}");
        }
    }
}
