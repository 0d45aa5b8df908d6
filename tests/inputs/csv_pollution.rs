//! A small orders table, spoilt in one place at a time, read without a word of
//! help and compared with what it was: the classes of pollution are those of
//! Vitagliano et al., "Pollock: A Data Loading Benchmark" (VLDB 2023); table,
//! spoilers and score are our own.

use std::collections::BTreeMap;

use regulars::reader::{ReadOptions, Reader};

const COLUMNS: usize = 9;
const ROWS: usize = 84;

type Table = Vec<Vec<String>>;

/// A header and 83 rows, every cell with its own content.
fn table() -> Table {
    let header = "Date,Time,Units,Product Id,Price,Kind,Description,Link,Remark";
    let mut rows: Table = vec![header.split(',').map(str::to_owned).collect()];
    let kinds = ["Tea", "Coffee", "Cups", "Cake"];
    for i in 1..ROWS {
        let remark = match i % 4 {
            0 => String::new(),
            1 => format!("gift no {i}"),
            2 => format!("said \"thank you\" {i} times"),
            _ => format!("left, came back {i}"),
        };
        rows.push(vec![
            format!("{:02}/{:02}/2018", 1 + i % 12, 1 + i % 28),
            format!("{:02}:{:02}", 8 + i % 12, i * 7 % 60),
            (1 + i % 9).to_string(),
            format!("P{:04}", 37 * i),
            format!("{}.{:02}", 3 + i % 50, i * 13 % 100),
            kinds[i % 4].to_owned(),
            format!("{} of the house, {} g", kinds[i % 4], 50 * (1 + i % 7)),
            format!("https://shop.example/p/{i}?a=b&c=d"),
            remark,
        ]);
    }
    rows
}

/// How the table is written.
#[derive(Clone)]
struct Form {
    delimiter: String,
    quote: char,
    escape: Option<char>,
    end: &'static str,
}

impl Form {
    fn plain() -> Form {
        Form { delimiter: ",".into(), quote: '"', escape: Some('"'), end: "\r\n" }
    }

    fn cell(&self, cell: &str) -> String {
        let needs =
            |c| matches!(c, ',' | ';' | '\t' | '\'' | '"' | ' ' | '\n') && c != '\'';
        if !cell.contains(needs) {
            return cell.to_owned();
        }
        let inner = match self.escape {
            Some(escape) => cell.replace(self.quote, &format!("{escape}{}", self.quote)),
            None => cell.to_owned(),
        };
        format!("{0}{inner}{0}", self.quote)
    }

    /// Written cells of a row.
    fn cells(&self, row: &[String]) -> Vec<String> {
        row.iter().map(|cell| self.cell(cell)).collect()
    }

    fn write(&self, table: &Table) -> String {
        table.iter().map(|row| self.cells(row).join(&self.delimiter) + self.end).collect()
    }
}

fn read(text: &str) -> Option<Table> {
    let options = ReadOptions { preview_rows: usize::MAX, ..ReadOptions::default() };
    let mut reader = Reader::new(options);
    reader.push(text.as_bytes()).ok()?;
    let reading = reader.finish().ok()?;
    Some(reading.header_cells.into_iter().chain(reading.preview).collect())
}

/// Precision, recall and their harmonic mean of two multisets.
fn measures(expected: &[String], found: &[String]) -> f64 {
    if expected.is_empty() {
        return 3.0;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for item in expected {
        *counts.entry(item).or_default() += 1;
    }
    let mut common = 0.0;
    for item in found {
        if let Some(count) = counts.get_mut(item.as_str()).filter(|count| **count > 0) {
            *count -= 1;
            common += 1.0;
        }
    }
    if common == 0.0 {
        return 0.0;
    }
    let (p, r) = (common / expected.len() as f64, common / found.len() as f64);
    p + r + 2.0 * p * r / (p + r)
}

/// From 0 to 10: read at all, header, records, cells.
fn score(text: &str, expected: &Table) -> f64 {
    let Some(found) = read(text) else { return 0.0 };
    if expected.is_empty() {
        return 10.0;
    }
    let records = |table: &Table| -> Vec<String> {
        table.iter().skip(1).map(|row| row.concat()).collect()
    };
    let empty = Vec::new();
    let header = found.first().unwrap_or(&empty);
    1.0 + measures(&expected[0], header)
        + measures(&records(expected), &records(&found))
        + measures(&expected.concat(), &found.concat())
}

struct Scores(Vec<(String, f64)>);

impl Scores {
    fn add(&mut self, name: String, text: &str, expected: &Table) {
        self.0.push((name, score(text, expected)));
    }

    /// The mean, and a line for each file below the bound.
    fn mean(&self, bound: f64) -> f64 {
        for (name, score) in self.0.iter().filter(|s| s.1 < bound) {
            println!("{name}: {score:.3}");
        }
        let mean = self.0.iter().map(|s| s.1).sum::<f64>() / self.0.len() as f64;
        println!("mean of {} files: {mean:.4}", self.0.len());
        mean
    }
}

#[test]
fn whole_files_in_any_form() {
    let table = table();
    let plain = Form::plain();
    let text = plain.write(&table);
    let mut scores = Scores(Vec::new());
    scores.add("plain".into(), &text, &table);
    scores.add("no end".into(), text.trim_end(), &table);
    scores.add("two ends".into(), &format!("{text}\r\n"), &table);
    scores.add(
        "no header".into(),
        &plain.write(&table[1..].to_vec()),
        &table[1..].to_vec(),
    );
    scores.add(
        "header only".into(),
        &plain.write(&table[..1].to_vec()),
        &table[..1].to_vec(),
    );
    scores.add(
        "one row".into(),
        &plain.write(&table[..2].to_vec()),
        &table[..2].to_vec(),
    );
    let preamble = format!("PREAMBLE,,,,,,,,\r\n,,,,,,,,\r\n{text}");
    scores.add("preamble".into(), &preamble, &table);
    scores.add("preamble alone".into(), &format!("A report\r\n\r\n{text}"), &table);
    for rows in [2, 3] {
        let head = plain.cells(&table[0]).join(",") + "\r\n";
        let mut expected = table.clone();
        for cell in &mut expected[0] {
            *cell = vec![cell.clone(); rows].join(" ");
        }
        scores.add(
            format!("{rows} header rows"),
            &(head.repeat(rows - 1) + &text),
            &expected,
        );
    }
    for (name, width) in [("less", 8), ("same", 9), ("more", 10)] {
        let mut second = table.clone();
        for row in &mut second {
            row.resize(width, "more".to_owned());
        }
        let both: Table = table.iter().chain(&second).cloned().collect();
        scores.add(format!("second table, {name}"), &plain.write(&both), &both);
    }
    for delimiter in [";", "\t", ", ", " ", "|"] {
        let form = Form { delimiter: delimiter.into(), ..Form::plain() };
        scores.add(format!("delimiter {delimiter:?}"), &form.write(&table), &table);
    }
    for end in ["\n", "\r"] {
        let form = Form { end, ..Form::plain() };
        scores.add(format!("end {end:?}"), &form.write(&table), &table);
    }
    let single = Form { quote: '\'', escape: Some('\''), ..Form::plain() };
    scores.add("single quotes".into(), &single.write(&table), &table);
    let escape = Form { escape: Some('\\'), ..Form::plain() };
    scores.add("backslash".into(), &escape.write(&table), &table);
    let none = Form { escape: None, ..Form::plain() };
    scores.add("no escape".into(), &none.write(&table), &table);
    let mean = scores.mean(9.9);
    assert!(mean > 9.9, "{mean}");
    assert!(scores.0.iter().all(|s| s.1 > 8.0));
}

/// One class of accident, at every row and column.
fn everywhere(
    spoil: impl Fn(&mut Vec<String>, usize, &mut Table, usize) -> Option<String>,
) -> Scores {
    let table = table();
    let form = Form::plain();
    let mut scores = Scores(Vec::new());
    // All of them were tried; a sample keeps the suite quick.
    let some = |row: &usize| *row < 2 || *row % 7 == 3 || *row == ROWS - 1;
    for row in (0..ROWS).filter(some) {
        for column in 0..COLUMNS {
            let mut expected = table.clone();
            let mut cells = form.cells(&table[row]);
            let Some(line) = spoil(&mut cells, column, &mut expected, row) else {
                continue;
            };
            let mut lines: Vec<String> =
                table.iter().map(|row| form.cells(row).join(",")).collect();
            lines[row] = line;
            let text = lines.join("\r\n") + "\r\n";
            scores.add(format!("row {row} column {column}"), &text, &expected);
        }
    }
    scores
}

#[test]
fn an_extra_separator_anywhere() {
    let scores = everywhere(|cells, column, _, _| {
        cells.insert(column, String::new());
        Some(cells.join(","))
    });
    let mean = scores.mean(9.8);
    assert!(mean > 9.99, "{mean}");
}

#[test]
fn a_missing_separator_anywhere() {
    let scores = everywhere(|cells, column, _, _| {
        let next = (column > 0).then(|| cells.remove(column))?;
        cells[column - 1] += &next;
        Some(cells.join(","))
    });
    let mean = scores.mean(9.8);
    assert!(mean > 9.94, "{mean}");
}

#[test]
fn an_extra_quote_anywhere() {
    let scores = everywhere(|cells, column, expected, row| {
        let quoted = cells[column].starts_with('"');
        cells[column].insert(usize::from(quoted), '"');
        expected[row][column].insert(0, '"');
        Some(cells.join(","))
    });
    let mean = scores.mean(9.8);
    assert!(mean > 9.95, "{mean}");
}

#[test]
fn another_delimiter_in_one_row() {
    let scores = everywhere(|cells, column, _, _| (column == 0).then(|| cells.join(" ")));
    let mean = scores.mean(9.8);
    assert!(mean > 9.9, "{mean}");
}
