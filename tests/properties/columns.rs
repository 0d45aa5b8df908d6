//! A file cut anywhere and merged is the same file; what is written in a
//! convention or a format is read back, or is truly open.

use proptest::prelude::*;
use regulars::calendar::Day;
use regulars::columns::{
    Cell, Columns, Convention, DateFormat, Decimal, Decision, Keep, NO_SECOND, date,
    number,
};

const KEEPS: [Keep; 3] = [Keep::Packed, Keep::Text, Keep::No];

fn read(cells: &[String]) -> Columns {
    let names = ["packed", "text", "no"].map(String::from).to_vec();
    let mut columns = Columns::new(names, &KEEPS);
    for cell in cells {
        columns.push_with(|i| (cell.as_bytes(), cell.len() % 2 == i % 2));
    }
    columns
}

pub fn assert_same(a: &Columns, b: &Columns) {
    assert_eq!(a.rows(), b.rows());
    for i in 0..a.len() {
        assert_eq!(a.evidence(i), b.evidence(i));
        assert_eq!(a.study(i), b.study(i));
        assert_eq!(a.interned(i).0, b.interned(i).0);
        assert!(a.interned(i).1.iter().eq(b.interned(i).1.iter()));
        let names = |c: &Columns| {
            c.names(i).map(|n| n.iter().map(<[u8]>::to_vec).collect::<Vec<_>>())
        };
        assert_eq!(names(a), names(b));
        for row in 0..a.rows() as usize {
            assert_eq!(a.text_id(i, row), b.text_id(i, row));
            assert_eq!(a.text(i, row), b.text(i, row));
        }
    }
}

pub fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        2 => prop::sample::select(vec![
            "--", "N/A", " ", "free", "a@b.de", "x**y", "$1,234.50", "1.234", "(2.500)",
            "'75008", "=\"12\"", "\t7", "2010-12-01 08:26:00", "05/03/2024", "13/03/2024",
            "03/25/2024", "05.03.24", "2025-10-07 09:50:26 +0200", "2024年3月5日",
            "1.03006E+13", "123456789012345678901", "0.12345678901", "１２", "14:05", "0745",
            "19970101", "45356.5", "Wednesday, September 25, 2024 at 10:11:12 AM",
            "2024-03-05 10:11:12.123", "2024-03-05T10:11:12.123456+02:00",
        ]).prop_map(String::from),
        2 => "[0-9]{1,3}[.,][0-9]{1,3}",
        1 => "[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}",
        1 => "20[0-9]{2}-[01][0-9]-[0-3][0-9]( [0-2][0-9]:[0-5][0-9]:[0-5][0-9])?",
        1 => "[a-c 0-9,.$€'()-]{0,12}",
        1 => "\\PC{0,50}",
    ]
}

/// Cells with runs, as exports have them.
fn cells() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec((cell(), 1..4_usize), 0..60).prop_map(|runs| {
        runs.into_iter().flat_map(|(cell, n)| std::iter::repeat_n(cell, n)).collect()
    })
}

/// What a number looks like in each custom; digits, decimals, negative.
fn written(mantissa: i64, scale: usize, custom: usize) -> (String, Convention) {
    let digits = format!("{:0width$}", mantissa.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let (group, mark, convention) = [
        (",", ".", Convention::Point),
        (".", ",", Convention::Comma),
        (" ", ",", Convention::Comma),
        ("\u{A0}", ",", Convention::Comma),
        ("\u{202F}", ",", Convention::Comma),
        ("'", ".", Convention::Point),
        ("", ".", Convention::Point),
        ("", ",", Convention::Comma),
    ][custom % 8];
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push_str(group);
        }
        grouped.push(digit);
    }
    if scale > 0 {
        grouped.push_str(mark);
        grouped.push_str(part);
    }
    let text = match (mantissa < 0, custom / 8 % 8) {
        (false, 0) => format!("${grouped}"),
        (false, 1) => format!("{grouped} €"),
        (false, 2) => format!("EUR {grouped}"),
        (false, 3) => format!("=\"{grouped}\""),
        (false, 4) => format!("'{grouped}"),
        (false, _) => grouped,
        (true, 0) => format!("({grouped})"),
        (true, 1) => format!("-${grouped}"),
        (true, 2) => format!("{grouped}-"),
        (true, 3) => format!("\u{2212}{grouped}"),
        (true, 4) => format!("$-{grouped}"),
        (true, 5) => format!("(£{grouped})"),
        (true, _) => format!("-{grouped}"),
    };
    (text, convention)
}

const DATE_FORMS: [(&str, DateFormat); 16] = [
    ("%Y-%m-%d", DateFormat::YearMonthDay),
    ("%Y/%-m/%-d", DateFormat::YearMonthDay),
    ("%Y-%m-%dT%H:%M:%SZ", DateFormat::YearMonthDay),
    ("%d.%m.%Y", DateFormat::DayMonthYear),
    ("%-d/%-m/%Y", DateFormat::DayMonthYear),
    ("%d/%m/%Y %H:%M", DateFormat::DayMonthYear),
    ("%d-%m-%y", DateFormat::DayMonthYear),
    ("%m/%d/%Y", DateFormat::MonthDayYear),
    ("%-m/%-d/%Y %-H:%M", DateFormat::MonthDayYear),
    ("%m/%d/%y", DateFormat::MonthDayYear),
    ("%m/%d/%Y %I:%M:%S %p", DateFormat::MonthDayYear),
    ("%y-%m-%d", DateFormat::YearMonthDay),
    ("%b-%d-%y", DateFormat::YearMonthDay),
    ("%A, %-d %B %Y", DateFormat::YearMonthDay),
    ("%Y年%-m月%-d日", DateFormat::YearMonthDay),
    ("%Y%m%d", DateFormat::Joined),
];

proptest! {
    #[test]
    fn cutting_and_merging_changes_nothing(
        cells in cells(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        from_left in any::<bool>(),
    ) {
        let whole = read(&cells);
        let mut cuts: Vec<usize> = cuts.iter().map(|c| c.index(cells.len() + 1)).collect();
        cuts.extend([0, cells.len()]);
        cuts.sort();
        let parts = cuts.windows(2).map(|w| read(&cells[w[0]..w[1]]));
        let merged = if from_left {
            parts.reduce(Columns::merge)
        } else {
            parts.rev().reduce(|right, left| left.merge(right))
        };
        assert_same(&merged.unwrap(), &whole);
    }

    #[test]
    fn a_cell_is_kept_to_the_byte(cells in cells()) {
        let columns = read(&cells);
        for (row, cell) in cells.iter().enumerate() {
            prop_assert_eq!(&*columns.text(0, row), cell.as_str());
        }
    }

    #[test]
    fn a_decimal_in_any_custom_is_read_back(
        mantissas in prop::collection::vec(-99_999_999_i64..99_999_999, 1..20),
        scale in 0..7_usize,
        custom in 0..64_usize,
    ) {
        let texts: Vec<(String, Convention)> =
            mantissas.iter().map(|&m| written(m, scale, custom)).collect();
        let convention = texts[0].1;
        let cells: Vec<String> = texts.into_iter().map(|(text, _)| text).collect();
        let columns = read(&cells);
        for i in [0, 1] {
            for (row, &mantissa) in mantissas.iter().enumerate() {
                let value = Decimal { mantissa, scale: scale as u8 };
                prop_assert_eq!(columns.number(i, row, convention), Cell::Value(value));
            }
            let evidence = columns.study(i).numbers;
            let total = evidence.total(convention);
            prop_assert_eq!(total.sum, mantissas.iter().map(|&m| i128::from(m)).sum::<i128>());
            prop_assert_eq!(total.misfits, 0);
            match number::decide(&evidence) {
                Decision::Decided(found) if found != convention => {
                    // Both read every cell alike.
                    prop_assert_eq!(evidence.total(found), total);
                }
                Decision::Decided(_) => {}
                Decision::Open(found) => prop_assert!(found.contains(&convention)),
                Decision::None => prop_assert!(false, "{:?}", cells),
            }
        }
    }

    #[test]
    fn a_date_in_any_format_is_read_back_or_is_open(
        days in prop::collection::vec((0..700_i32, 0..86_400_i64), 1..40),
        form in 0..DATE_FORMS.len(),
        sorted in any::<bool>(),
    ) {
        let (pattern, format) = DATE_FORMS[form];
        let mut days = days;
        if sorted {
            days.sort();
        }
        let first = Day::from_ymd(2023, 3, 1).unwrap();
        let moments: Vec<(i32, jiff::civil::DateTime)> = days
            .iter()
            .map(|&(day, second)| {
                let day = first.plus(day);
                let time = jiff::Span::new().seconds(second);
                (day.0, jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0) + time.days(day.0))
            })
            .collect();
        let cells: Vec<String> = moments
            .iter()
            .map(|(_, at)| match pattern.strip_suffix('Z') {
                Some(pattern) => format!("{}Z", at.strftime(pattern)),
                None => at.strftime(pattern).to_string(),
            })
            .collect();
        let columns = read(&cells);
        for i in [0, 1] {
            let formats = match date::decide(&columns.study(i).dates) {
                Decision::Decided(format) => vec![format],
                Decision::Open(formats) => formats,
                Decision::None => vec![],
            };
            let reads_back = |format: DateFormat| {
                (0..cells.len()).all(|row| {
                    let moment = columns.date(i, row, format).value();
                    moment.is_some_and(|m| {
                        let time = moments[row].1.time();
                        let (hour, minute, second) =
                            (time.hour() as u32, time.minute() as u32, time.second() as u32);
                        let to_minute = hour * 3600 + minute * 60;
                        m.day == moments[row].0
                            && [NO_SECOND, to_minute, to_minute + second].contains(&m.second)
                    })
                })
            };
            prop_assert!(formats.iter().any(|&f| reads_back(f)), "{:?} {:?}", formats, cells);
            prop_assert!(reads_back(format), "{:?}", cells);
            if formats.len() > 1 {
                // Truly open: every cell is a date in every format.
                for &format in &formats {
                    let bad = (0..cells.len())
                        .filter(|&row| columns.date(i, row, format) == Cell::Bad);
                    prop_assert_eq!(bad.count(), 0);
                }
            }
        }
    }
}
