//! Currency signs and codes as they stand beside amounts (ISO 4217; Unicode
//! CLDR, `numbers/currencies`).

use serde::{Serialize, Serializer};

/// A currency found beside an amount, as an index into the table of signs and
/// codes; the default is none.
///
/// Reported as an ISO 4217 code where the sign has one meaning, else as the sign
/// itself: `$`, `¥` (yen or yuan), `kr`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(pub(super) u16);

/// What is written and what it is reported as, longer signs first.
const SIGNS: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("AU$", "AUD"),
    ("CA$", "CAD"),
    ("HK$", "HKD"),
    ("NZ$", "NZD"),
    ("NT$", "TWD"),
    ("MX$", "MXN"),
    ("CN¥", "CNY"),
    ("JP¥", "JPY"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("R$", "BRL"),
    ("S$", "SGD"),
    ("$", "$"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("￡", "GBP"),
    ("¥", "¥"),
    ("￥", "¥"),
    ("＄", "$"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("￦", "KRW"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₫", "VND"),
    ("฿", "THB"),
    ("₪", "ILS"),
    ("₱", "PHP"),
    ("₴", "UAH"),
    ("₦", "NGN"),
    ("₡", "CRC"),
    ("₵", "GHS"),
    ("₸", "KZT"),
    ("₼", "AZN"),
    ("人民币", "CNY"),
    ("元", "CNY"),
    ("圆", "CNY"),
    ("円", "JPY"),
    ("원", "KRW"),
    ("RMB", "CNY"),
    ("zł", "PLN"),
    ("TL", "TRY"),
    ("Kč", "CZK"),
    ("SFr.", "CHF"),
    ("Fr.", "CHF"),
    ("Rs.", "INR"),
    ("Rs", "INR"),
    ("Rp", "IDR"),
    ("RM", "MYR"),
    ("Ft", "HUF"),
    ("kr", "kr"),
];

/// The codes of ISO 4217 in use, three letters each.
const CODES: &[u8] = b"AEDAFNALLAMDAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBRL\
BSDBTNBWPBYNBZDCADCDFCHFCLPCNYCOPCRCCUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGEL\
GHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILSINRIQDIRRISKJMDJODJPYKESKGSKHRKMFKPWKRWKWDKYDKZT\
LAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDOMRPAB\
PENPGKPHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEKSGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJS\
TMTTNDTOPTRYTTDTWDTZSUAHUGXUSDUYUUZSVESVNDVUVWSTXAFXCDXOFXPFYERZARZMWZWG";

/// Currencies of which no amount is written with three decimals, so that three digits after a sign are thousands.
const WITHOUT_PART: [&str; 9] =
    ["¥", "JPY", "KRW", "VND", "CLP", "ISK", "PYG", "IDR", "HUF"];

impl Currency {
    /// No currency is written.
    pub const NONE: Currency = Currency(0);

    /// The code or sign, empty for none.
    pub fn code(self) -> &'static str {
        let at = usize::from(self.0);
        if at == 0 {
            return "";
        }
        if at <= SIGNS.len() {
            return SIGNS[at - 1].1;
        }
        let start = (at - 1 - SIGNS.len()) * 3;
        CODES
            .get(start..start + 3)
            .and_then(|c| std::str::from_utf8(c).ok())
            .unwrap_or("")
    }

    /// Whether amounts in this currency are whole numbers.
    pub fn has_no_part(self) -> bool {
        WITHOUT_PART.contains(&self.code())
    }

    /// The currency that a column's name says: `Betrag CHF`, `金额(元)`.
    pub(crate) fn in_name(name: &str) -> Option<Currency> {
        let apart = |c: char| c.is_whitespace() || "()[]（）_-/,.:".contains(c);
        let mut words = name.split(apart).skip(1).filter(|word| *word != "ALL");
        words.find_map(|word| {
            let upper = !word.contains(|c: char| c.is_ascii_lowercase());
            let (currency, bytes) = Currency::at_start(word.as_bytes())?;
            (upper && bytes == word.len()).then_some(currency)
        })
    }

    /// The currency at the beginning of a text and the bytes it takes.
    pub(crate) fn at_start(text: &[u8]) -> Option<(Currency, usize)> {
        for (at, (sign, code)) in SIGNS.iter().enumerate() {
            if text.starts_with(sign.as_bytes()) {
                let ends = text.get(sign.len()).is_none_or(|b| !b.is_ascii_alphabetic());
                if ends || !sign.ends_with(|c: char| c.is_ascii_alphabetic()) {
                    // A sign with one meaning is the same currency as its code.
                    let known = position(code.as_bytes());
                    let sole = known.unwrap_or(Currency(at as u16 + 1));
                    return Some((sole, sign.len()));
                }
            }
        }
        let code = text.get(..3)?;
        if text.get(3).is_some_and(u8::is_ascii_alphabetic) {
            return None;
        }
        position(code).map(|currency| (currency, 3))
    }
}

/// The currency with this ISO code, in any case.
fn position(code: &[u8]) -> Option<Currency> {
    let at = CODES.chunks_exact(3).position(|c| c.eq_ignore_ascii_case(code))?;
    Some(Currency((SIGNS.len() + at + 1) as u16))
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_codes_are_told() {
        for (text, code, bytes) in [
            ("$12", "$", 1),
            ("US$1", "USD", 3),
            ("€ 3", "EUR", 3),
            ("kr", "kr", 2),
            ("eur 5", "EUR", 3),
            ("CHF", "CHF", 3),
            ("元", "CNY", 3),
            ("zł", "PLN", 3),
            ("RMB", "CNY", 3),
            ("Rs.5", "INR", 3),
            ("ZWG", "ZWG", 3),
            ("AED1", "AED", 3),
        ] {
            let found = Currency::at_start(text.as_bytes());
            assert_eq!(found.map(|(c, n)| (c.code(), n)), Some((code, bytes)), "{text}");
        }
        assert_eq!(Currency::at_start(b"krone"), None);
        assert_eq!(Currency::at_start(b"EURO"), None);
        assert_eq!(Currency::at_start(b"kg"), None);
        assert_eq!(CODES.len() % 3, 0);
    }
}
