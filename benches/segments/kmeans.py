"""K-means of scikit-learn on the log RFM of Online Retail: the figures that
tests/references/cluster.rs holds ours against, and the time of one restart.

    python benches/segments/kmeans.py ../shared/data/online-retail/online_retail.csv

Customers are those with a purchase; recency to the day after the last order, net
revenue below zero counts as zero; log(1 + value), then mean 0 and (population)
standard deviation 1. The points to be timed are drawn with NumPy's PCG64, seed 1:
five clouds of 20,000 points around centres in a cube of side 10.
"""

import sys
import time

import numpy as np
import pandas as pd
import sklearn
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

lines = pd.read_csv(sys.argv[1], dtype={"CustomerID": str, "InvoiceNo": str})
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
points = np.log1p(rfm)
points = (points - points.mean(axis=0)) / points.std(axis=0)
print("scikit-learn", sklearn.__version__, "customers", len(points), "as of", as_of.date())
for k in range(3, 9):
    found = KMeans(n_clusters=k, n_init=10, random_state=0).fit(points)
    print(k, f"{found.inertia_:.6f}", f"silhouette {silhouette_score(points, found.labels_):.6f}")

chance = np.random.Generator(np.random.PCG64(1))
centres = chance.uniform(0, 10, (5, 3))
clouds = np.concatenate([c + chance.normal(0, 1.5, (20_000, 3)) for c in centres])
times = []
for seed in range(7):
    start = time.perf_counter()
    found = KMeans(n_clusters=5, n_init=1, random_state=seed).fit(clouds)
    times.append((time.perf_counter() - start) * 1000)
    print("restart", seed, f"{times[-1]:.1f} ms", found.n_iter_, "iterations", f"{found.inertia_:.1f}")
print("median", f"{np.median(times):.1f} ms")
if len(sys.argv) > 2:
    clouds.astype("<f8").tofile(sys.argv[2])
