//! Ids and people: cells that mean the same person are brought to one text.

/// Texts that stand for nobody, lower-cased.
const NOBODY: [&str; 12] = [
    "",
    "-",
    "--",
    "nan",
    "null",
    "none",
    "n/a",
    "#n/a",
    "undefined",
    "nil",
    "guest",
    "(none)",
];

/// An id as it is compared: spreadsheet wrappings (`="…"`, a leading `'`) and
/// blanks taken off, `13085.0` made `13085`. `None` where nothing is left, or a
/// sign for nothing.
///
/// ```
/// use regulars::orders::identity::id;
/// assert_eq!(id("=\"00123\"").as_deref(), Some("00123"));
/// assert_eq!(id(" 13085.0\t").as_deref(), Some("13085"));
/// assert_eq!(id("N/A"), None);
/// ```
pub fn id(text: &str) -> Option<String> {
    let mut text = bare(text);
    if let Some(inner) = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')) {
        text = bare(inner);
    }
    if let Some(inner) = text.strip_prefix('\'') {
        text = bare(inner);
    }
    if let Some((whole, part)) = text.split_once('.') {
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if digits(whole) && digits(part) && part.bytes().all(|b| b == b'0') {
            text = whole;
        }
    }
    if NOBODY.iter().any(|n| n.eq_ignore_ascii_case(text)) {
        return None;
    }
    Some(text.to_owned())
}

/// The person that a cell names: an [`id`], e-mail addresses lower-cased. `None`
/// for nobody, which zeros are as well.
///
/// ```
/// use regulars::orders::identity::person;
/// assert_eq!(person(" Ann@Example.COM "), Some("ann@example.com".to_owned()));
/// assert_eq!(person("0"), None);
/// assert_eq!(person("0.0"), None);
/// ```
pub fn person(text: &str) -> Option<String> {
    let id = id(text)?;
    if id.bytes().all(|b| b == b'0') {
        return None;
    }
    Some(if id.contains('@') { id.to_lowercase() } else { id })
}

/// The person that a telephone number names: its digits and a leading `+`.
/// Numbers with a mask or fewer than six digits name nobody.
///
/// ```
/// use regulars::orders::identity::phone;
/// assert_eq!(phone("+1 (555) 010-4477"), Some("+15550104477".to_owned()));
/// assert_eq!(phone("1******6198"), None);
/// ```
pub fn phone(text: &str) -> Option<String> {
    let id = id(text)?;
    if id.contains('*') {
        return None;
    }
    let plus = if id.starts_with('+') { "+" } else { "" };
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 6 && digits.bytes().any(|b| b != b'0'))
        .then(|| format!("{plus}{digits}"))
}

/// Whether a name was masked by the system that exported it.
pub fn is_masked(text: &str) -> bool {
    text.contains("**") || text.contains("＊＊")
}

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}')
}
