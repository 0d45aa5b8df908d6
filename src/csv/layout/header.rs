//! Header rows: how many there are, and the names they give.

use super::super::cell::Look;
use super::super::{Delimiter, Dialect, Record, Scanner};
use super::{Line, usual_width};
use crate::sort::Order;

/// Header rows that are looked for.
const MOST: usize = 4;

/// Words that name columns and are hardly ever values.
const WORDS: &str = " id ids key name date day time datetime timestamp created updated \
    year month week email mail phone customer customers client user order orders invoice \
    number no nr amount total price quantity qty status currency product products item \
    items sku category country city zip address code value type description title \
    revenue sales cost discount tax count first last age gender score label channel \
    kunde kundennummer datum betrag preis menge bestellung bestellnummer name \
    client commande prix montant quantite cliente pedido fecha importe precio cantidad \
    订单编号 订单号 日期 时间 金额 数量 客户 单价 商品 价格 会员 姓名 用户 注文番号 日付 金額 数量 顧客 ";

/// How many of the first lines are header rows.
pub(super) fn rows(lines: &[&Line], width: usize) -> usize {
    let Some((first, rest)) = lines.split_first() else { return 0 };
    if rest.is_empty() {
        let named = first.looks.iter().filter(|look| **look == Look::Words).count();
        return usize::from(named > 0 && !first.looks.iter().any(|l| l.is_typed()));
    }
    if is_header(first, rest, width) { 1 + further(first, rest, width) } else { 0 }
}

/// Evidence column by column: whether the first line is of another kind.
fn is_header(first: &Line, body: &[&Line], width: usize) -> bool {
    let mut score = 0.0;
    for column in 0..width.min(first.cells.len()) {
        score += column_score(first, body, column);
    }
    if is_series(first, body) {
        return true;
    }
    let filled = first.filled();
    let cells: Vec<&[u8]> = (0..first.cells.len()).map(|i| first.cell(i)).collect();
    let twice = cells.iter().enumerate().any(|(i, cell)| {
        !cell.is_empty() && cells[..i].iter().any(|other| other == cell)
    });
    let known = cells.iter().filter(|cell| is_word(cell)).count();
    score += known as f64;
    score -= if twice { 0.5 } else { 0.0 };
    if score == 0.0 {
        // Text above text: all cells there, short, without a digit.
        let name = |cell: &[u8]| {
            !cell.is_empty() && cell.len() <= 64 && !cell.iter().any(u8::is_ascii_digit)
        };
        return !twice && filled == cells.len() && cells.iter().all(|cell| name(cell));
    }
    score > 0.0
}

fn column_score(first: &Line, body: &[&Line], column: usize) -> f64 {
    let (cell, look) = (first.cell(column), first.look(column));
    let values: Vec<&&Line> =
        body.iter().filter(|line| line.look(column) != Look::Empty).collect();
    if cell.is_empty() {
        // A name may be missing; a value among values may be missing as well.
        return if values.len() == body.len() { 0.0 } else { -0.1 };
    }
    if values.is_empty() {
        return if look.is_typed() { -1.0 } else { 0.1 };
    }
    let typed = values.iter().filter(|line| line.look(column).is_typed()).count();
    if typed * 10 >= values.len() * 9 {
        return match look {
            Look::Number if is_year(cell) => 0.0,
            _ if look.is_typed() => -1.5,
            // As `N/A` among numbers is.
            Look::Empty => -0.2,
            _ => 1.0,
        };
    }
    if look.is_typed() {
        return -1.0;
    }
    let again = values.iter().filter(|line| line.cell(column) == cell).count();
    if again > 0 {
        // A value that comes again, unless the header itself does.
        let header = |line: &Line| line.cells == first.cells;
        let headers = values.iter().filter(|line| header(line)).count();
        return if again > headers { -1.0 } else { 0.0 };
    }
    // Another length than all values, or values of a few kinds.
    let lengths = |line: &&&Line| line.cell(column).len();
    let length = values.iter().map(lengths).next().unwrap_or(0);
    let same =
        values.len() >= 3 && values.iter().all(|line| line.cell(column).len() == length);
    if same {
        return if cell.len() == length { -0.3 } else { 0.5 };
    }
    let digits = |cell: &[u8]| cell.iter().any(u8::is_ascii_digit);
    let with = values.iter().filter(|line| digits(line.cell(column))).count();
    if with * 10 >= values.len() * 9 {
        return if digits(cell) { -0.3 } else { 0.5 };
    }
    let mut kinds: Vec<&[u8]> = values.iter().take(200).map(|l| l.cell(column)).collect();
    let shown = kinds.len();
    kinds.order();
    kinds.dedup();
    if kinds.len() * 2 <= shown { 0.4 } else { 0.0 }
}

/// Words first, then numbers or days in order above other values, as the
/// columns of a cohort table or of a year's months have for names.
fn is_series(first: &Line, body: &[&Line]) -> bool {
    let looks = first.looks.get(1..).unwrap_or(&[]);
    let words = matches!(first.look(0), Look::Words | Look::Empty);
    if !words || looks.len() < 3 || !looks.iter().all(|look| *look == looks[0]) {
        return false;
    }
    let name = first.cell(0);
    let digits = |cell: &[u8]| cell.iter().any(u8::is_ascii_digit);
    let other = !digits(name) && body.iter().all(|line| digits(line.cell(0)));
    if !other && !name.is_empty() && !is_word(name) {
        return false;
    }
    let cells: Vec<&[u8]> = (1..first.cells.len()).map(|i| first.cell(i)).collect();
    match looks[0] {
        Look::Moment => {
            let others = body.iter().all(|line| line.look(1) != Look::Moment);
            others && cells.windows(2).all(|pair| pair[0] != pair[1])
        }
        Look::Number => {
            let number =
                |cell: &[u8]| std::str::from_utf8(cell).ok()?.parse::<i64>().ok();
            let numbers: Option<Vec<i64>> =
                cells.iter().map(|cell| number(cell)).collect();
            let follow = |n: Vec<i64>| n.windows(2).all(|pair| pair[1] == pair[0] + 1);
            numbers.is_some_and(follow)
        }
        _ => false,
    }
}

fn is_year(cell: &[u8]) -> bool {
    cell.len() == 4 && (cell.starts_with(b"19") || cell.starts_with(b"20"))
}

fn is_word(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    if text.is_empty() || text.len() > 48 {
        return false;
    }
    let known = |word: &str| !word.is_empty() && WORDS.contains(&format!(" {word} "));
    let lower = text.to_lowercase();
    let last = lower.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty());
    known(&lower)
        || last.is_some_and(known)
        || (cell.contains(&b'_') && !cell.contains(&b' '))
}

/// Header rows below the first one: the same again, or words in every column
/// whose values are numbers or days throughout.
fn further(first: &Line, rest: &[&Line], width: usize) -> usize {
    let mut rows = 0;
    while rows + 1 < MOST && rows < rest.len() {
        let line = rest[rows];
        let body = &rest[rows + 1..];
        let same = line.cells == first.cells;
        if !same && (body.is_empty() || !above_values(line, body, width)) {
            break;
        }
        rows += 1;
    }
    rows
}

fn above_values(line: &Line, body: &[&Line], width: usize) -> bool {
    let mut columns = 0;
    for column in 0..width {
        let values = body.iter().filter(|l| l.look(column) != Look::Empty).count();
        let typed = body.iter().filter(|l| l.look(column).is_typed()).count();
        if typed > 0 && typed * 20 >= values * 19 {
            if line.look(column) != Look::Words {
                return false;
            }
            columns += 1;
        } else if body
            .iter()
            .any(|l| !line.cell(column).is_empty() && l.cell(column) == line.cell(column))
        {
            return false;
        }
    }
    columns >= 2
}

/// Reads the first line with another delimiter than the rest, if only that gives
/// it as many words as the others have cells, and a row of values follows.
pub(super) fn read_again(lines: &mut [Line], dialect: Dialect) {
    let all: Vec<&Line> = lines.iter().filter(|line| line.filled() > 0).collect();
    let usual = usual_width(&all);
    // A title has as many words by chance only: names stand over a row of values.
    let values = |line: &&Line| {
        line.cells.len() == usual && line.looks.iter().any(|look| look.is_typed())
    };
    if !all.get(1).is_some_and(values) {
        return;
    }
    let Some(first) = lines.first_mut().filter(|line| line.cells.len() < usual) else {
        return;
    };
    for byte in [b';', b'\t', b'|', b',', b' '] {
        let other = Dialect { delimiter: Delimiter::Byte(byte), trim: false, ..dialect };
        let mut again = Vec::new();
        let mut scanner = Scanner::new(other);
        let mut each =
            |record: &Record<'_>| again.push(Line::new(&record.at_row(first.row)));
        // The line was not too long the first time.
        let _ = scanner.push(&first.raw, &mut each);
        let _ = scanner.finish(&mut each);
        let words = |line: &Line| line.looks.iter().all(|look| *look == Look::Words);
        if usual > 2
            && again.len() == 1
            && again[0].cells.len() == usual
            && words(&again[0])
        {
            *first = again.remove(0);
            return;
        }
    }
}

/// A header line without the blank cell that stands where no column is: then
/// names and cells of all rows are one less than the line's cells.
pub(super) fn without_stray(line: &Line, body: &[&Line]) -> Line {
    let mut line = line.clone();
    let blank = |cell: &Vec<u8>| cell.trim_ascii().is_empty();
    let one = line.cells.iter().filter(|cell| blank(cell)).count() == 1;
    let less = body.iter().all(|row| row.cells.len() + 1 == line.cells.len());
    if one && less && body.len() > 1 {
        line.cells.retain(|cell| !blank(cell));
    }
    line
}

/// The names of groups of columns on the line above the header, each given to the
/// columns up to the next one, as cells that were merged in a spreadsheet are
/// written; `None` where the line is no such line.
///
/// There are two groups or more, words each, and the second column that the first
/// of them spans is blank on this line and named in the header.
pub(super) fn groups(above: &Line, head: &Line) -> Option<Vec<String>> {
    let filled: Vec<usize> =
        (0..above.cells.len()).filter(|&c| !above.cell(c).is_empty()).collect();
    let apart = filled.windows(2).all(|pair| pair[1] > pair[0] + 1);
    let words = filled.iter().all(|&c| above.look(c) == Look::Words);
    let complete = head.filled() == head.cells.len() || head.filled() > 2 * filled.len();
    if filled.len() < 2 || !apart || !words || !complete {
        return None;
    }
    let mut groups = Vec::new();
    let mut group = String::new();
    for column in 0..head.cells.len() {
        let cell = above.cell(column);
        if !cell.is_empty() {
            group = String::from_utf8_lossy(cell).into_owned();
        }
        groups.push(group.clone());
    }
    Some(groups)
}

/// The names of the columns as written, one row's cells after the other's.
pub(super) fn join(heads: &[&Line], width: usize, body: &[&Line]) -> Vec<String> {
    let written = heads.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let width = width.min(written);
    let mut names: Vec<String> = (0..width)
        .map(|column| {
            let cells = heads.iter().filter_map(|line| line.cells.get(column));
            let texts: Vec<_> = cells.map(|cell| String::from_utf8_lossy(cell)).collect();
            texts.join(" ")
        })
        .collect();
    // Tables of R have row numbers in a first column without a name.
    let numbered = |(i, line): (usize, &&Line)| {
        let text = line.cell(0);
        text == (i + 1).to_string().as_bytes() || text == i.to_string().as_bytes()
    };
    let short = body.iter().all(|line| line.cells.len() == written + 1);
    if short && body.len() > 1 && body.iter().enumerate().all(numbered) {
        names.insert(0, String::new());
    }
    names
}
