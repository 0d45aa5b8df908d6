"""One restart of scikit-learn's k-means, k = 5, on the points that speed.mjs wrote.

    python benches/segments/kmeans_time.py points.f64
"""

import sys
import time

import numpy as np
from sklearn.cluster import KMeans

points = np.fromfile(sys.argv[1], dtype="<f8").reshape(-1, 3)
times = []
for seed in range(9):
    start = time.perf_counter()
    found = KMeans(n_clusters=5, n_init=1, random_state=seed).fit(points)
    times.append((time.perf_counter() - start) * 1000)
print(points.shape, f"median {np.median(times):.0f} ms a restart", [round(t) for t in times], found.n_iter_)
