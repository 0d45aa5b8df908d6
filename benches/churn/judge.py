"""Churn judged from outside, against scikit-learn.

    python benches/churn/judge.py ../shared/data scores.csv

`scores.csv` comes from `scores.js`. Outcomes are read off the raw files. The peers
are trained on 16 log features of each customer at cut-offs whose windows had ended
by the judged cut-off. Prints the AUC of each at each cut-off, the calibration error
before and after the drift of the base rate is taken off, and a paired bootstrap of
the mean difference to the best peer over identical customers.

Needs numpy, pandas and scikit-learn.
"""

import sys
import time

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

EPOCH = pd.Timestamp("1970-01-01")
DRAWS = 2000


def online(data):
    d = pd.read_csv(data + "/online-retail/online_retail.csv", dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": str}, parse_dates=["InvoiceDate"])
    d = d[d.CustomerID.notna()]
    d["amount"] = d.Quantity * d.UnitPrice
    d["day"] = (d.InvoiceDate.dt.normalize() - EPOCH).dt.days
    d["c"] = d.CustomerID.str.removesuffix(".0")
    return d[d.amount != 0].rename(columns={"InvoiceNo": "o", "StockCode": "p"})[["c", "o", "p", "day", "amount"]]


def cdnow(data):
    d = pd.read_csv(data + "/cdnow/CDNOW_master.txt", sep=r"\s+", skiprows=1, names=["c", "date", "cds", "amount"], dtype={"c": str})
    d["day"] = (pd.to_datetime(d.date, format="%Y%m%d") - EPOCH).dt.days
    d["o"] = d.c + "_" + d.day.astype(str)
    d["p"] = "x"
    return d[["c", "o", "p", "day", "amount"]]


SHOPS = {"online": online, "cdnow": cdnow}


def features(d, cut):
    """16 features of every customer with an order up to the cut-off, as log(1 + x)."""
    h = d[d.day <= cut]
    p = h[h.amount >= 0]
    orders = p.groupby(["c", "o"]).agg(day=("day", "min"), amount=("amount", "sum"), lines=("amount", "size")).reset_index()
    g = orders.groupby("c")
    f = pd.DataFrame({"recency": cut - g.day.max(), "orders": g.o.nunique(), "days": g.day.nunique(), "age": cut - g.day.min(), "gross": g.amount.sum(), "mean": g.amount.mean(), "largest": g.amount.max(), "lines": g.lines.sum()})
    f["products"] = p.groupby("c").p.nunique()
    f["returns"] = -(h[h.amount < 0].groupby("c").amount.sum()).reindex(f.index).fillna(0)
    for k in (30, 90, 180):
        lately = orders[orders.day > cut - k].groupby("c")
        f[f"orders{k}"] = lately.o.nunique().reindex(f.index).fillna(0)
        f[f"gross{k}"] = lately.amount.sum().reindex(f.index).fillna(0)
    f["gap"] = ((g.day.max() - g.day.min()) / (f.days - 1).clip(lower=1)).where(f.days > 1, f.age)
    f["overdue"] = f.recency / (f.gap + 1)
    return np.log1p(f.clip(lower=0))


def outcome(d, cut, window, customers):
    stayed = d[(d.amount >= 0) & (d.day > cut) & (d.day <= cut + window)].c.unique()
    return (~customers.isin(stayed)).astype(int)


def peers():
    return {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
        "boosting": HistGradientBoostingClassifier(max_iter=100, learning_rate=0.05, max_leaf_nodes=15, random_state=0),
        "boosting (defaults)": HistGradientBoostingClassifier(random_state=0),
        "forest": RandomForestClassifier(300, min_samples_leaf=20, random_state=0, n_jobs=1),
    }


def calibration(p, y):
    bins = np.minimum((p * 10).astype(int), 9)
    return sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any())


def without_drift(p, y):
    """The same after moving all log-odds to meet the rate of the outcomes; and what
    chance alone leaves of it, were these probabilities true."""
    odds = np.log(p / (1 - p))
    low, high = -10.0, 10.0
    for _ in range(60):
        by = (low + high) / 2
        if (1 / (1 + np.exp(-odds - by))).mean() < y.mean():
            low = by
        else:
            high = by
    moved = 1 / (1 + np.exp(-odds - low))
    draws = np.random.default_rng(0).random((200, len(p)))
    return calibration(moved, y), np.mean([calibration(moved, draw < moved) for draw in draws])


def fast_auc(rank_of, y, w):
    """AUC of weighted rows, given the dense rank of each score."""
    pos = np.bincount(rank_of, w * y, rank_of.max() + 1)
    neg = np.bincount(rank_of, w * (1 - y), rank_of.max() + 1)
    below = np.cumsum(neg) - neg
    return (pos * (below + neg / 2)).sum() / (pos.sum() * neg.sum())


def main(data, path):
    ours = pd.read_csv(path, dtype={"customer": str})
    rng = np.random.default_rng(0)
    for shop, cuts in ours.groupby("shop", sort=False):
        d = SHOPS[shop](data)
        judged, table, seconds = [], [], {}
        for cut_off, rows in cuts.groupby("cutOff", sort=False):
            window = int(rows.window.iloc[0])
            cut = (pd.Timestamp(cut_off) - EPOCH).days
            before = [cut - window - k * (window // 3) for k in range(3)]
            before = [c for c in before if c >= d.day.min() + window // 2]
            x = [features(d, c) for c in before]
            y = np.concatenate([outcome(d, c, window, f.index) for c, f in zip(before, x)])
            x = pd.concat(x)
            test = features(d, cut)
            truth = outcome(d, cut, window, test.index)
            scores = {"Regulars": rows.set_index("customer").churnProbability.reindex(test.index).to_numpy()}
            assert not np.isnan(scores["Regulars"]).any() and len(rows) == len(test)
            for name, peer in peers().items():
                start = time.perf_counter()
                scores[name] = peer.fit(x, y).predict_proba(test)[:, 1]
                seconds.setdefault(name, []).append(time.perf_counter() - start)
            scores["recency"] = test.recency.to_numpy()
            p = scores["Regulars"]
            judged.append((truth, scores))
            less, chance = without_drift(p, truth)
            table.append({"cut-off": cut_off, "customers": len(test), "rate": truth.mean(), **{n: roc_auc_score(truth, s) for n, s in scores.items()}, "PR-AUC": average_precision_score(truth, p), "ECE": calibration(p, truth), "ECE less drift": less, "by chance": chance})
        table = pd.DataFrame(table).set_index("cut-off")
        table.loc["mean"] = table.mean()
        print(f"\n{shop}, window of {window} days")
        print(table.to_string(float_format=lambda v: f"{v:.4f}"))
        names = list(peers())
        means = table.loc["mean", names]
        best = means.idxmax()
        differences = []
        prepared = [(y, [np.unique(s[n], return_inverse=True)[1] for n in ("Regulars", best)]) for y, s in judged]
        everyone = sorted(set().union(*[set(rows.customer) for _, rows in cuts.groupby("cutOff")]))
        place = {c: i for i, c in enumerate(everyone)}
        drawn = [np.array([place[c] for c in features(d, (pd.Timestamp(cut_off) - EPOCH).days).index]) for cut_off, _ in cuts.groupby("cutOff", sort=False)]
        for _ in range(DRAWS):
            # A customer is drawn at all cut-offs together.
            w = np.bincount(rng.integers(0, len(everyone), len(everyone)), minlength=len(everyone)).astype(float)
            differences.append(np.mean([fast_auc(a, y, w[at]) - fast_auc(b, y, w[at]) for (y, (a, b)), at in zip(prepared, drawn)]))
        low, high = np.quantile(differences, [0.025, 0.975])
        print(f"Regulars less {best} (the best peer at the mean): {table.loc['mean', 'Regulars'] - means[best]:+.4f}, 95 % of {DRAWS} paired bootstraps {low:+.4f} to {high:+.4f}")
        for other in names:
            print(f"  less {other}: {table.loc['mean', 'Regulars'] - means[other]:+.4f}; fit and score of the peer {np.mean(seconds[other]):.2f} s")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
