//! Where the table of a file lies: preamble, header rows, width, first data row.

mod header;

use super::cell::{Look, look};
use super::{Dialect, Record, Scanner};

/// Rows that may stand before the header.
const PREAMBLE: usize = 100;
/// Rows that may stand after the table.
pub(crate) const FOOTER: usize = 16;
/// Of those, rows after a blank line that are left out when the table is judged.
const APART: usize = 4;
/// Rows looked at.
const LINES: usize = 1000;

/// First words of a row of totals.
const TOTALS: [&str; 20] = [
    "total",
    "totals",
    "subtotal",
    "sum",
    "grand",
    "summe",
    "gesamt",
    "gesamtsumme",
    "insgesamt",
    "tagessumme",
    "zwischensumme",
    "somme",
    "totale",
    "suma",
    "итого",
    "合计",
    "总计",
    "合計",
    "総計",
    "小计",
];

/// The shape of a table, found from the first rows of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Rows with content before the table.
    pub preamble_rows: u64,
    /// How many rows the header takes; 0 without a header.
    pub header_rows: u64,
    /// The header's cells as written, those of several rows joined by a blank.
    pub header: Option<Vec<String>>,
    /// The cells of the header's last row, by which repeated headers are known.
    pub header_cells: Vec<Vec<u8>>,
    /// Number of columns.
    pub width: usize,
    /// The row of the first record that may be data, 1-based.
    pub first_data_row: u64,
    /// The fewest filled cells of a data row seen.
    pub least_filled: usize,
    /// Columns that hold numbers or days only, in every row seen.
    pub typed: Vec<usize>,
}

/// A record of the head, kept.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub row: u64,
    pub cells: Vec<Vec<u8>>,
    pub looks: Vec<Look>,
    raw: Vec<u8>,
}

impl Line {
    /// A kept copy of a record.
    pub(crate) fn new(record: &Record<'_>) -> Line {
        let cells: Vec<Vec<u8>> = record.fields().map(<[u8]>::to_vec).collect();
        let looks = cells.iter().map(|cell| look(cell)).collect();
        Line { row: record.row(), cells, looks, raw: record.raw().to_vec() }
    }

    /// Cells that are not blank.
    pub(crate) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim_ascii().is_empty()).count()
    }

    /// The first cell that is not blank.
    fn first(&self) -> &[u8] {
        (0..self.cells.len()).map(|i| self.cell(i)).find(|c| !c.is_empty()).unwrap_or(&[])
    }

    /// Whether it is a line drawn under a header, as `|-----|---|`.
    fn is_ruled(&self) -> bool {
        let rule = |cell: &Vec<u8>| {
            let cell = cell.trim_ascii();
            cell.is_empty()
                || cell.len() > 2
                    && cell.iter().all(|b| matches!(b, b'-' | b'=' | b'+' | b':'))
        };
        self.filled() > 0 && self.cells.iter().all(rule)
    }

    /// Cells up to the last one that is not blank.
    fn reach(&self) -> usize {
        let last = self.cells.iter().rposition(|cell| !cell.trim_ascii().is_empty());
        last.map_or(0, |last| last + 1)
    }

    pub(crate) fn look(&self, column: usize) -> Look {
        self.looks.get(column).copied().unwrap_or(Look::Empty)
    }

    pub(crate) fn cell(&self, column: usize) -> &[u8] {
        self.cells.get(column).map_or(&[], |cell| cell.trim_ascii())
    }
}

/// Finds the table in a file that begins with `head`.
///
/// `whole` says that the head is the whole file; otherwise its last record may
/// be cut and is not looked at. `header` overrules the detection of a header.
pub fn layout(
    head: &[u8],
    whole: bool,
    dialect: Dialect,
    header: Option<bool>,
) -> Layout {
    let mut lines = Vec::new();
    let mut widest = 0;
    let mut each = |record: &Record<'_>| {
        if lines.len() < LINES {
            lines.push(Line::new(record));
        }
        widest = widest.max(record.len());
    };
    let mut scanner = Scanner::new(dialect);
    let lines_of = if whole { head } else { super::sniff::whole_lines(head) };
    // The head is far shorter than the longest record.
    let _ = scanner.push(lines_of, &mut each);
    let _ = scanner.finish(&mut each);
    let declared = super::sniff::declared(head).is_some();
    let from = usize::from(declared).min(lines.len());
    header::read_again(&mut lines[from..], dialect);
    let mut found = of_lines(&lines[from..], widest, header);
    if declared && found.first_data_row < 2 {
        found.first_data_row = 2;
    }
    found
}

fn of_lines(lines: &[Line], widest: usize, header: Option<bool>) -> Layout {
    let first_row = lines.first().map_or(1, |line| line.row);
    let one_column = lines.iter().all(|line| line.cells.len() == 1);
    let ruled: Vec<u64> =
        lines.iter().filter(|line| line.is_ruled()).map(|line| line.row).collect();
    let lines: Vec<&Line> = lines
        .iter()
        .filter(|line| one_column || line.filled() > 0 && !line.is_ruled())
        .collect();
    if lines.is_empty() {
        return Layout { width: 1, first_data_row: first_row, ..Layout::default() };
    }
    let usual = usual_width(&lines);
    let start = table_start(&lines, usual);
    let preamble_rows = lines[..start].iter().filter(|l| l.filled() > 0).count() as u64;
    let end = lines.len() - trailing(&lines[start..], usual);
    let above = start.checked_sub(1).map(|above| lines[above]);
    let lines = &lines[start..end];
    let rows = match header {
        Some(false) => 0,
        Some(true) => header::rows(lines, usual).max(1),
        None => header::rows(lines, usual),
    };
    let (heads, body) = lines.split_at(rows);
    let mended: Vec<Line> =
        heads.iter().map(|line| header::without_stray(line, body)).collect();
    let heads: Vec<&Line> = mended.iter().collect();
    let reach =
        |lines: &[&Line]| lines.iter().map(|line| line.reach()).max().unwrap_or(0);
    let width = if rows == 0 && uneven(body) {
        widest
    } else if body.is_empty() {
        usual.max(reach(&heads))
    } else if rows == 0 && body.iter().all(|line| line.cells.len() == usual) {
        usual
    } else {
        // Trailing columns without a name and without a value are no columns.
        reach(&heads).max(reach(body).min(usual))
    };
    let width = width.max(1);
    let mut names = (rows > 0).then(|| header::join(&heads, width, body));
    let (mut preamble_rows, mut header_rows) = (preamble_rows, rows as u64);
    if let (Some(names), Some(above), Some(head)) = (&mut names, above, heads.first())
        && header.is_none()
        && above.row + 1 == head.row
        && let Some(groups) = header::groups(above, head)
    {
        for (name, group) in names.iter_mut().zip(groups) {
            *name = format!("{group} {name}").trim().to_owned();
        }
        (preamble_rows, header_rows) = (preamble_rows - 1, header_rows + 1);
    }
    let first_data_row = match (heads.last(), body.first()) {
        // A line drawn under the header belongs to it.
        (Some(last), _) => last.row + 1 + u64::from(ruled.contains(&(last.row + 1))),
        (None, Some(first)) => {
            if preamble_rows > 0 {
                first.row
            } else {
                first_row
            }
        }
        (None, None) => first_row,
    };
    Layout {
        preamble_rows,
        header_rows,
        header: names,
        header_cells: heads.last().map_or(Vec::new(), |line| line.cells.clone()),
        width,
        first_data_row,
        least_filled: body.iter().map(|line| line.filled()).min().unwrap_or(0),
        typed: typed(body, width),
    }
}

/// Columns whose cells are numbers or days in all rows of the usual width.
fn typed(body: &[&Line], width: usize) -> Vec<usize> {
    let mut full = body.iter().filter(|line| line.cells.len() == width).peekable();
    if full.peek().is_none() {
        return Vec::new();
    }
    let full: Vec<_> = full.collect();
    (0..width).filter(|i| full.iter().all(|line| line.look(*i).is_typed())).collect()
}

/// The number of cells that most rows have, the larger one in a tie.
fn usual_width(lines: &[&Line]) -> usize {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match counts.iter_mut().find(|c| c.0 == line.cells.len()) {
            Some(count) => count.1 += 1,
            None => counts.push((line.cells.len(), 1)),
        }
    }
    counts.iter().max_by_key(|c| (c.1, c.0)).map_or(1, |c| c.0)
}

/// Whether no number of cells is usual.
fn uneven(body: &[&Line]) -> bool {
    let usual = usual_width(body);
    body.iter().filter(|line| line.cells.len() == usual).count() * 2 < body.len()
}

/// The first line of the table, after lines of another kind.
///
/// A preamble is narrower than the table, or has one filled cell only; lines
/// like it must not occur among the rows below.
fn table_start(lines: &[&Line], usual: usize) -> usize {
    if usual < 2 {
        return 0;
    }
    let head = &lines[..lines.len().min(PREAMBLE)];
    let full = |line: &Line| line.cells.len() >= usual && line.filled() * 2 > usual;
    let nearly = |line: &Line| {
        line.cells.len() + 1 >= usual && line.filled() * 2 > usual.min(line.cells.len())
    };
    let belongs = |line: &Line| full(line) || nearly(line);
    let complete = head.iter().position(|line| full(line)).unwrap_or(0);
    let early = head.iter().position(|line| belongs(line)).unwrap_or(0);
    // A header may lack a cell, but not where a complete one follows.
    let start = match header::rows(&lines[complete..], usual) {
        0 => early,
        _ => complete,
    };
    let outside = |line: &Line| line.filled() <= 2 || line.filled() * 2 <= usual;
    let table = &lines[start..];
    let alike = table.iter().skip(1);
    let alike = alike.filter(|l| outside(l) && !belongs(l) && !is_total(l.first()));
    let alike = alike.count();
    let preamble = lines[..start].iter().all(|line| outside(line));
    if preamble && alike * 5 <= table.len() { start } else { 0 }
}

/// Lines after the table, not to be taken for rows when the table is judged:
/// a single cell of text, unlike the rows before.
fn trailing(lines: &[&Line], usual: usize) -> usize {
    if usual < 3 {
        return 0;
    }
    let single = |line: &Line| line.filled() == 1 && !line.looks[0].is_typed();
    let outside = |line: &Line| single(line) || is_total(line.first());
    // What stands after a blank line near the end may be no part of the table.
    let apart = (lines.len().saturating_sub(APART)..lines.len())
        .rev()
        .find(|i| *i > 2 && lines[*i].row > lines[*i - 1].row + 1);
    let all = apart.map_or(lines, |i| &lines[..i]);
    let count = all.iter().rev().take(FOOTER).take_while(|line| outside(line)).count();
    let rest = &all[..all.len() - count];
    let count = lines.len() - rest.len();
    let others = rest.iter().skip(1).any(|line| single(line));
    if others || rest.len() < 2 { 0 } else { count }
}

/// Whether a cell begins with a word for a total.
pub(crate) fn is_total(cell: &[u8]) -> bool {
    let text = String::from_utf8_lossy(cell).to_lowercase();
    let word = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    word.is_some_and(|word| TOTALS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::Delimiter;

    fn of(text: &str) -> Layout {
        layout(text.as_bytes(), true, Dialect::default(), None)
    }

    fn names(text: &str) -> Vec<String> {
        of(text).header.unwrap_or_default()
    }

    #[test]
    fn headers_are_told_from_data() {
        assert_eq!(names("a,b\n1,2\n"), ["a", "b"]);
        assert_eq!(names("key,val\n1,x\n"), ["key", "val"]);
        assert_eq!(names("foo,bar,baz"), ["foo", "bar", "baz"]);
        assert_eq!(names("name,city\nAnn,Bonn\nBob,Bonn\n"), ["name", "city"]);
        assert!(of("1,2\n3,4\n").header.is_none());
        assert!(of("2020-01-01,x,5\n2020-01-02,y,6\n").header.is_none());
        assert!(of("milk,bread,jam\nmilk,tea,jam\nbread,milk,tea\n").header.is_none());
        assert!(of("").header.is_none());
        assert_eq!(of("a,b\n1,2\n").first_data_row, 2);
    }

    #[test]
    fn preamble_and_blank_lines() {
        let found = of(
            "My shop\nReport of May\n\nid,day,amount\n1,2024-05-01,2.50\n2,2024-05-02,3\n",
        );
        assert_eq!(found.header.unwrap(), ["id", "day", "amount"]);
        assert_eq!((found.preamble_rows, found.first_data_row), (2, 5));
        let found =
            of("PREAMBLE,,\n,,\nid,day,amount\n1,2024-05-01,2.50\n2,2024-05-02,3\n");
        assert_eq!(found.header.unwrap(), ["id", "day", "amount"]);
        assert_eq!((found.preamble_rows, found.first_data_row), (1, 4));
        // Sparse rows of data are no preamble.
        let found = of("1,,\n2,,\n3,x,y\n4,,\n5,,z\n");
        assert_eq!((found.preamble_rows, found.width), (0, 3));
    }

    #[test]
    fn several_header_rows_and_empty_columns() {
        let found = of("id,day,amount\nid,day,amount\n1,2024-05-01,2.50\n");
        assert_eq!((found.header_rows, found.first_data_row), (2, 3));
        let found =
            of("order,when,money\nnumber,day,euro\n1,2024-05-01,2.50\n2,2024-05-02,3\n");
        assert_eq!(found.header.unwrap(), ["order number", "when day", "money euro"]);
        let found = of("a,b,\n1,2,\n3,4,\n");
        assert_eq!((found.width, found.header.unwrap().len()), (2, 2));
        let found = of("a,b,\n1,2,\n3,4,x\n");
        assert_eq!(found.width, 3);
    }

    #[test]
    fn a_declared_delimiter_is_no_row_of_the_table() {
        let dialect = Dialect::with_delimiter(Delimiter::Byte(b';'));
        let found = layout(b"sep=;\nid;n\n1;2\n", true, dialect, None);
        assert_eq!(found.header.unwrap(), ["id", "n"]);
        assert_eq!(found.first_data_row, 3);
    }
}
