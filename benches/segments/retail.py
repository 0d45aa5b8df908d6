"""The customers of Online Retail as points, for the scripts beside this one.

Customers are those with a purchase; recency to the day after the last order, net
revenue below zero counts as zero; log(1 + value), then mean 0 and (population)
standard deviation 1.
"""

import numpy as np
import pandas as pd


def points(path):
    """Log RFM of the customers, standardised, and the day of reckoning."""
    lines = pd.read_csv(path, dtype={"CustomerID": str, "InvoiceNo": str})
    lines["amount"] = (lines["Quantity"] * (lines["UnitPrice"] * 1000).round()) / 1000
    lines = lines[(lines["amount"] != 0) & lines["CustomerID"].notna()]
    lines["day"] = pd.to_datetime(lines["InvoiceDate"]).dt.normalize()
    orders = lines.assign(
        gross=lines["amount"].clip(lower=0),
        returned=lines["amount"].clip(upper=0),
    ).groupby(["CustomerID", "InvoiceNo"]).agg(
        day=("day", "min"), gross=("gross", "sum"), returned=("returned", "sum")
    ).reset_index()
    bought = orders[orders["gross"] > 0].groupby("CustomerID").agg(last=("day", "max"), orders=("day", "size"))
    net = orders.groupby("CustomerID")[["gross", "returned"]].sum().sum(axis=1)
    people = bought.join(net.rename("net"))
    as_of = orders.loc[orders["gross"] > 0, "day"].max() + pd.Timedelta(days=1)
    rfm = np.column_stack([
        (as_of - people["last"]).dt.days,
        people["orders"],
        people["net"].clip(lower=0),
    ]).astype(float)
    logs = np.log1p(rfm)
    return (logs - logs.mean(axis=0)) / logs.std(axis=0), as_of
