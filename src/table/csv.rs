//! Writing CSV that any spreadsheet opens and none executes.
//!
//! RFC 4180 with CRLF; UTF-8 with a byte order mark, without which Excel reads
//! the bytes as an ANSI code page. Formula injection: OWASP, "CSV Injection".

use std::fmt::Write as _;

/// The byte order mark of UTF-8.
const BOM: &str = "\u{feff}";

/// What starts a formula in some spreadsheet, the full-width forms included.
const STARTERS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A CSV document in the making.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    text: String,
    /// Whether the record has a field already.
    open: bool,
}

impl Writer {
    /// The beginning of a file.
    pub fn file() -> Writer {
        Writer { text: BOM.to_owned(), open: false }
    }

    /// A text, made harmless where a spreadsheet would read it as a formula.
    pub fn text(&mut self, text: &str) -> &mut Writer {
        self.separate();
        let guard = if is_formula(text) { "'" } else { "" };
        // The other separators are quoted too: where a spreadsheet splits at
        // them, the second part of a cell could start a formula.
        if text.contains([',', ';', '\t', '"', '\r', '\n']) {
            let doubled = text.replace('"', "\"\"");
            let _ = write!(self.text, "\"{guard}{doubled}\"");
        } else {
            let _ = write!(self.text, "{guard}{text}");
        }
        self
    }

    /// A figure that is written as it stands, such as an exact decimal.
    pub fn plain(&mut self, figure: impl std::fmt::Display) -> &mut Writer {
        self.separate();
        let _ = write!(self.text, "{figure}");
        self
    }

    /// A number with so many decimals, empty for NaN.
    pub fn number(&mut self, number: f64, decimals: usize) -> &mut Writer {
        if number.is_nan() {
            self.plain("")
        } else {
            self.plain(format_args!("{number:.decimals$}"))
        }
    }

    /// A number that may be absent.
    pub fn maybe(&mut self, number: Option<f64>, decimals: usize) -> &mut Writer {
        self.number(number.unwrap_or(f64::NAN), decimals)
    }

    /// Ends the record.
    pub fn end(&mut self) {
        self.text.push_str("\r\n");
        self.open = false;
    }

    /// The bytes written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text).into_bytes()
    }

    fn separate(&mut self) {
        if self.open {
            self.text.push(',');
        }
        self.open = true;
    }
}

/// Whether a spreadsheet could take a text for a formula. Numbers (`-12.50`)
/// and phone numbers (`+49 171 123456`) are none.
fn is_formula(text: &str) -> bool {
    text.starts_with(STARTERS) && !is_number(text) && !is_phone(text)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let all_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        && all_digits(exponent)
}

/// `+`, then digits grouped by blanks, dots, slashes, hyphens or brackets.
fn is_phone(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('+') else { return false };
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    (6..=15).contains(&digits)
        && rest.starts_with(|c: char| c.is_ascii_digit() || c == '(')
        && rest.bytes().all(|b| b.is_ascii_digit() || b" .-/()".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut writer = Writer::default();
        writer.text(text);
        String::from_utf8(writer.take()).unwrap()
    }

    #[test]
    fn formulas_are_defused() {
        for formula in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3+cmd",
            "@SUM(A1)",
            "+1",
            "-",
            "＝1",
            "=HYPERLINK(\"http://x\")",
        ] {
            let bare = formula == "+1";
            let written = cell(formula);
            let inner = written.trim_start_matches('"');
            assert_eq!(inner.starts_with('\''), !bare, "{formula} -> {written}");
        }
        assert_eq!(cell("\t=1"), "\"'\t=1\"");
        assert_eq!(cell("\r=1"), "\"'\r=1\"");
    }

    #[test]
    fn numbers_and_phone_numbers_stand() {
        for text in [
            "-12.50",
            "+3",
            "-1,234.5",
            "1e5",
            "-1.5E-7",
            "+49 171 123456",
            "+1 (555) 010-9999",
        ] {
            assert!(!cell(text).contains('\''), "{text}");
        }
        for text in ["-1-1", "+49 171", "+A1", "-.", "+1+1", "-1e"] {
            assert!(cell(text).starts_with('\''), "{text}");
        }
    }

    #[test]
    fn fields_are_quoted_as_rfc_4180_says() {
        let mut writer = Writer::file();
        writer
            .text("a,b")
            .text("say \"hi\"")
            .text("x;=1")
            .number(-0.5, 2)
            .number(f64::NAN, 2);
        writer.end();
        let text = String::from_utf8(writer.take()).unwrap();
        assert_eq!(text, "\u{feff}\"a,b\",\"say \"\"hi\"\"\",\"x;=1\",-0.50,\r\n");
    }
}
