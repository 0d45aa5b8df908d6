//! What the cells of a column of consent say.

use super::key;

/// Whether a customer may be contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Said yes.
    Given,
    /// Said no, unsubscribed or is suppressed: never contacted.
    Refused,
    /// Said nothing, or nothing that is understood: not contacted either where
    /// the file has such a column.
    Unknown,
}

/// Words that say no, in the form in which names are compared.
const NO: &str = "no n false 0 none never unsubscribed unsubscribe notsubscribed suppressed \
     suppress bounced optedout optout blocked cleaned refused nein non nee nie 否 不同意 いいえ";

/// Words that say yes.
const YES: &str = "yes y true 1 subscribed subscribe optedin optin confirmed given granted active \
     ja oui sí si sì tak 是 同意 はい";

/// What one cell says.
pub fn reading(cell: &str) -> Consent {
    let word = key(cell);
    let among = |words: &str| words.split_ascii_whitespace().any(|w| w == word);
    if among(NO) {
        Consent::Refused
    } else if among(YES) {
        Consent::Given
    } else {
        Consent::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_counts() {
        assert_eq!(reading(" Yes "), Consent::Given);
        assert_eq!(reading("はい"), Consent::Given);
        assert_eq!(reading("FALSE"), Consent::Refused);
        assert_eq!(reading("Opted out"), Consent::Refused);
        assert_eq!(reading("NOT_SUBSCRIBED"), Consent::Refused);
        assert_eq!(reading("perhaps"), Consent::Unknown);
        assert_eq!(reading(""), Consent::Unknown);
    }
}
