"""Time of scikit-learn's histogram boosting on what `time.js` trains and scores.

    python benches/churn/time.py ../shared/data

Trained twice, once to be judged and once to score, on 40,000 descriptions by 16
features, as Regulars does; then 25,000 customers are scored.
"""

import sys
import time

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

import judge

d = judge.cdnow(sys.argv[1])
last = d.day.max()
x, y = [], []
for cut in (last - 180, last - 240):
    f = judge.features(d, cut)
    x.append(f)
    y.append(judge.outcome(d, cut, 180, f.index))
x, y = pd.concat(x).iloc[:40_000], np.concatenate(y)[:40_000]
score = judge.features(d, last)
score = pd.concat([score, score.iloc[:1430]])
for _ in range(3):
    start = time.perf_counter()
    HistGradientBoostingClassifier(random_state=0).fit(x, y).predict_proba(score)
    once = time.perf_counter() - start
    print(f"{len(score)} customers: fit and score once {once:.2f} s, with a second fit to judge {2 * once:.2f} s")
