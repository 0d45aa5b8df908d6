//! Names of months and weekdays as exports write them: English, German, French
//! and Spanish, with Italian, Portuguese and Dutch, in full and abbreviated
//! (Unicode CLDR, `dates/calendars/gregorian/months` and `days`).

/// Names of each month; no name stands for two months in these languages.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan", "january", "januar", "jän", "jänner", "janv", "janvier", "ene", "enero",
        "gen", "gennaio", "janeiro", "januari",
    ],
    &[
        "feb",
        "february",
        "februar",
        "févr",
        "fév",
        "fevr",
        "fev",
        "février",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "februari",
    ],
    &[
        "mar", "march", "mär", "mrz", "mrt", "märz", "maerz", "mars", "marzo", "março",
        "marco", "maart",
    ],
    &["apr", "april", "avr", "avril", "abr", "abril", "aprile"],
    &["may", "mai", "mayo", "mag", "maggio", "maio", "mei"],
    &["jun", "june", "juni", "juin", "junio", "giu", "giugno", "junho"],
    &["jul", "july", "juli", "juil", "juillet", "julio", "lug", "luglio", "julho"],
    &["aug", "august", "août", "aout", "aoû", "ago", "agosto", "augustus"],
    &[
        "sep",
        "sept",
        "september",
        "septembre",
        "septiembre",
        "setiembre",
        "set",
        "settembre",
        "setembro",
    ],
    &[
        "oct", "october", "okt", "oktober", "octobre", "octubre", "ott", "ottobre",
        "out", "outubro",
    ],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &[
        "dec",
        "december",
        "dez",
        "dezember",
        "déc",
        "décembre",
        "decembre",
        "dic",
        "diciembre",
        "dicembre",
        "dezembro",
    ],
];

const WEEKDAYS: &[&str] = &[
    "mon",
    "monday",
    "tue",
    "tues",
    "tuesday",
    "wed",
    "wednesday",
    "thu",
    "thur",
    "thurs",
    "thursday",
    "fri",
    "friday",
    "sat",
    "saturday",
    "sun",
    "sunday",
    "mo",
    "montag",
    "di",
    "dienstag",
    "mi",
    "mittwoch",
    "do",
    "donnerstag",
    "fr",
    "freitag",
    "sa",
    "samstag",
    "sonnabend",
    "so",
    "sonntag",
    "lun",
    "lundi",
    "mar",
    "mardi",
    "mer",
    "mercredi",
    "jeu",
    "jeudi",
    "ven",
    "vendredi",
    "sam",
    "samedi",
    "dim",
    "dimanche",
    "lunes",
    "martes",
    "mié",
    "miércoles",
    "mie",
    "miercoles",
    "jue",
    "jueves",
    "vie",
    "viernes",
    "sáb",
    "sábado",
    "sab",
    "sabado",
    "dom",
    "domingo",
    "lunedì",
    "martedì",
    "mercoledì",
    "gio",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
    "ma",
    "wo",
    "vr",
    "za",
    "zo",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "tu",
    "we",
    "th",
    "su",
];

/// Whether two texts differ at most in the case of their Latin letters.
fn same(text: &[u8], lower: &str) -> bool {
    let lower = lower.as_bytes();
    let mut after_c3 = false;
    text.len() == lower.len()
        && text.iter().zip(lower).all(|(&t, &l)| {
            // The capitals of Latin-1 letters lie 32 below the small ones.
            let accent = after_c3 && (0x80..=0x9E).contains(&t) && t + 0x20 == l;
            after_c3 = t == 0xC3;
            t.eq_ignore_ascii_case(&l) || accent
        })
}

/// The month (1 to 12) with this name, in any case.
pub(crate) fn month(name: &[u8]) -> Option<u8> {
    let found = MONTHS.iter().position(|names| names.iter().any(|n| same(name, n)));
    found.map(|at| at as u8 + 1)
}

/// Whether this is the name of a day of the week.
pub(crate) fn is_weekday(name: &[u8]) -> bool {
    WEEKDAYS.iter().any(|n| same(name, n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        for (name, number) in [
            ("Dez", 12),
            ("MÄRZ", 3),
            ("juil", 7),
            ("Août", 8),
            ("Sept", 9),
            ("ene", 1),
            ("FÉVR", 2),
            ("May", 5),
            ("mrz", 3),
            ("DIC", 12),
            ("Jul", 7),
            ("octubre", 10),
        ] {
            assert_eq!(month(name.as_bytes()), Some(number), "{name}");
        }
        assert_eq!(month(b"de"), None);
        assert_eq!(month("Ã©".as_bytes()), None);
        assert!(is_weekday(b"Tue") && is_weekday("Sábado".as_bytes()));
    }

    #[test]
    fn no_name_stands_for_two_months() {
        for (at, names) in MONTHS.iter().enumerate() {
            for name in *names {
                assert_eq!(month(name.as_bytes()), Some(at as u8 + 1), "{name}");
            }
        }
    }
}
