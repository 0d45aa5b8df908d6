//! A workbook's sheets as CSV, and the table inside a ZIP archive.
//!
//! Office Open XML, ECMA-376; read by calamine.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, Xlsx};

use crate::Failure;

/// Bytes handed on at once.
const PIECE: usize = 1 << 20;

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows, as the workbook states them.
    pub rows: u32,
}

/// What is inside a ZIP archive: a workbook, or files.
pub enum Workbook {
    /// Sheets.
    Sheets(Box<Xlsx<Cursor<Vec<u8>>>>),
    /// Files.
    Files(Box<zip::ZipArchive<Cursor<Vec<u8>>>>),
}

impl Workbook {
    /// Opens a workbook or an archive from its bytes.
    ///
    /// # Errors
    /// `bad-workbook` { reason }.
    pub fn open(bytes: Vec<u8>) -> Result<Workbook, Failure> {
        let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(bad)?;
        if archive.index_for_name("xl/workbook.xml").is_none()
            && archive.index_for_name("[Content_Types].xml").is_none()
        {
            return Ok(Workbook::Files(Box::new(archive)));
        }
        let book = Xlsx::new(archive.into_inner()).map_err(bad)?;
        Ok(Workbook::Sheets(Box::new(book)))
    }

    /// The sheets of a workbook, or the tables of an archive, in their order.
    ///
    /// # Errors
    /// `bad-workbook` { reason }.
    pub fn sheets(&mut self) -> Result<Vec<Sheet>, Failure> {
        match self {
            Workbook::Sheets(book) => {
                let mut sheets = Vec::new();
                for name in book.sheet_names() {
                    // Sheets of charts have no cells.
                    let Ok(cells) = book.worksheet_cells_reader(&name) else { continue };
                    let size = cells.dimensions();
                    let rows = size.end.0.saturating_sub(size.start.0) + 1;
                    sheets.push(Sheet { name, rows });
                }
                Ok(sheets)
            }
            Workbook::Files(archive) => {
                let is_table = |name: &str| {
                    let name = name.to_ascii_lowercase();
                    let hidden = name.starts_with("__macosx/") || name.contains("/.");
                    let ends = [".csv", ".tsv", ".txt", ".tab"];
                    !hidden && ends.iter().any(|end| name.ends_with(end))
                };
                let names = archive.file_names().collect::<Result<Vec<_>, _>>();
                let names = names.map_err(bad)?.into_iter().map(|name| name.into_owned());
                let tables = names.filter(|name| is_table(name));
                Ok(tables.map(|name| Sheet { name, rows: 0 }).collect())
            }
        }
    }

    /// Hands on a sheet as CSV in UTF-8, or a file as it is, piece by piece.
    ///
    /// # Errors
    /// `bad-workbook` { reason }.
    pub fn write(
        &mut self,
        sheet: &str,
        emit: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Failure> {
        match self {
            Workbook::Sheets(book) => write_sheet(book, sheet, emit),
            Workbook::Files(archive) => {
                let mut file = archive.by_name(sheet).map_err(bad)?;
                let mut piece = vec![0; PIECE];
                loop {
                    match file.read(&mut piece).map_err(bad)? {
                        0 => return Ok(()),
                        read => emit(&piece[..read]),
                    }
                }
            }
        }
    }
}

fn bad(reason: impl std::fmt::Display) -> Failure {
    Failure::new("bad-workbook", "reason", reason.to_string())
}

fn write_sheet(
    book: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &str,
    emit: &mut dyn FnMut(&[u8]),
) -> Result<(), Failure> {
    let is_1904 = book.has_1904_epoch();
    let mut cells = book.worksheet_cells_reader(sheet).map_err(bad)?;
    let mut out = String::new();
    let (mut row, mut column, mut width) = (0, 0, 0);
    while let Some(cell) = cells.next_cell().map_err(bad)? {
        let (at, of) = cell.get_position();
        if row < at {
            end_row(&mut out, column, &mut width);
            // Rows without cells are left out of the file: they are blank lines.
            out.extend(std::iter::repeat_n('\n', (at - row) as usize));
            (row, column) = (at, 0);
        }
        for _ in column..of {
            out.push(',');
        }
        column = of;
        write_cell(cell.get_value(), is_1904, &mut out);
        if out.len() >= PIECE {
            emit(out.as_bytes());
            out.clear();
        }
    }
    end_row(&mut out, column, &mut width);
    out.push('\n');
    emit(out.as_bytes());
    Ok(())
}

/// Ends a row of so many cells but one as wide as the widest so far: what is empty
/// at its end is left out of the file.
fn end_row(out: &mut String, last: u32, width: &mut u32) {
    out.extend(std::iter::repeat_n(',', width.saturating_sub(last) as usize));
    *width = last.max(*width);
}

fn write_cell(cell: &DataRef<'_>, is_1904: bool, out: &mut String) {
    match cell {
        DataRef::Empty => {}
        DataRef::Int(value) => out.push_str(&value.to_string()),
        DataRef::Float(value) => out.push_str(&value.to_string()),
        DataRef::Bool(value) => out.push_str(if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) => write_moment(moment, is_1904, out),
        DataRef::String(text) => write_text(text, out),
        DataRef::SharedString(text) => write_text(text, out),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => write_text(text, out),
        DataRef::Error(error) => write_text(&error.to_string(), out),
    }
}

fn write_text(text: &str, out: &mut String) {
    let plain = text.trim().len() == text.len() && !text.contains([',', '"', '\n', '\r']);
    if plain {
        return out.push_str(text);
    }
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// A day, a moment, or a time of day, to the nearest second.
fn write_moment(moment: &ExcelDateTime, is_1904: bool, out: &mut String) {
    let serial = moment.as_f64();
    let seconds = (serial * 86_400.0).round();
    let (hour, minute, second) = {
        let of_day = seconds.rem_euclid(86_400.0) as u32;
        (of_day / 3600, of_day / 60 % 60, of_day % 60)
    };
    if moment.is_duration() || (0.0..1.0).contains(&serial) {
        let hours = (seconds / 3600.0).floor() as i64;
        return out.push_str(&format!("{hours:02}:{minute:02}:{second:02}"));
    }
    // Rounded to whole seconds, the day may be the next one.
    let day = (seconds / 86_400.0).floor();
    let whole = ExcelDateTime::new(day, ExcelDateTimeType::DateTime, is_1904);
    let (year, month, day, ..) = whole.to_ymd_hms_milli();
    out.push_str(&format!("{year:04}-{month:02}-{day:02}"));
    if hour + minute + second > 0 {
        out.push_str(&format!(" {hour:02}:{minute:02}:{second:02}"));
    }
}
