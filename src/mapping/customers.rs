//! Tables of one row a customer: their columns by name, as shops, mailing systems
//! and analysts call them (RFM tables, x, t_x and T of Fader and Hardie).

use super::alias::{alias, is_personal};
use super::values::Shape;
use super::{MappingEntry, Role};

/// How sure the names of such a table make it.
pub(crate) const SURE: f64 = 0.85;

/// Names by role, in the form of [`key`](super::key), preferred ones first.
const NAMES: &[(Role, &str)] = &[
    (
        Role::FirstOrder,
        "firstorder firstorderdate firstorderat firstorderon firstorderday dateoffirstorder \
         firstpurchase firstpurchasedate firstpurchaseat firstpurchaseday dateoffirstpurchase \
         firstinvoicedate firsttransaction firsttransactiondate firstsale firstsaledate \
         firstpaymentdate firstbuy firstbought firstbookingdate customerfirstorderdate \
         firstdate firstday initialpurchasedate 首次购买时间 首次购买日期 首次下单时间 首次下单日期 首单时间 \
         首单日期 首次消费时间 首次交易时间 首次成交时间 第一次购买时间 初回購入日 初回注文日 初回購入日時 \
         erstebestellung erstbestellung erstbestelldatum ersterkauf erstkauf datumerstebestellung \
         datumerstkauf premièrecommande premierecommande datepremièrecommande \
         datepremierecommande premierachat datepremierachat primerpedido fechaprimerpedido \
         primeracompra fechaprimeracompra primoordine dataprimoordine primeiropedido",
    ),
    (
        Role::LastOrder,
        "lastorder lastorderdate lastorderat lastorderon lastorderday dateoflastorder \
         latestorder latestorderdate mostrecentorder mostrecentorderdate lastpurchase \
         lastpurchasedate lastpurchaseat lastpurchaseday dateoflastpurchase latestpurchase \
         latestpurchasedate mostrecentpurchase mostrecentpurchasedate lastinvoicedate \
         lasttransaction lasttransactiondate lastsale lastsaledate lastpaymentdate lastbuy \
         lastbought lastbookingdate lastdate lastday customerlastorderdate 最近购买时间 最近购买日期 \
         最后购买时间 最后购买日期 最近下单时间 最后下单时间 最近消费时间 最后消费时间 上次购买时间 上次消费时间 \
         最近一次购买时间 最近一次交易时间 最后交易时间 上次交易时间 交易时间 最近成交时间 最終購入日 最終注文日 \
         最終購入日時 letztebestellung letztebestelldatum letztesbestelldatum letzterkauf \
         datumletztebestellung datumletzterkauf dernièrecommande dernierecommande \
         datedernièrecommande datedernierecommande dernierachat datedernierachat últimopedido \
         ultimopedido fechaúltimopedido fechaultimopedido últimacompra ultimacompra \
         ultimoordine dataultimoordine últimopedidoem",
    ),
    (
        Role::OrderCount,
        "totalorders ordercount orderscount orders numberoforders numorders nborders norders \
         nbrorders nooforders #orders orders# lifetimeorders totalordercount totalorderscount \
         historicnumberoforders purchasecount numberofpurchases numpurchases totalpurchases \
         purchases numberoftransactions transactioncount totaltransactions transactions \
         ntransactions paymentcount invoicecount numberofinvoices bookings numberofbookings \
         ordersplaced customerordercount 订单数 订单数量 订单总数 总订单数 累计订单数 购买次数 下单次数 交易次数 \
         交易笔数 消费次数 成交次数 成交笔数 交易成功笔数 注文回数 購入回数 購入件数 累計注文回数 累計購入回数 \
         anzahlbestellungen bestellanzahl bestellungen anzahlderbestellungen anzahlkäufe \
         nombredecommandes nombrecommandes nbcommandes nbrecommandes commandes \
         númerodepedidos numerodepedidos totalpedidos pedidos numeroordini ordini",
    ),
    (
        Role::Amount,
        "totalspent totalspend amountspent lifetimespend lifetimespent lifetimerevenue \
         lifetimesales historiccustomerlifetimevalue totalrevenue totalsales netsales \
         totalnetsales totalamount totalordervalue totalpurchaseamount totalvalue \
         totalpaid moneyspent monetary monetaryamount netrevenue revenue sales spend spent \
         grosssales turnover totalvolume paymentvolume amount total ltv 累计消费金额 累计消费 累计金额 \
         累计成交金额 累计支付金额 累计购买金额 总消费金额 总消费 消费总额 消费金额 交易总额 交易金额 总交易额 成交总额 \
         购买总额 购买金额 累計購入金額 購入金額合計 購入総額 合計金額 購入金額 gesamtumsatz umsatzgesamt umsatz \
         gesamtausgaben bestellsumme totaldépensé totaldepense montanttotal chiffredaffaires \
         ca totalgastado gastototal importetotal totalspeso fatturato totalgasto",
    ),
    (
        Role::AverageAmount,
        "averageordervalue averageorder avgordervalue avgorder averagespend avgspend \
         averagepurchase averagepurchasevalue averagebasket averageamount aov meanordervalue \
         monetaryvalue zbar mx 平均订单金额 平均订单价 平均客单价 客单价 平均交易金额 平均購入金額 平均購入単価 \
         durchschnittlicherbestellwert bestellwertdurchschnitt paniermoyen \
         valormediodepedido ticketmedio valoremedio",
    ),
    (
        Role::DaysSince,
        "dayssincelastorder dayssincelastpurchase dayssinceorder dayssincepurchase recencydays \
         recencyday recencyindays daysrecency inactivedays dayssincelasttransaction recency \
         距上次购买天数 距上次消费天数 距今天数 最近购买天数 最終購入経過日数 tageseitletzterbestellung \
         joursdepuisdernièrecommande",
    ),
    (
        Role::RepeatCount,
        "repeatorders repeatpurchases repeatcount repeattransactions x px",
    ),
    (Role::FirstToLast, "tx firsttolast recencyweeks"),
    (Role::Age, "tcal customeraget ageweeks t age"),
    (
        Role::Refund,
        "refundedvolume totalrefunds totalrefunded refundedamount amountrefunded \
         退款总额 累计退款金额",
    ),
];

/// Names of the person, where [`alias`] does not know them.
const PERSON: &str = "id name customer client kunde cliente 姓名 客户名称 昵称 旺旺 username \
    customername fullname buyername 会员昵称 会员 氏名 お名前 cust";

/// The mapping of a table of one row a customer, where a file is one.
///
/// It names its people, hardly ever twice, and says how many orders each
/// placed beside their days or their money, or the day of the last one beside
/// their money; and it has no column of an order, a product or a price.
pub(crate) fn propose(keys: &[String], shapes: &[Shape]) -> Option<Vec<MappingEntry>> {
    let known = |column: usize| alias(&keys[column]).map(|(role, _)| role);
    let of_lines = |role: Role| {
        let lines = [Role::OrderId, Role::Product, Role::Quantity, Role::UnitPrice];
        lines.contains(&role) || role == Role::Label
    };
    let is_count = |column: usize| named(Role::OrderCount, &keys[column]).is_some();
    let line = |column: usize| {
        known(column).is_some_and(of_lines)
            && !is_count(column)
            && shapes[column].filled > 0
    };
    if (0..keys.len()).any(line) {
        return None;
    }
    let mut mapping: Vec<MappingEntry> = Vec::new();
    for &(role, _) in NAMES {
        let mut found: Vec<(usize, usize)> = (0..keys.len())
            .filter(|&c| shapes[c].filled > 0 && shapes[c].fits(role))
            .filter_map(|c| Some((named(role, &keys[c])?, c)))
            .collect();
        found.sort_unstable();
        if let Some(&(_, column)) = found.first() {
            mapping.push(MappingEntry::new(role, vec![column]));
        }
    }
    let column = |name: &str| keys.iter().position(|k| k == name);
    of_histories(&mut mapping, keys, shapes, &column);
    let has = |role: Role| mapping.iter().any(|entry| entry.role == role);
    let money = has(Role::Amount) || has(Role::AverageAmount);
    let days = Role::OF_CUSTOMERS[2..].iter().any(|&role| has(role));
    let counted = has(Role::OrderCount) || has(Role::RepeatCount);
    if !(counted && (days || money) || has(Role::LastOrder) && money) {
        return None;
    }
    let used = |column: usize| mapping.iter().any(|e| e.columns.contains(&column));
    let people = people(keys, shapes, &used);
    let once = |entry: &MappingEntry| {
        let shape = &shapes[entry.columns[0]];
        // Some systems list a customer twice; a row a month would be twelve times.
        shape.filled > 0 && shape.distinct * 3 >= shape.filled.min(shape.seen) * 2
    };
    if !people.iter().any(once) {
        return None;
    }
    let mut whole = people;
    whole.extend(mapping);
    for role in [Role::Country, Role::Channel, Role::Currency, Role::Referrer] {
        let fits = |&c: &usize| {
            known(c) == Some(role)
                && shapes[c].filled > 0
                && shapes[c].fits(role)
                && !whole.iter().any(|e| e.columns.contains(&c))
        };
        if let Some(column) = (0..keys.len()).find(fits) {
            whole.push(MappingEntry::new(role, vec![column]));
        }
    }
    Some(whole)
}

/// The rank of a name within a role.
fn named(role: Role, key: &str) -> Option<usize> {
    let (_, names) = NAMES.iter().find(|(r, _)| *r == role)?;
    names.split_ascii_whitespace().position(|name| name == key)
}

/// `frequency` and `recency` mean repeat orders and the time between first and
/// last where the age T stands beside them, and orders and days since the last
/// one where it does not.
fn of_histories(
    mapping: &mut Vec<MappingEntry>,
    keys: &[String],
    shapes: &[Shape],
    column: &dyn Fn(&str) -> Option<usize>,
) {
    let number = |name: &str| column(name).filter(|&c| shapes[c].is_number);
    let (frequency, recency) = (number("frequency"), number("recency"));
    let has = |mapping: &[MappingEntry], role| mapping.iter().any(|e| e.role == role);
    let is_history = has(mapping, Role::Age)
        && (has(mapping, Role::FirstToLast) || frequency.is_some() && recency.is_some());
    let mut put = |role: Role, column: Option<usize>| {
        if let Some(column) = column
            && !mapping.iter().any(|e| e.role == role || e.columns.contains(&column))
        {
            mapping.push(MappingEntry::new(role, vec![column]));
        }
    };
    if is_history {
        put(Role::RepeatCount, frequency);
        let since = mapping.iter().position(|e| {
            e.role == Role::DaysSince && e.columns.iter().all(|&c| keys[c] == "recency")
        });
        if let Some(at) = since {
            mapping[at].role = Role::FirstToLast;
        }
        // "Monetary" beside a history is the mean of the repeat orders.
        let mean = column("monetary").filter(|_| !has(mapping, Role::AverageAmount));
        if let Some(entry) = mapping
            .iter_mut()
            .find(|e| e.role == Role::Amount && mean.is_some_and(|c| e.columns == [c]))
        {
            entry.role = Role::AverageAmount;
        }
        return;
    }
    put(Role::OrderCount, frequency);
    let of_histories = [Role::RepeatCount, Role::FirstToLast, Role::Age];
    mapping.retain(|entry| {
        !of_histories.contains(&entry.role)
            || entry.columns.iter().all(|&c| keys[c].starts_with("repeat"))
    });
    // A single figure of money called a value is the customer's own.
    let own = !has(mapping, Role::Amount);
    if let Some(entry) = mapping.iter_mut().find(|e| {
        own && e.role == Role::AverageAmount
            && e.columns.iter().all(|&c| keys[c] == "monetaryvalue")
    }) {
        entry.role = Role::Amount;
    }
    if !has(mapping, Role::LastOrder)
        && let Some(c) = column("recency").filter(|&c| shapes[c].is_date)
    {
        mapping.retain(|entry| !entry.columns.contains(&c));
        mapping.push(MappingEntry::new(Role::LastOrder, vec![c]));
    }
}

/// The columns that name the people: an id, e-mail addresses and telephone
/// numbers; a name where there is nothing else.
fn people(
    keys: &[String],
    shapes: &[Shape],
    used: &dyn Fn(usize) -> bool,
) -> Vec<MappingEntry> {
    let mut people = Vec::new();
    for role in [Role::CustomerId, Role::Email, Role::Phone] {
        let mut found: Vec<(usize, usize)> = (0..keys.len())
            .filter(|&c| !used(c) && shapes[c].filled > 0 && shapes[c].kept)
            .filter_map(|c| match alias(&keys[c]) {
                Some((r, rank)) if r == role && !is_personal(&keys[c]) => Some((rank, c)),
                _ => None,
            })
            .collect();
        found.sort_unstable();
        if let Some(&(_, column)) = found.first() {
            people.push(MappingEntry::new(role, vec![column]));
        }
    }
    if people.iter().any(|entry: &MappingEntry| entry.role != Role::Phone) {
        return people;
    }
    let other = PERSON
        .split_ascii_whitespace()
        .find_map(|name| (0..keys.len()).find(|&c| keys[c] == name && !used(c)))
        // The number that an analyst's table has before its first named column.
        .or_else(|| (keys.first()?.is_empty() && !used(0)).then_some(0));
    if let Some(column) = other {
        people.insert(0, MappingEntry::new(Role::CustomerId, vec![column]));
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_written_in_the_form_in_which_names_are_compared() {
        for (role, names) in NAMES {
            let mut seen = std::collections::BTreeSet::new();
            for name in names.split_ascii_whitespace() {
                assert_eq!(super::super::key(name), name, "{role:?}");
                assert!(seen.insert(name), "{name} twice for {role:?}");
            }
        }
    }
}
