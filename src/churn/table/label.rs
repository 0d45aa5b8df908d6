//! Which rows of a labelled table left: the outcome column read as yes or no.

use crate::error::{Error, Result};
use crate::message::Message;

use super::{Column, Values};

/// Whole cells that say that somebody left, lower case.
const LEFT: [&str; 20] = [
    "yes",
    "y",
    "true",
    "t",
    "1",
    "1.0",
    "left",
    "gone",
    "exited",
    "exit",
    "lost",
    "quit",
    "closed",
    "terminated",
    "ja",
    "oui",
    "sí",
    "si",
    "是",
    "离开",
];

/// Beginnings of cells that say so.
const LEFT_STEMS: [&str; 6] =
    ["attrit", "churn", "cancel", "unsubscrib", "gekündigt", "流失"];

/// An outcome has at most so many values.
const MOST_VALUES: usize = 12;

fn says_left(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    LEFT.contains(&text.as_str()) || LEFT_STEMS.iter().any(|stem| text.starts_with(stem))
}

/// The outcome of each row, and the value that means "left".
pub(super) struct Outcomes {
    /// Whether the customer left; `None` where the cell is empty.
    pub left: Vec<Option<bool>>,
    /// The value that was taken for it.
    pub positive: String,
}

/// Reads the outcome of each row.
///
/// `positive` is the value that means "left"; where it is not given, the one
/// that says so in words, else the rarer of two, with a notice. Of more than
/// two values exactly one must say so; the others stayed, with a notice.
///
/// # Errors
/// `table-label-values` when the column has one value, or several of which none
/// is known to mean "left"; `table-label-unknown` when `positive` is none of them.
pub(super) fn outcomes(
    column: &Column,
    positive: Option<&str>,
    notices: &mut Vec<Message>,
) -> Result<Outcomes> {
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
        if found.len() > MOST_VALUES {
            break;
        }
    }
    let about = |code| Error::new(code).with("column", column.name.as_str());
    let names = || found.iter().map(|f| f.0.to_owned()).collect::<Vec<_>>();
    if found.len() < 2 || found.len() > MOST_VALUES {
        return Err(about("table-label-values").with("values", found.len()));
    }
    let saying: Vec<&str> = found.iter().map(|f| f.0).filter(|t| says_left(t)).collect();
    let left = match (positive, &saying[..]) {
        (Some(p), _) if found.iter().any(|f| f.0 == p) => p,
        (Some(p), _) => {
            return Err(about("table-label-unknown")
                .with("value", p)
                .with("values", names()));
        }
        (None, [only]) => only,
        (None, _) if found.len() == 2 => {
            let rarer = if found[0].1 <= found[1].1 { found[0].0 } else { found[1].0 };
            notices.push(
                Message::new("table-label-guessed")
                    .with("column", column.name.as_str())
                    .with("value", rarer),
            );
            rarer
        }
        _ => return Err(about("table-label-values").with("values", found.len())),
    };
    if found.len() > 2 {
        let others = names().into_iter().filter(|n| n != left).collect::<Vec<_>>();
        notices.push(
            Message::new("table-label-several")
                .with("column", column.name.as_str())
                .with("value", left)
                .with("values", others),
        );
    }
    let positive = left.to_owned();
    let left = texts.iter().map(|t| t.as_ref().map(|t| *t == positive)).collect();
    Ok(Outcomes { left, positive })
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
        let yes = outcomes(&column(&["No", "Yes", "Yes", ""]), None, &mut notices)
            .unwrap()
            .left;
        assert_eq!(yes, [Some(false), Some(true), Some(true), None]);
        let bank = ["Existing Customer", "Attrited Customer", "Attrited Customer"];
        let left = outcomes(&column(&bank), None, &mut notices).unwrap().left;
        assert_eq!(left, [Some(false), Some(true), Some(true)]);
        assert!(notices.is_empty());
        let odd = outcomes(&column(&["A", "B", "A"]), None, &mut notices).unwrap().left;
        assert_eq!(odd, [Some(false), Some(true), Some(false)]);
        assert_eq!(notices[0].code, "table-label-guessed");
    }

    #[test]
    fn one_of_several_values_may_say_it() {
        let mut notices = Vec::new();
        let status = column(&["Stayed", "Churned", "Joined", "Stayed"]);
        let read = outcomes(&status, None, &mut notices).unwrap();
        assert_eq!(read.left, [Some(false), Some(true), Some(false), Some(false)]);
        assert_eq!(
            (notices[0].code, read.positive.as_str()),
            ("table-label-several", "Churned")
        );
        let dotted = outcomes(&column(&["False.", "True."]), None, &mut notices).unwrap();
        assert_eq!(dotted.positive, "True.");
    }

    #[test]
    fn three_values_are_no_outcome() {
        let mut notices = Vec::new();
        let error =
            outcomes(&column(&["a", "b", "c"]), None, &mut notices).err().unwrap();
        assert_eq!(error.code(), "table-label-values");
        let error =
            outcomes(&column(&["a", "b"]), Some("x"), &mut notices).err().unwrap();
        assert_eq!(error.code(), "table-label-unknown");
    }
}
