//! The words of the mapping: roles, kinds, questions, and what was found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::message::{Message, Params};
use crate::orders::LoadSettings;

/// What a column says of an order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// The shop's own number or name of the customer.
    CustomerId,
    /// The customer's e-mail address.
    Email,
    /// The customer's telephone number.
    Phone,
    /// The order, invoice or basket.
    OrderId,
    /// The day (and time) of the order.
    OrderDate,
    /// The time of day, where it has a column of its own.
    OrderTime,
    /// Money of the order or of the line, before refunds.
    Amount,
    /// The amount after refunds; a second column is the amount it adjusts.
    AdjustedAmount,
    /// Pieces of a line.
    Quantity,
    /// Price of one piece.
    UnitPrice,
    /// The item.
    Product,
    /// The item's category.
    Category,
    /// Money given back, as a column of the order, positive or negative.
    Refund,
    /// Whether this is an order at all: paid, cancelled, test.
    Status,
    /// The currency of the money.
    Currency,
    /// Where the order came from.
    Channel,
    /// Where the order went.
    Country,
    /// Who brought the customer: a person, or a code of one.
    Referrer,
    /// The discount code or discount.
    Discount,
    /// What the line or order cost the shop.
    Cost,
    /// Whether the customer may be written to.
    Consent,
    /// Why something was returned or cancelled.
    Reason,
    /// Whether something was found to be fraud.
    Fraud,
    /// Whether the customer has churned, in a labelled table.
    Label,
    /// The day of the customer's first order, in a table of one row a customer.
    FirstOrder,
    /// The day of the customer's last order.
    LastOrder,
    /// How many orders the customer placed.
    OrderCount,
    /// How many of them came after the first (x).
    RepeatCount,
    /// What an order of the customer is worth on average.
    AverageAmount,
    /// Days since the customer's last order.
    DaysSince,
    /// Time from the first order to the last (t_x).
    FirstToLast,
    /// Time since the first order (T).
    Age,
    /// Any other category.
    Attribute,
}

impl Role {
    /// The role as it crosses to JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            Role::CustomerId => "customerId",
            Role::Email => "email",
            Role::Phone => "phone",
            Role::OrderId => "orderId",
            Role::OrderDate => "orderDate",
            Role::OrderTime => "orderTime",
            Role::Amount => "amount",
            Role::AdjustedAmount => "adjustedAmount",
            Role::Quantity => "quantity",
            Role::UnitPrice => "unitPrice",
            Role::Product => "product",
            Role::Category => "category",
            Role::Refund => "refund",
            Role::Status => "status",
            Role::Currency => "currency",
            Role::Channel => "channel",
            Role::Country => "country",
            Role::Referrer => "referrer",
            Role::Discount => "discount",
            Role::Cost => "cost",
            Role::Consent => "consent",
            Role::Reason => "reason",
            Role::Fraud => "fraud",
            Role::Label => "label",
            Role::FirstOrder => "firstOrder",
            Role::LastOrder => "lastOrder",
            Role::OrderCount => "orderCount",
            Role::RepeatCount => "repeatCount",
            Role::AverageAmount => "averageAmount",
            Role::DaysSince => "daysSince",
            Role::FirstToLast => "firstToLast",
            Role::Age => "age",
            Role::Attribute => "attribute",
        }
    }

    /// Whether cells of this role are read as numbers.
    pub fn is_number(self) -> bool {
        matches!(
            self,
            Role::Amount
                | Role::AdjustedAmount
                | Role::Quantity
                | Role::UnitPrice
                | Role::Refund
                | Role::Cost
                | Role::OrderCount
                | Role::RepeatCount
                | Role::AverageAmount
                | Role::DaysSince
                | Role::FirstToLast
                | Role::Age
        )
    }

    /// Whether cells of this role are read as days.
    pub fn is_date(self) -> bool {
        matches!(self, Role::OrderDate | Role::FirstOrder | Role::LastOrder)
    }

    /// The roles by which a table of one row a customer is known.
    pub const OF_CUSTOMERS: [Role; 6] = [
        Role::OrderCount,
        Role::RepeatCount,
        Role::FirstOrder,
        Role::LastOrder,
        Role::DaysSince,
        Role::FirstToLast,
    ];
}

/// How several columns of one role make one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    /// The first that is present. What holds where no rule is given.
    Coalesce,
    /// All that are present, joined by a blank.
    Join,
    /// The first less all others: an amount less its discounts.
    Subtract,
    /// The first where it names a value of the second, else the second: an order
    /// id, where refunds refer to the row that they give back.
    Link,
    /// Each column is a product of its own: a basket a row.
    Each,
}

/// One role and the columns that fill it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingEntry {
    /// What the columns mean.
    pub role: Role,
    /// 0-based column indexes, in the order in which they are tried.
    pub columns: Vec<usize>,
    /// How several columns make one value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
}

impl MappingEntry {
    /// A role filled by columns, without a rule.
    pub fn new(role: Role, columns: Vec<usize>) -> MappingEntry {
        MappingEntry { role, columns, rule: None }
    }
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Orders, or lines of orders.
    #[default]
    Orders,
    /// One row a customer: first, last, count, money.
    Customers,
    /// One row a customer with features, labelled or not.
    Table,
    /// Customers counted by cohort and period.
    Cohorts,
    /// Invoices of a subscription.
    Invoices,
    /// Service tickets.
    Tickets,
    /// Answers to a survey.
    Survey,
    /// Addresses to write to.
    Contacts,
    /// What was bought together, without days.
    Baskets,
}

/// A column as it was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundColumn {
    /// 0-based.
    pub index: usize,
    /// As in the header; `column 3` where there is no header.
    pub name: String,
    /// `text`, `number`, `date` or `empty`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The role that is proposed.
    pub role: Option<Role>,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// Up to five distinct values as written.
    pub samples: Vec<String>,
    /// Rows with a value.
    pub filled: u64,
    /// How its days or numbers are read, where they can be read otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_as: Option<ReadAs>,
}

/// How the cells of a mapped column are read, and how else they can be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReadAs {
    /// The key in `answers` by which another reading is chosen.
    pub id: String,
    /// The reading that is chosen.
    pub chosen: String,
    /// All that read some of the cells, with what they come to.
    pub choices: Vec<Choice>,
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// What `answers` must hold to choose this.
    pub value: String,
    /// What choosing it means.
    #[serde(flatten)]
    pub message: Message,
}

/// Something that the file truly leaves open.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// The key of the answer in `answers`.
    pub id: String,
    /// What is asked.
    pub code: &'static str,
    /// What the sentence is about.
    pub params: Params,
    /// The possible answers, the likelier first.
    pub choices: Vec<Choice>,
}

/// The first rows as they were read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Preview {
    /// The header as written, where the file has one; its names as they are used
    /// are those of the columns.
    pub header: Option<Vec<String>>,
    /// Rows of fields.
    pub rows: Vec<Vec<String>>,
}

/// How a file is to be read, where the user said so: options of `inspect`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct How {
    /// Such as `gbk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// As in [`Found`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// One character, or empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// Whether the first row of the table names the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
}

/// What was decided of an earlier file, by the columns of this one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recalled {
    /// The file is to be read so first; mapping and answers come with the file
    /// that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<How>,
    /// How many files of different layouts it was decided of: the mapping holds
    /// for these, loaded together.
    pub files: usize,
    /// Roles and columns.
    pub mapping: Vec<MappingEntry>,
    /// Answers to the questions, by id.
    pub answers: Answers,
    /// The currency that was chosen, if one was.
    pub currency: Option<String>,
    /// The switches of reading.
    pub settings: LoadSettings,
    /// The name of the shop's time zone, if one was said.
    pub zone: Option<String>,
}

/// What was understood of a file, before anything is counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Handle of the reading inside the workspace; given by the workspace.
    pub id: u32,
    /// What kind of file it is.
    pub kind: Kind,
    /// Such as `utf-8`.
    pub encoding: String,
    /// `,` `;` TAB `|` or `blanks`.
    pub delimiter: String,
    /// Whether the file names its columns.
    pub header: bool,
    /// Such as `shopify-orders`.
    pub platform: Option<&'static str>,
    /// Rows of data.
    pub rows: u64,
    /// Bytes read.
    pub bytes: u64,
    /// All columns of the file.
    pub columns: Vec<FoundColumn>,
    /// The mapping that is proposed.
    pub mapping: Vec<MappingEntry>,
    /// What must be answered before the file can be loaded.
    pub questions: Vec<Question>,
    /// What was noticed.
    pub notices: Vec<Message>,
    /// What was understood, in sentences.
    pub understood: Vec<Message>,
    /// The first rows.
    pub preview: Preview,
    /// What was decided of an earlier file with the same columns, where the
    /// settings of one were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recalled: Option<Recalled>,
}

/// The answers to questions, by the question's id.
pub type Answers = BTreeMap<String, String>;
