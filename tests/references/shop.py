"""Cohort and period tables of Online Retail, counted with the standard library alone.

    python3 tests/references/shop.py ../shared/data/online-retail/online_retail.csv

Its output is kept in shop.txt, which cohorts.rs and describe.rs read. The rules, written here once more and
independently of the crate: an amount is Quantity x UnitPrice in exact decimals; an invoice with an
amount above zero is an order, on the day of its earliest row; other invoices with amounts are
credit notes; a customer belongs to the month (week, quarter) of the first order. A returned row
belongs to the customer's latest earlier order with a purchase of the same product, else to the
latest earlier order, else to the first period.
"""

import csv
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal

invoices = {}
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for number, row in enumerate(csv.DictReader(file)):
        amount = int(row["Quantity"]) * Decimal(row["UnitPrice"])
        if amount == 0:
            continue
        moment = row["InvoiceDate"]
        invoice = invoices.setdefault(row["InvoiceNo"], {"rows": [], "customer": "", "moment": moment, "place": number})
        invoice["moment"] = min(invoice["moment"], moment)
        invoice["customer"] = invoice["customer"] or row["CustomerID"].split(".")[0]
        invoice["rows"].append((row["StockCode"], amount))

for invoice in invoices.values():
    invoice["day"] = date.fromisoformat(invoice["moment"][:10])
    invoice["gross"] = sum((a for _, a in invoice["rows"] if a > 0), Decimal(0))
    invoice["net"] = sum((a for _, a in invoice["rows"]), Decimal(0))
    invoice["order"] = invoice["gross"] > 0

by_customer = defaultdict(list)
for invoice in invoices.values():
    if invoice["customer"]:
        by_customer[invoice["customer"]].append(invoice)
for own in by_customer.values():
    own.sort(key=lambda i: (i["day"], i["moment"], i["place"]))

LAST = max(i["day"] for i in invoices.values())
FIRST = min(i["day"] for i in invoices.values())


def month(day):
    return day.year * 12 + day.month - 1


def week(day):
    return (day.toordinal() - 1) // 7


def quarter(day):
    return month(day) // 3


def table(period):
    """Members, active customers, orders, gross and returns by cohort and offset."""
    members = defaultdict(int)
    cells = defaultdict(lambda: [0, 0, Decimal(0), Decimal(0)])
    placed = {"product": 0, "order": 0, "alone": 0}
    for own in by_customer.values():
        orders = [i for i in own if i["order"]]
        if not orders:
            continue
        base = period(orders[0]["day"])
        members[base] += 1
        active = set()
        for place, invoice in enumerate(own):
            if invoice["order"]:
                offset = period(invoice["day"]) - base
                cell = cells[base, offset]
                active.add(offset)
                cell[1] += 1
                cell[2] += invoice["gross"]
                cell[3] += invoice["net"] - invoice["gross"]
                continue
            earlier = [i for i in own[:place] if i["order"]]
            left = invoice["net"]
            for product, amount in invoice["rows"]:
                if amount >= 0:
                    continue
                match = [i for i in earlier if any(p == product and a > 0 for p, a in i["rows"])]
                if match:
                    cells[base, max(0, period(match[-1]["day"]) - base)][3] += amount
                    left -= amount
            if left == 0 and earlier:
                placed["product"] += 1
            elif earlier:
                placed["order"] += 1
            else:
                placed["alone"] += 1
            if left:
                cells[base, max(0, period(earlier[-1]["day"]) - base) if earlier else 0][3] += left
        for offset in active:
            cells[base, offset][0] += 1
    return members, cells, placed


for name, period in [("month", month), ("quarter", quarter), ("week", week)]:
    members, cells, placed = table(period)
    end = period(LAST)
    print(name, "cohorts", len(members), "customers", sum(members.values()), "credit notes", placed)
    total = sum((c[2] + c[3] for c in cells.values()), Decimal(0))
    print("  net of all cells", total)
    for base in sorted(members)[: 13 if name != "week" else 2]:
        row = [cells[base, offset] for offset in range(end - base + 1)]
        print("  cohort", base, "size", members[base])
        print("    customers", [c[0] for c in row])
        print("    orders", [c[1] for c in row])
        print("    gross", [str(c[2]) for c in row])
        print("    returns", [str(c[3]) for c in row])

print("months of the shop: orders, gross, returns, customers, new, retained")
months = defaultdict(lambda: [0, Decimal(0), Decimal(0), set(), 0])
for invoice in invoices.values():
    cell = months[month(invoice["day"])]
    cell[0] += invoice["order"]
    cell[1] += invoice["gross"]
    cell[2] += invoice["net"] - invoice["gross"]
    if invoice["order"] and invoice["customer"]:
        cell[3].add(invoice["customer"])
first = {c: min((month(i["day"]) for i in own if i["order"]), default=None) for c, own in by_customer.items()}
for key in sorted(months):
    orders, gross, returns, buyers, _ = months[key]
    before = months[key - 1][3] if key - 1 in months else set()
    new = sum(1 for c in buyers if first[c] == key)
    print(f"  {key // 12}-{key % 12 + 1:02}", orders, gross, returns, len(buyers), new, len(buyers & before))
print("covered from", FIRST, "to", LAST)
