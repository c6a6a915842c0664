//! Ids of devices and tasks. There may be millions, so they are computed from numbers, not kept.

use super::permutation::Permutation;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62 to the power of 11 is more than 2 to the power of 64.
const HALF: usize = 11;

/// The id of a number: 22 letters and digits, then `suffix`, as the service's ids look.
pub(crate) fn code_of(number: u64, codes: Permutation, suffix: &str) -> String {
    let first = codes.forward(number);
    let mut code = String::with_capacity(2 * HALF + suffix.len());
    write_digits(first, &mut code);
    write_digits(codes.forward(first), &mut code);
    code.push_str(suffix);
    code
}

/// The number whose id this is.
pub(crate) fn number_of(code: &str, codes: Permutation, suffix: &str) -> Option<u64> {
    let digits = code.get(..HALF)?;
    let first = digits.bytes().try_fold(0_u64, |number, byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        number.checked_mul(62)?.checked_add(u64::try_from(digit).ok()?)
    });
    let number = codes.backward(first?);
    (code_of(number, codes, suffix) == code).then_some(number)
}

fn write_digits(mut number: u64, code: &mut String) {
    let mut digits = [b'0'; HALF];
    for place in digits.iter_mut().rev() {
        let digit = usize::try_from(number % 62).unwrap_or_default();
        *place = DIGITS.get(digit).copied().unwrap_or_default();
        number /= 62;
    }
    code.extend(digits.map(char::from));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_leads_back_to_its_number(key: u64, number: u64) {
            let codes = Permutation::new(key);
            let code = code_of(number, codes, "0300");
            prop_assert_eq!(code.len(), 26);
            prop_assert_eq!(number_of(&code, codes, "0300"), Some(number));
            prop_assert_eq!(number_of(&code, codes, "0400"), None);
        }

        #[test]
        fn no_text_harms(text in "\\PC{0,30}") {
            prop_assert_eq!(number_of(&text, Permutation::new(1), "0300"), None);
        }
    }
}
