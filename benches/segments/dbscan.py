"""DBSCAN of scikit-learn on the log RFM of Online Retail: the figures that
tests/references/dense.rs holds ours against.

    python benches/segments/dbscan.py ../shared/data/online-retail/online_retail.csv

The points are those of retail.py. Cores, noise and the cores of each group follow from
the definition; a point at the border of two groups may go to either, so the sizes are
printed with every such point in the group of its nearest core.
"""

import sys

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN
from sklearn.neighbors import NearestNeighbors

from retail import points

points, as_of = points(sys.argv[1])
print("scikit-learn", sklearn.__version__, "customers", len(points), "as of", as_of.date())
for eps, least in [(0.1, 6), (0.15, 6), (0.2, 6), (0.2, 12), (0.3, 6), (0.5, 10)]:
    found = DBSCAN(eps=eps, min_samples=least).fit(points)
    core = found.core_sample_indices_
    groups = found.labels_.max() + 1
    cores = sorted(np.bincount(found.labels_[core], minlength=groups).tolist(), reverse=True)
    near = NearestNeighbors(n_neighbors=1).fit(points[core])
    distance, index = near.kneighbors(points)
    member = distance[:, 0] <= eps
    sizes = sorted(np.bincount(found.labels_[core][index[member, 0]], minlength=groups).tolist(), reverse=True)
    noise = int((found.labels_ == -1).sum())
    assert noise == int((~member).sum())
    print(eps, least, "groups", groups, "cores", len(core), "noise", noise, "cores by group", cores[:8], "sizes", sizes[:8])
