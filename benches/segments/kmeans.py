"""K-means of scikit-learn on the log RFM of Online Retail: the figures that
tests/references/cluster.rs holds ours against, and the time of one restart.

    python benches/segments/kmeans.py ../shared/data/online-retail/online_retail.csv

The points are those of retail.py. The points to be timed are drawn with NumPy's PCG64, seed 1:
five clouds of 20,000 points around centres in a cube of side 10.
"""

import sys
import time

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from retail import points

points, as_of = points(sys.argv[1])
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
