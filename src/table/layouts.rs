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
use crate::error::{Error, Result};
use crate::winback::consent::{Consent, consent};

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
    let (rows, ..) = query.rows(columns)?;
    let listed = match split {
        Some(split) => split.listed(columns, &rows),
        None => rows.iter().map(|&row| (row, 0)).collect(),
    };
    let all = split.is_some_and(|split| split.only.is_none());
    let contacts = Contacts::new(columns);
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

/// The addresses of those who may be written to.
#[derive(Clone, Debug)]
pub struct Contacts(Option<Vec<Consent>>);

impl Contacts {
    /// Looks who consented.
    pub fn new(columns: &CustomerColumns<'_>) -> Contacts {
        Contacts(consent(columns.orders, columns.customers))
    }

    /// Those of a file; `None` where it has no e-mail addresses.
    pub fn of(columns: &CustomerColumns<'_>) -> Option<Contacts> {
        let any = (0..columns.customers.len()).any(|c| columns.email(c).is_some());
        any.then(|| Contacts::new(columns))
    }

    /// A customer's e-mail address; none where the file has a column of consent and
    /// the customer did not give it.
    pub fn email<'a>(
        &self,
        columns: &CustomerColumns<'a>,
        c: usize,
    ) -> Option<Cow<'a, str>> {
        let given = |all: &Vec<Consent>| all[c] == Consent::Given;
        if self.0.as_ref().is_none_or(given) { columns.email(c) } else { None }
    }

    /// Writes the address as a cell, empty where there is none.
    pub fn write(&self, csv: &mut Writer, columns: &CustomerColumns<'_>, c: usize) {
        csv.text(&self.email(columns, c).unwrap_or_default());
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
