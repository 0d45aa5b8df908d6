//! Which rows of a labelled table left: the outcome column read as yes or no.

use crate::error::{Error, Result};
use crate::message::Message;

use super::{Column, Values};

/// Whole cells that say that somebody left, lower case.
const LEFT: [&str; 14] = [
    "yes",
    "y",
    "true",
    "1",
    "1.0",
    "churned",
    "churn",
    "left",
    "exited",
    "cancelled",
    "canceled",
    "lost",
    "ja",
    "是",
];

/// Beginnings of cells that say so.
const LEFT_STEMS: [&str; 4] = ["attrit", "churn", "cancel", "流失"];

fn says_left(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    LEFT.contains(&text.as_str()) || LEFT_STEMS.iter().any(|stem| text.starts_with(stem))
}

/// For each row whether the customer left; `None` where the cell is empty.
///
/// `positive` is the value that means "left"; where it is not given, the one
/// that says so in words, else the rarer one, with a notice.
///
/// # Errors
/// `table-label-values` when the column has not exactly two values;
/// `table-label-unknown` when `positive` is none of them.
pub(super) fn outcomes(
    column: &Column,
    positive: Option<&str>,
    notices: &mut Vec<Message>,
) -> Result<Vec<Option<bool>>> {
    let texts: Vec<Option<String>> = match &column.values {
        Values::Number(values) => {
            values.iter().map(|v| v.is_finite().then(|| format!("{v}"))).collect()
        }
        Values::Text { of, values } => of
            .iter()
            .map(|&v| values.get(v as usize).map(|t| t.trim().to_owned()))
            .map(|t| t.filter(|t| !t.is_empty()))
            .collect(),
    };
    let mut found: Vec<(&str, u64)> = Vec::new();
    for text in texts.iter().flatten() {
        match found.iter().position(|f| f.0 == text) {
            Some(at) => found[at].1 += 1,
            None => found.push((text.as_str(), 1)),
        }
        if found.len() > 2 {
            break;
        }
    }
    let [(a, count_a), (b, count_b)] = found[..] else {
        return Err(Error::new("table-label-values")
            .with("column", column.name.as_str())
            .with("values", found.len()));
    };
    let left = match positive {
        Some(p) if p == a || p == b => p.to_owned(),
        Some(p) => {
            return Err(Error::new("table-label-unknown")
                .with("column", column.name.as_str())
                .with("value", p)
                .with("values", vec![a.to_owned(), b.to_owned()]));
        }
        None => match (says_left(a), says_left(b)) {
            (true, false) => a.to_owned(),
            (false, true) => b.to_owned(),
            _ => {
                let rarer = if count_a <= count_b { a } else { b };
                notices.push(
                    Message::new("table-label-guessed")
                        .with("column", column.name.as_str())
                        .with("value", rarer),
                );
                rarer.to_owned()
            }
        },
    };
    Ok(texts.into_iter().map(|t| t.map(|t| t == left)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str]) -> Column {
        let mut values: Vec<String> = Vec::new();
        let of = cells
            .iter()
            .map(|c| {
                let at = values.iter().position(|v| v == c).unwrap_or_else(|| {
                    values.push((*c).to_owned());
                    values.len() - 1
                });
                at as u32
            })
            .collect();
        Column { name: "Churn".to_owned(), values: Values::Text { of, values } }
    }

    #[test]
    fn the_word_decides_else_the_rarer_value() {
        let mut notices = Vec::new();
        let yes =
            outcomes(&column(&["No", "Yes", "Yes", ""]), None, &mut notices).unwrap();
        assert_eq!(yes, [Some(false), Some(true), Some(true), None]);
        let bank = ["Existing Customer", "Attrited Customer", "Attrited Customer"];
        let left = outcomes(&column(&bank), None, &mut notices).unwrap();
        assert_eq!(left, [Some(false), Some(true), Some(true)]);
        assert!(notices.is_empty());
        let odd = outcomes(&column(&["A", "B", "A"]), None, &mut notices).unwrap();
        assert_eq!(odd, [Some(false), Some(true), Some(false)]);
        assert_eq!(notices[0].code, "table-label-guessed");
    }

    #[test]
    fn three_values_are_no_outcome() {
        let mut notices = Vec::new();
        let error = outcomes(&column(&["a", "b", "c"]), None, &mut notices).unwrap_err();
        assert_eq!(error.code(), "table-label-values");
        let error = outcomes(&column(&["a", "b"]), Some("x"), &mut notices).unwrap_err();
        assert_eq!(error.code(), "table-label-unknown");
    }
}
