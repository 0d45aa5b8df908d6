//! Fixtures as pairs (`x.csv`, `x.json`), and the edge cases of others.

use std::fs;
use std::path::{Path, PathBuf};

use regulars::error::Error;
use regulars::reader::{ReadOptions, Reader, Reading};

use super::extras::{Opened, open};
use serde_json::{Value, json};

fn read_in(bytes: &[u8], piece: usize) -> Result<Opened, Error> {
    let options = ReadOptions { preview_rows: usize::MAX, ..ReadOptions::default() };
    open(bytes, piece, &options)
}

fn shape(opened: &Opened) -> Value {
    let reading = &opened.reading;
    json!({
        "delimiter": reading.dialect.delimiter.name(),
        "quote": reading.dialect.quote.map(|q| char::from(q).to_string()),
        "escape": reading.dialect.escape.map(|e| char::from(e).to_string()),
        "trim": reading.dialect.trim,
        "encoding": opened.encoding,
        "malformed": opened.malformed,
        "header": reading.header,
        "firstDataRow": reading.first_data_row,
        "rows": reading.preview,
        "notices": reading.notices.iter().map(|n| n.code).collect::<Vec<_>>(),
    })
}

/// Reads whole and byte by byte, which must agree.
fn read(bytes: &[u8]) -> Result<Opened, Error> {
    let whole = read_in(bytes, usize::MAX);
    if bytes.len() < 20_000 {
        let pieces = read_in(bytes, 1);
        assert_eq!(whole.as_ref().map(shape), pieces.as_ref().map(shape));
    }
    if let Ok(Opened { reading, encoding, .. }) = &whole {
        assert_eq!(reading.columns.rows() as usize, reading.preview.len());
        assert!(encoding != "utf-8" || reading.bytes as usize == bytes.len());
    }
    whole
}

fn pairs(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no fixtures in {}", dir.display());
    files
}

#[test]
fn fixtures_read_as_they_say() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/csv");
    let mut wrong = Vec::new();
    for path in pairs(&dir) {
        let text = fs::read_to_string(path.with_extension("json")).unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        let found = match read(&fs::read(&path).unwrap()) {
            Ok(reading) => shape(&reading),
            Err(error) => json!({ "error": error.code() }),
        };
        // A description names what matters for its trap, and all of it holds.
        for (key, value) in expected.as_object().unwrap() {
            if key != "about" && found[key] != *value {
                let name = path.file_name().unwrap().to_string_lossy();
                wrong.push(format!("{name}: {key}: {}, not {value}", found[key]));
            }
        }
        assert!(expected["about"].is_string(), "{} says nothing", path.display());
        assert!(expected.as_object().unwrap().len() > 1);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Rows as arrays, header first, or as objects by name.
fn table(reading: &Reading, as_objects: bool) -> Value {
    let header = reading.header_cells.clone();
    if !as_objects {
        return header.into_iter().chain(reading.preview.clone()).collect();
    }
    let names = header.unwrap_or_default();
    let object = |row: &Vec<String>| -> Value {
        let cells = names.iter().zip(row);
        cells
            .map(|(n, c)| (n.clone(), Value::from(c.clone())))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    reading.preview.iter().map(object).collect()
}

#[test]
fn edge_cases_of_others_read_as_their_json_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = ["../shared/data", "../../shared/data"].map(|p| root.join(p));
    let Some(data) = data.iter().find(|path| path.exists()) else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    let mut seen = 0;
    for (csvs, jsons) in
        [("rfc4180/csv", "rfc4180/json"), ("spectrum/csvs", "spectrum/json")]
    {
        for path in pairs(&data.join("csv-edge-cases").join(csvs)) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let result = read(&fs::read(&path).unwrap());
            seen += 1;
            if name.starts_with("bad-") {
                let reported =
                    result.map_or(true, |reading| !reading.reading.notices.is_empty());
                assert!(reported, "{name} is not reported");
                continue;
            }
            let json =
                data.join("csv-edge-cases").join(jsons).join(format!("{name}.json"));
            let mut expected: Value =
                serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
            if name == "location_coordinates" {
                // Its JSON has another phone number than its CSV.
                expected = json!([{
                    "Contact Phone Number": "2095257564",
                    "Location Coordinates": "37\u{fffd}36'37.8\"N 121\u{fffd}2'17.9\"W",
                    "Cities": "Modesto",
                    "Counties": "Stanislaus",
                }]);
            }
            if name == "newlines_crlf" {
                // Its CSV has the line ends of LF files, its JSON those of CRLF.
                expected =
                    serde_json::from_str(&expected.to_string().replace("\\r\\n", "\\n"))
                        .unwrap();
            }
            let as_objects =
                expected.as_array().unwrap().first().is_none_or(Value::is_object);
            assert_eq!(table(&result.unwrap().reading, as_objects), expected, "{name}");
        }
    }
    assert!(seen > 30);
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let (text, cells) = (vec![b'x'; 1 << 20], b"1,2,3,".repeat(100_000));
    for (piece, code) in [(text, "line-too-long"), (cells, "too-many-columns")] {
        let mut reader = Reader::new(ReadOptions::default());
        let mut pushed = 0;
        let error = loop {
            pushed += piece.len();
            assert!(pushed < 100 << 20, "never refused");
            if let Err(error) = reader.push(&piece) {
                break error;
            }
        };
        assert_eq!(error.code(), code);
        assert!(pushed < 20 << 20);
    }
}

#[test]
fn a_quote_without_end_costs_its_own_cell_only() {
    // 40 MB of rows after an opening quote that nothing closes.
    let mut reader = Reader::new(ReadOptions::default());
    reader.push(b"id,name,amount\n1,Ann,2.50\n2,\"Bob,3.00\n").unwrap();
    let rows = b"3,Cy,4.25\n".repeat(40_000);
    for _ in 0..100 {
        reader.push(&rows).unwrap();
    }
    let reading = reader.finish().unwrap();
    assert_eq!(reading.columns.rows(), 4_000_002);
    let notices: Vec<_> = reading.notices.iter().map(|n| n.code).collect();
    assert_eq!(notices, ["unclosed-quotes"]);
}

#[test]
fn rows_are_numbered_as_in_a_spreadsheet() {
    let text = b"My shop\n\nid,day,amount\n1,2024-05-01,2.50\n\n\"2\",\"two\nlines\",3\nid,day,amount\n3,2024-05-03,4\n4,2024-05-04,4\n";
    let reading = read(text).unwrap().reading;
    let rows: Vec<u64> = (0..4).map(|index| reading.row(index)).collect();
    assert_eq!(rows, [4, 6, 8, 9]);
    assert_eq!(reading.columns.rows(), 4);
}
