"""Frequent sets and rules of groceries.csv by mlxtend, whose figures are in basket.rs.

    python tests/references/basket.py ../shared/data/basket/groceries.csv

Run with mlxtend 0.25.0, pandas and scipy (BSD-3-Clause). Items are the cells of a row without
the blanks around them, each counted once a basket.
"""

import sys

import pandas as pd
from mlxtend.frequent_patterns import apriori, association_rules
from mlxtend.preprocessing import TransactionEncoder
from scipy.stats import hypergeom

with open(sys.argv[1], encoding="utf-8") as file:
    baskets = [sorted({cell.strip() for cell in line.rstrip("\n").split(",")} - {""}) for line in file]
encoder = TransactionEncoder()
table = pd.DataFrame(encoder.fit_transform(baskets), columns=encoder.columns_)
sets = apriori(table, min_support=0.01, use_colnames=True)
print("baskets", len(baskets), "items", table.shape[1])
print("sets by size", sets.itemsets.map(len).value_counts().sort_index().to_dict())
rules = association_rules(sets, metric="confidence", min_threshold=0.2)
print("rules", len(rules))
n = len(baskets)
rules["antecedent"] = rules.antecedents.map(lambda s: " + ".join(sorted(s)))
rules["consequent"] = rules.consequents.map(lambda s: " + ".join(sorted(s)))
rules["p"] = [
    hypergeom.sf(round(row.support * n) - 1, n, round(row["antecedent support"] * n), round(row["consequent support"] * n))
    for _, row in rules.iterrows()
]
order = rules.p.rank(method="first").to_numpy()
by_p = rules.sort_values("p", ascending=False)
least, q = 1.0, {}
for place, (index, row) in enumerate(by_p.iterrows()):
    least = min(least, row.p * len(rules) / (len(rules) - place))
    q[index] = least
rules["q"] = pd.Series(q)
first = rules.sort_values(["lift", "antecedent", "consequent"], ascending=[False, True, True]).head(10)
for row in first.itertuples():
    print(
        f'("{row.antecedent}", "{row.consequent}", {round(row.support * n)}, {row.confidence!r}, '
        f"{row.lift!r}, {row.leverage!r}, {row.conviction!r}, {row.p!r}, {row.q!r}),"
    )
print("checksum of lifts", float(rules.lift.sum()), "of convictions", float(rules.conviction.sum()))
print("rules with q <= .05", int((rules.q <= 0.05).sum()))
