//! What stands around a value without being part of it: blanks, what protects
//! numbers from spreadsheets, and the words for nothing.

/// The bytes of a blank at the start of a text: space, TAB, no-break space,
/// narrow no-break space, thin and figure spaces, ideographic space.
pub(crate) fn blank(text: &[u8]) -> Option<usize> {
    match text {
        [b' ' | b'\t', ..] => Some(1),
        [0xC2, 0xA0, ..] => Some(2),
        [0xE2, 0x80, 0xAF | 0x80..=0x8A, ..] | [0xE3, 0x80, 0x80, ..] => Some(3),
        _ => None,
    }
}

/// A text without `="..."`, a leading apostrophe or blanks around it.
pub(crate) fn unwrapped(text: &[u8]) -> &[u8] {
    let mut text = trimmed(text);
    if let [b'=', b'"', inner @ .., b'"'] = text {
        text = trimmed(inner);
    }
    while let [b'\'', rest @ ..] = text {
        text = trimmed(rest);
    }
    text
}

/// A text without blanks around it.
pub(crate) fn trimmed(mut text: &[u8]) -> &[u8] {
    while let Some(n) = blank(text) {
        text = &text[n..];
    }
    loop {
        let n = text.len();
        let width = (1..=3).find(|&k| k <= n && blank(&text[n - k..]) == Some(k));
        match width {
            Some(k) => text = &text[..n - k],
            None => return text,
        }
    }
}

/// The words that stand for no value at all in columns of numbers and dates.
const NULLS: &[&str] = &[
    "-",
    "--",
    "---",
    "–",
    "—",
    "−",
    "−−",
    "n/a",
    "#n/a",
    "na",
    "n.a.",
    "n.v.",
    "k.a.",
    "null",
    "(null)",
    "none",
    "nil",
    "nan",
    "nat",
    "\\n",
    "?",
    ".",
    "(blank)",
    "(empty)",
    "(none)",
    "无",
    "空",
    "なし",
    "#null!",
    "<na>",
    "undefined",
];

/// Whether a text, without its blanks, says that there is no value: `-`, `--`,
/// `N/A`, `null` and the like in any case, and nothing at all.
pub fn is_null(text: &[u8]) -> bool {
    let text = unwrapped(text);
    text.is_empty() || NULLS.iter().any(|n| n.as_bytes().eq_ignore_ascii_case(text))
}

/// Full-width digits, marks and signs as their ASCII twins, where there are any.
pub(crate) fn narrowed(text: &[u8]) -> Option<Vec<u8>> {
    let has_wide =
        text.windows(2).any(|w| w[0] == 0xEF && (w[1] == 0xBC || w[1] == 0xBD));
    if !has_wide {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    Some(text.chars().map(narrow).collect::<String>().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_known() {
        for text in ["-", "--", "N/A", "null", " ", "", "\t", "NaN", "—", "'", "None"] {
            assert!(is_null(text.as_bytes()), "{text}");
        }
        for text in ["0", "no", "-1", "Nana"] {
            assert!(!is_null(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn wide_signs_are_narrowed() {
        let narrow = narrowed("￥１，２３４．５０".as_bytes());
        assert_eq!(narrow.as_deref(), Some("￥1,234.50".as_bytes()));
        assert_eq!(narrowed("12.50".as_bytes()), None);
    }
}
