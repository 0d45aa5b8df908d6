//! Public data sets that analysts know and try first.

use super::Role::{
    Amount, Category, Cost, Country, CustomerId, Label, OrderDate, OrderId, OrderTime,
    Product, Quantity, Status, UnitPrice,
};
use super::Take::{All, One};
use super::{Kind, Platform};

/// In no order: the longest signature that fits wins.
pub(super) const SETS: &[Platform] = &[
    Platform {
        id: "online-retail",
        kind: Kind::Orders,
        signature: "invoiceno stockcode quantity invoicedate unitprice customerid",
        roles: ONLINE_RETAIL,
        notice: None,
    },
    Platform {
        id: "online-retail-ii",
        kind: Kind::Orders,
        signature: "invoice stockcode quantity invoicedate price customerid",
        roles: ONLINE_RETAIL,
        notice: None,
    },
    Platform {
        id: "olist",
        kind: Kind::Orders,
        signature: "orderid customerid orderstatus orderpurchasetimestamp orderitemid productid price",
        roles: &[
            (CustomerId, One, "customeruniqueid customerid"),
            (OrderId, One, "orderid"),
            (OrderDate, One, "orderpurchasetimestamp"),
            (Amount, One, "price"),
            (Product, One, "productid"),
            (Category, One, "productcategoryname"),
            (Status, One, "orderstatus"),
            (Country, One, "customerstate"),
        ],
        notice: None,
    },
    Platform {
        id: "olist-orders",
        kind: Kind::Orders,
        signature: "orderid customerid orderstatus orderpurchasetimestamp",
        roles: &[
            (CustomerId, One, "customeruniqueid customerid"),
            (OrderId, One, "orderid"),
            (OrderDate, One, "orderpurchasetimestamp"),
            (Amount, One, "price paymentvalue"),
            (Product, One, "productid"),
            (Category, One, "productcategoryname"),
            (Status, One, "orderstatus"),
            (Country, One, "customerstate"),
        ],
        notice: None,
    },
    Platform {
        id: "olist-items",
        kind: Kind::Table,
        signature: "orderid orderitemid productid sellerid price freightvalue",
        roles: &[
            (OrderId, One, "orderid"),
            (Product, One, "productid"),
            (Amount, One, "price"),
        ],
        notice: None,
    },
    Platform {
        id: "olist-payments",
        kind: Kind::Table,
        signature: "orderid paymentsequential paymenttype paymentvalue",
        roles: &[(OrderId, One, "orderid"), (Amount, One, "paymentvalue")],
        notice: None,
    },
    Platform {
        id: "olist-customers",
        kind: Kind::Contacts,
        signature: "customerid customeruniqueid customerzipcodeprefix",
        roles: &[(CustomerId, One, "customeruniqueid"), (Country, One, "customerstate")],
        notice: None,
    },
    Platform {
        id: "cdnow",
        kind: Kind::Orders,
        signature: "customerid date numberofcds dollarvalue",
        roles: &[
            (CustomerId, One, "customerid"),
            (OrderDate, One, "date"),
            (Amount, One, "dollarvalue"),
            (Quantity, One, "numberofcds"),
        ],
        notice: None,
    },
    Platform {
        id: "dunnhumby",
        kind: Kind::Orders,
        signature: "householdkey basketid day productid quantity salesvalue",
        roles: &[
            (CustomerId, One, "householdkey"),
            (OrderId, One, "basketid"),
            (OrderDate, One, "day"),
            (OrderTime, One, "transtime"),
            (Amount, One, "salesvalue"),
            (Quantity, One, "quantity"),
            (Product, One, "productid"),
        ],
        notice: None,
    },
    Platform {
        id: "ta-feng",
        kind: Kind::Orders,
        signature: "transactiondt customerid productsubclass productid amount salesprice",
        roles: &[
            (CustomerId, One, "customerid"),
            (OrderDate, One, "transactiondt"),
            (Amount, One, "salesprice"),
            (Quantity, One, "amount"),
            (Product, One, "productid"),
            (Category, One, "productsubclass"),
            (Cost, One, "asset"),
        ],
        notice: None,
    },
    Platform {
        id: "instacart-orders",
        kind: Kind::Table,
        signature: "orderid userid evalset ordernumber dayssincepriororder",
        roles: &[(OrderId, One, "orderid"), (CustomerId, One, "userid")],
        notice: None,
    },
    Platform {
        id: "telco-churn",
        kind: Kind::Table,
        signature: "customerid tenure monthlycharges totalcharges churn",
        roles: &[(CustomerId, One, "customerid"), (Label, One, "churn")],
        notice: None,
    },
];

const ONLINE_RETAIL: &[(super::Role, super::Take, &str)] = &[
    (CustomerId, One, "customerid"),
    (OrderId, One, "invoiceno invoice"),
    (OrderDate, One, "invoicedate"),
    (Quantity, One, "quantity"),
    (UnitPrice, One, "unitprice price"),
    (Product, All, "description stockcode"),
    (Country, One, "country"),
];
