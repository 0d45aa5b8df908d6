//! Columns that are only decided by their last rows.

use regulars::columns::{
    Basis, Columns, Convention, DateFormat, Decision, Keep, date, number,
};

fn column(cells: impl Iterator<Item = String>) -> Columns {
    let mut columns = Columns::new(vec!["x".into()], &[Keep::Packed]);
    for cell in cells {
        columns.push_with(|_| (cell.as_bytes(), false));
    }
    columns
}

/// 80,000 rows without a day above 12, then one: month or day first?
#[test]
fn the_date_trap_is_read_right_without_a_question() {
    let trap = |k: u32| format!("{}/{}/{}", 1 + k * 7 % 12, 1 + k * 5 % 11, 2019 + k % 3);
    for (last, format) in
        [("3/13/2020", DateFormat::MonthDayYear), ("13/3/2020", DateFormat::DayMonthYear)]
    {
        let cells = (0..80_000).map(trap);
        let open = date::decide(&column(cells.clone()).evidence(0).dates);
        assert!(matches!(open, Decision::Open(_)), "{open:?}");
        let columns = column(cells.chain([last.to_owned()]));
        let (decision, basis) = date::explain(&columns.evidence(0).dates);
        assert_eq!(decision, Decision::Decided(format));
        assert_eq!(basis, Basis::Row(80_000));
        let dates = columns.dates(0, format);
        assert_eq!(dates.iter().filter(|c| c.value().is_none()).count(), 0);
    }
}

#[test]
fn the_last_of_many_amounts_decides_their_points() {
    let cells = (0..80_000).map(|k| format!("{}.{:03}", 1 + k % 9, k % 1000));
    let open = column(cells.clone()).evidence(0).numbers;
    assert!(matches!(number::decide(&open), Decision::Open(_)));
    for (last, convention) in [("17,50", Convention::Comma), ("0.75", Convention::Point)]
    {
        let columns = column(cells.clone().chain([last.to_owned()]));
        let evidence = columns.evidence(0).numbers;
        assert_eq!(number::decide(&evidence), Decision::Decided(convention));
        assert_eq!(evidence.total(convention).misfits, 0);
    }
}
