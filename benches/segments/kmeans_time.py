"""One restart of scikit-learn's k-means, k = 5, on the points that kmeans.js wrote.

    python benches/segments/kmeans_time.py points.f64

Prints the milliseconds of nine restarts as JSON.
"""

import json
import sys
import time

import numpy as np
from sklearn.cluster import KMeans

points = np.fromfile(sys.argv[1], dtype="<f8").reshape(-1, 3)
KMeans(n_clusters=5, n_init=1, random_state=99).fit(points[:1000])
times = []
for seed in range(9):
    start = time.perf_counter()
    KMeans(n_clusters=5, n_init=1, random_state=seed).fit(points)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps(times))
