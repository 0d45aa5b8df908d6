//! The laws of the ledger, on random files of every layout: rows in are rows used
//! and rows set aside, money adds up exactly, and neither the order of the rows,
//! nor cutting the file, nor the slices of the task change anything.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use regulars::error::Error;
use regulars::mapping::{MappingEntry, Role};
use regulars::orders::{LoadOptions, Resolve, Resolved};
use regulars::reader::{ReadOptions, Reader, Reading};
use regulars::task::Step;
use serde_json::{Value, json};

/// A row: order, customer, day, quantity, price in cents, status, product.
#[derive(Clone, Debug)]
struct Row {
    order: u8,
    customer: u8,
    day: u8,
    quantity: i8,
    cents: u16,
    status: u8,
    product: u8,
}

const STATUSES: [&str; 6] = ["paid", "cancelled", "", "pending", "test", "sent"];
const HEADER: &str = "order_id,customer_id,order_date,quantity,price,status,sku,total";

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0_u8..12, 0_u8..6, 0_u8..28, -3_i8..6, 0_u16..900, 0_u8..12, 0_u8..4);
    let row = row.prop_map(|(order, customer, day, quantity, cents, status, product)| {
        Row { order, customer, day, quantity, cents, status, product }
    });
    prop::collection::vec(row, 2..60)
}

fn line(row: &Row) -> String {
    let customer = match row.customer {
        0 => String::new(),
        1 => "0".to_owned(),
        n => format!("c{n}"),
    };
    let date = match row.day {
        0 => String::new(),
        1 => "soon".to_owned(),
        day => format!("2024-05-{day:02}"),
    };
    let price = match row.cents {
        0..20 => "0".to_owned(),
        20..30 => "many".to_owned(),
        cents => format!("{}.{:02}", cents / 100, cents % 100),
    };
    let status = STATUSES.get(usize::from(row.status)).unwrap_or(&"paid");
    let (order, quantity, product) = (row.order, row.quantity, row.product);
    format!(
        "o{order},{customer},{date},{quantity},{price},{status},p{product},{order}.50"
    )
}

fn file(lines: &[String]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", lines.join("\n")).into_bytes()
}

fn read(bytes: &[u8]) -> Arc<Reading> {
    let mut reader = Reader::new(ReadOptions {
        keep: Some({
            use regulars::columns::Keep::{Packed, Text};
            vec![Text, Text, Packed, Packed, Packed, Text, Text, Packed]
        }),
        header: Some(true),
        ..ReadOptions::default()
    });
    reader.push(bytes).unwrap();
    Arc::new(reader.finish().unwrap())
}

/// Amounts are quantity times price, or the total that every order repeats.
fn options(repeated: bool) -> LoadOptions {
    let mut roles = vec![
        (Role::OrderId, 0),
        (Role::CustomerId, 1),
        (Role::OrderDate, 2),
        (Role::Quantity, 3),
        (Role::Status, 5),
        (Role::Product, 6),
    ];
    roles.push(if repeated { (Role::Amount, 7) } else { (Role::UnitPrice, 4) });
    let mapping =
        roles.into_iter().map(|(role, column)| MappingEntry::new(role, vec![column]));
    let mut options =
        LoadOptions { mapping: Some(mapping.collect()), ..LoadOptions::default() };
    options.answers.insert("date:2".to_owned(), "yearMonthDay".to_owned());
    if repeated {
        options.answers.insert("totals".to_owned(), "repeated".to_owned());
    }
    options
}

fn load(
    readings: Vec<Arc<Reading>>,
    options: LoadOptions,
    mut budget: impl FnMut() -> u64,
) -> Result<Resolved, Error> {
    let mut resolve = Resolve::new(readings, options)?;
    loop {
        if let Step::Done(resolved) = resolve.advance(budget())? {
            return Ok(resolved);
        }
    }
}

fn whole(lines: &[String], repeated: bool) -> Result<Resolved, Error> {
    load(vec![read(&file(lines))], options(repeated), || u64::MAX)
}

/// The ledger without what depends on the order of the rows: the example rows.
fn figures(resolved: &Resolved) -> Value {
    let mut ledger = json!(resolved.ledger);
    for aside in ledger["setAside"].as_array_mut().into_iter().flatten() {
        aside["example"] = Value::Null;
    }
    ledger
}

fn cents(text: &str) -> i64 {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    sign * format!("{whole}{part:0<2}").parse::<i64>().unwrap()
}

fn rows_and_money_add_up(resolved: &Resolved) {
    let (orders, ledger) = (&resolved.orders, &resolved.ledger);
    let of = |from: &str| -> (u64, i64) {
        let list = ledger.set_aside.iter().filter(|s| s.from == from);
        list.fold((0, 0), |(rows, sum), s| (rows + s.rows, sum + cents(&s.exact_amount)))
    };
    let (shop, customers) = (of("shop"), of("customers"));
    let net = |t: &regulars::orders::Totals| cents(&t.exact.net);
    assert_eq!(ledger.rows_read, ledger.shop.rows + shop.0);
    assert_eq!(ledger.shop.rows, ledger.purchase_rows + ledger.return_rows);
    assert_eq!(ledger.shop.rows, ledger.customers.totals.rows + customers.0);
    assert_eq!(net(&ledger.shop), net(&ledger.customers.totals) + customers.1);
    let sum = |column: &[i64]| column.iter().sum::<i64>();
    assert_eq!(cents(&ledger.shop.exact.gross), sum(&orders.gross));
    assert_eq!(cents(&ledger.shop.exact.returns), sum(&orders.returns));
    let count = orders.is_order.iter().filter(|&&o| o).count() as u64;
    assert_eq!((ledger.shop.orders, ledger.shop.credit_notes), {
        (count, orders.len() as u64 - count)
    });
    let last = ledger.last_date.unwrap();
    let table = regulars::customers::customers(orders, last.plus(40));
    assert_eq!(table.len() as u64, ledger.customers.customers);
    let revenue: i64 = (0..table.len()).map(|c| table.revenue(c)).sum();
    let only = cents(&ledger.customers.returns_only.exact_amount);
    assert_eq!(revenue + only, net(&ledger.customers.totals));
    assert_eq!(orders.start.len(), orders.customers.len() + 2);
    for c in 0..=orders.customers.len() as u32 {
        let keys: Vec<_> = orders
            .of(c)
            .map(|r| (orders.day[r], orders.second[r], orders.row[r]))
            .collect();
        assert!(keys.is_sorted());
    }
}

/// Gross, returns and orders of files whose amounts are quantity times price,
/// from the definition.
fn by_definition(rows: &[Row]) -> (i64, i64, u64) {
    let mut first_status = BTreeMap::new();
    let mut has_day = BTreeMap::new();
    for row in rows {
        if row.status != 2 {
            let class = class(row);
            let best: &mut u8 = first_status.entry(row.order).or_insert(class);
            *best = (*best).max(class);
        }
        *has_day.entry(row.order).or_insert(false) |= row.day > 1;
    }
    let (mut gross, mut returns) = (0, 0);
    let mut bought = std::collections::BTreeSet::new();
    for row in rows {
        let unreadable = row.day == 1 || (20..30).contains(&row.cents);
        let no_day = row.day == 0 && !has_day[&row.order];
        let class = match row.status {
            2 => first_status.get(&row.order).copied().unwrap_or(0),
            _ => class(row),
        };
        if unreadable || no_day || class > 0 {
            continue;
        }
        let cents = if row.cents < 20 { 0 } else { i64::from(row.cents) };
        let amount = i64::from(row.quantity) * cents;
        if amount > 0 {
            gross += amount;
            let person = if row.customer < 2 { None } else { Some(row.customer) };
            let inherited = rows
                .iter()
                .find(|r| r.order == row.order && r.customer > 1)
                .map(|r| r.customer);
            bought.insert((row.order, person.or(inherited)));
        } else {
            returns += amount;
        }
    }
    (gross, returns, bought.len() as u64)
}

/// 0 for an order, weightier states above.
fn class(row: &Row) -> u8 {
    match row.status {
        1 => 3,
        3 => 1,
        4 => 4,
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn rows_in_are_rows_used_and_set_aside_and_money_adds_up(
        rows in rows(), repeated: bool
    ) {
        let lines: Vec<String> = rows.iter().map(line).collect();
        if let Ok(resolved) = whole(&lines, repeated) {
            rows_and_money_add_up(&resolved);
        }
    }

    #[test]
    fn sums_are_those_of_the_definition(rows in rows()) {
        let lines: Vec<String> = rows.iter().map(line).collect();
        let (gross, returns, orders) = by_definition(&rows);
        match whole(&lines, false) {
            Ok(Resolved { ledger, .. }) => {
                prop_assert_eq!(cents(&ledger.shop.exact.gross), gross);
                prop_assert_eq!(cents(&ledger.shop.exact.returns), returns);
                prop_assert_eq!(ledger.shop.orders, orders);
            }
            Err(error) if error.code() == "one-order" => prop_assert_eq!(orders, 1),
            Err(error) if error.code() == "no-usable-rows" => prop_assert_eq!(orders, 0),
            Err(error) => prop_assert_eq!(error.code(), "one-customer"),
        }
    }

    #[test]
    fn the_order_of_the_rows_changes_no_figure(
        (rows, shuffled) in rows().prop_flat_map(|rows| {
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
        repeated: bool,
    ) {
        let of = |rows: &[Row]| {
            let lines: Vec<String> = rows.iter().map(line).collect();
            whole(&lines, repeated).map(|r| figures(&r)).map_err(|e| e.code())
        };
        // Identities that contradict each other within one order are inherited
        // from the first row, so each order has one here.
        let one = |rows: Vec<Row>| -> Vec<Row> {
            rows.into_iter()
                .map(|r| Row { customer: if r.product == 0 { 0 } else { r.order % 6 }, ..r })
                .collect()
        };
        prop_assert_eq!(of(&one(rows)), of(&one(shuffled)));
    }

    #[test]
    fn cutting_the_file_changes_nothing(rows in rows(), at: prop::sample::Index) {
        let lines: Vec<String> = rows.iter().map(line).collect();
        let cut = at.index(lines.len());
        let one = whole(&lines, false);
        let parts = vec![read(&file(&lines[..cut])), read(&file(&lines[cut..]))];
        let two = load(parts, options(false), || u64::MAX);
        match (one, two) {
            (Ok(one), Ok(two)) => {
                // Each file speaks of its own rows: one of them may have none.
                let of = |resolved: &Resolved| {
                    let mut figures = figures(resolved);
                    figures["notices"] = Value::Null;
                    figures
                };
                prop_assert_eq!(of(&one), of(&two));
                prop_assert_eq!(one.orders.gross, two.orders.gross);
                prop_assert_eq!(one.orders.day, two.orders.day);
                prop_assert_eq!(one.orders.start, two.orders.start);
                let (a, b) = (one.orders.lines.unwrap(), two.orders.lines.unwrap());
                prop_assert_eq!(a.amount, b.amount);
                prop_assert_eq!(a.product, b.product);
            }
            (one, two) => prop_assert_eq!(one.err(), two.err()),
        }
    }

    #[test]
    fn slices_change_nothing(rows in rows(), budgets in prop::collection::vec(1_u64..5000, 1..9)) {
        let lines: Vec<String> = rows.iter().map(line).collect();
        let many: Vec<String> = lines.iter().cycle().take(9000).cloned().collect();
        let mut turn = 0;
        let sliced = load(vec![read(&file(&many))], options(false), || {
            turn += 1;
            budgets[turn % budgets.len()]
        });
        match (whole(&many, false), sliced) {
            (Ok(one), Ok(two)) => {
                prop_assert_eq!(json!(one.ledger), json!(two.ledger));
                prop_assert_eq!(one.orders.row, two.orders.row);
                prop_assert_eq!(one.orders.gross, two.orders.gross);
            }
            (one, two) => prop_assert_eq!(one.err(), two.err()),
        }
    }
}
