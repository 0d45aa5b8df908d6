//! Lists in the layouts that marketing systems take in.
//!
//! Klaviyo: list import ("Email" and properties). Mailchimp: audience import
//! ("Email Address", "Tags"). Shopify: customer import ("Email", "Tags"). Google
//! Ads customer match and Meta custom audiences: SHA-256 of the normalised e-mail,
//! in hexadecimal, computed here.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::Query;
use super::column::{CustomerColumn, CustomerColumns};
use super::csv::Writer;
use super::export::{Labels, label};
use super::split::Split;
use crate::calendar::Day;
use crate::error::{Error, Result};
use crate::mapping::consent::Consent;
use crate::orders::Orders;
use crate::winback::consent::of_everybody;

/// A system that a list is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// E-mail and properties of the profile.
    Klaviyo,
    /// E-mail and tags.
    Mailchimp,
    /// E-mail and tags of the customer.
    Shopify,
    /// Hashed e-mails, the dots of Gmail taken off.
    Google,
    /// Hashed e-mails.
    Meta,
}

impl Layout {
    /// The layout of a name.
    ///
    /// # Errors
    /// `unknown-layout`.
    pub fn parse(name: &str) -> Result<Layout> {
        match name {
            "klaviyo" => Ok(Layout::Klaviyo),
            "mailchimp" => Ok(Layout::Mailchimp),
            "shopify" => Ok(Layout::Shopify),
            "google" => Ok(Layout::Google),
            "meta" => Ok(Layout::Meta),
            _ => Err(Error::new("unknown-layout").with("layout", name)),
        }
    }
}

/// An e-mail address as Meta compares it: trimmed, lower case. `None` for what is
/// no address.
///
/// ```
/// use regulars::table::normal_email;
/// assert_eq!(normal_email(" Ann@Example.COM ").as_deref(), Some("ann@example.com"));
/// assert_eq!(normal_email("13085"), None);
/// ```
pub fn normal_email(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (name, host) = email.split_once('@')?;
    let sound = !name.is_empty() && host.contains('.') && !host.contains('@');
    let clean = !email.contains(|c: char| c.is_whitespace() || c == ',' || c == ';');
    (sound && clean).then_some(email)
}

/// The same as Google compares it: of Gmail addresses the dots do not count, what
/// follows a `+` does (Google Ads API, "Upload customer data": periods that precede the
/// domain name in gmail.com and googlemail.com are removed).
pub fn google_email(text: &str) -> Option<String> {
    let email = normal_email(text)?;
    let (name, host) = email.split_once('@')?;
    if host != "gmail.com" && host != "googlemail.com" {
        return Some(email);
    }
    Some(format!("{}@{host}", name.replace('.', "")))
}

/// SHA-256 in hexadecimal, lower case.
///
/// ```
/// // The example of Google's and Meta's documentation alike.
/// assert_eq!(
///     regulars::table::sha256("test@example.com"),
///     "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b",
/// );
/// ```
pub fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a list in a layout: those of the query whose e-mail is known and, where
/// the file has a column of consent, who consented. Of a divided list the group
/// that it asks for alone; where it asks for none, audiences to advertise to hold
/// the first group, and elsewhere the group is written.
///
/// # Errors
/// `layout-no-email` where no customer of the list has one, and those of the query.
pub fn layout_csv(
    columns: &CustomerColumns<'_>,
    query: &Query,
    layout: Layout,
    split: Option<&Split>,
    labels: &Labels,
) -> Result<Vec<u8>> {
    let rows = query.rows(columns)?.rows;
    let listed = match split {
        Some(split) => split.listed(columns, &rows),
        None => rows.iter().map(|&row| (row, 0)).collect(),
    };
    let all = split.is_some_and(|split| split.only.is_none());
    let contacts = Contacts::of(columns, false);
    let mut csv = Writer::file();
    let header: &[&str] = match layout {
        Layout::Klaviyo => {
            &["Email", "Segment", "RFM cell", "RFM method", "As of", "Group"]
        }
        Layout::Mailchimp => &["Email Address", "Tags"],
        Layout::Shopify => &["Email", "Tags"],
        Layout::Google => &["Email"],
        Layout::Meta => &["email"],
    };
    for name in header {
        csv.text(name);
    }
    csv.end();
    let mut written = 0;
    for (row, group) in listed {
        let c = row as usize;
        // An audience is the first group; the others are what it is compared with.
        if matches!(layout, Layout::Google | Layout::Meta) && all && group > 0 {
            continue;
        }
        let group = split.map_or("", |split| split.names[usize::from(group)].as_str());
        let Some(email) = contacts.email(columns, c).and_then(|text| match layout {
            Layout::Google => google_email(&text),
            _ => normal_email(&text),
        }) else {
            continue;
        };
        written += 1;
        let segment = columns.text(CustomerColumn::Segment, c);
        let segment = label(labels, &segment);
        let as_of = columns.customers.as_of;
        match layout {
            Layout::Klaviyo => {
                csv.text(&email).text(segment);
                csv.text(&columns.text(CustomerColumn::RfmCell, c));
                csv.text(&columns.text(CustomerColumn::Method, c)).plain(as_of);
                csv.text(group);
            }
            Layout::Mailchimp | Layout::Shopify => {
                let method = columns.text(CustomerColumn::Method, c);
                let plain = |text: &str| text.replace(',', " ");
                let mut tags = vec![plain(segment), format!("RFM {method} {as_of}")];
                tags.extend((!group.is_empty()).then(|| plain(group)));
                csv.text(&email).text(&tags.join(","));
            }
            Layout::Google | Layout::Meta => {
                csv.text(&sha256(&email));
            }
        }
        csv.end();
    }
    if written == 0 {
        return Err(Error::new("layout-no-email"));
    }
    Ok(csv.take())
}

/// Who may be written to, and so may be named by an address in a list.
#[derive(Clone, Debug)]
pub struct Contacts {
    /// Of everybody, by number; `None` where the file has no column of consent.
    consent: Option<Vec<Consent>>,
    /// Whether lists have a column of e-mail addresses.
    pub with_email: bool,
}

impl Contacts {
    /// Looks who consented.
    pub fn new(orders: &Orders, as_of: Day) -> Contacts {
        Contacts { consent: of_everybody(orders, as_of), with_email: false }
    }

    /// Those of a table, with a column of addresses where it is wanted and there are any.
    pub fn of(columns: &CustomerColumns<'_>, wanted: bool) -> Contacts {
        let mut any = 0..columns.customers.len();
        let with_email = wanted && any.any(|c| columns.email(c).is_some());
        Contacts { with_email, ..Contacts::new(columns.orders, columns.customers.as_of) }
    }

    /// Whether a customer may be written to.
    pub fn allowed(&self, number: u32) -> bool {
        let given = |all: &Vec<Consent>| all[number as usize] == Consent::Given;
        self.consent.as_ref().is_none_or(given)
    }

    /// A customer's e-mail address; none where the file has a column of consent and
    /// the customer did not give it.
    pub fn email<'a>(
        &self,
        columns: &CustomerColumns<'a>,
        c: usize,
    ) -> Option<Cow<'a, str>> {
        let allowed = self.allowed(columns.customers.number[c]);
        if allowed { columns.email(c) } else { None }
    }

    /// Writes the address as a cell, empty where there is none, if lists have such a column.
    pub fn write(&self, csv: &mut Writer, columns: &CustomerColumns<'_>, c: usize) {
        if self.with_email {
            csv.text(&self.email(columns, c).unwrap_or_default());
        }
    }

    /// Writes whom a row is of: the id, and `withheld` in place of an e-mail address or
    /// a telephone number of somebody who did not consent to be written to.
    pub fn name(&self, csv: &mut Writer, labels: &Labels, orders: &Orders, number: u32) {
        let id = orders.customers.text(number);
        let address = id.contains('@') || id.starts_with('+') || orders.by_phone;
        if address && !self.allowed(number) {
            csv.text(label(labels, "withheld"));
        } else {
            csv.text(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_brought_to_one_form() {
        assert_eq!(
            google_email(" J.o.e+shop@Gmail.com").as_deref(),
            Some("joe+shop@gmail.com")
        );
        assert_eq!(google_email("j.o@x.org").as_deref(), Some("j.o@x.org"));
        for wrong in ["", "a@b", "@x.org", "a b@x.org", "a@b@x.org", "+49 171"] {
            assert_eq!(normal_email(wrong), None, "{wrong}");
        }
    }
}
