"""The peer of run.js: Python's lifetimes on the same histories, times in weeks.

    peer.py FILE MODEL REPEATS HORIZON_WEEKS

FILE holds three columns of int32 one after another: frequency, recency and age in
days. Prints one JSON object. `lifetimes` groups nothing by itself: its rows are the
customers, as its documentation has it.
"""

import json
import sys
import time
import warnings

import numpy as np
from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter
from lifetimes import __version__ as version

warnings.filterwarnings("ignore")
np.seterr(all="ignore")

file, model, repeats, horizon = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
frequency, recency, age = np.fromfile(file, dtype=np.int32).reshape(3, -1).astype(float)
recency, age = recency / 7, age / 7
Fitter = {"bg-nbd": BetaGeoFitter, "mbg-nbd": ModifiedBetaGeoFitter, "pareto-nbd": ParetoNBDFitter}[model]

found = {"package": f"lifetimes {version}", "fit": [], "predict": []}
for _ in range(repeats):
    start = time.perf_counter()
    fitter = Fitter(penalizer_coef=0.0)
    try:
        fitter.fit(frequency, recency, age)
    except Exception as error:  # it gives up on some data: that is a finding
        found["failed"] = str(error).strip().split("\n")[-1]
        break
    found["fit"].append(time.perf_counter() - start)
    start = time.perf_counter()
    alive = fitter.conditional_probability_alive(frequency, recency, age)
    orders = fitter.conditional_expected_number_of_purchases_up_to_time(horizon, frequency, recency, age)
    found["predict"].append(time.perf_counter() - start)
    # What it keeps is the likelihood of scaled times: here it is that of the weeks given.
    theta = fitter.params_.to_numpy()
    theta = theta if model == "pareto-nbd" else np.log(theta)
    weights = np.ones_like(frequency)
    negative = fitter._negative_log_likelihood(theta, frequency, recency, age, weights, 0.0)
    # Of Pareto/NBD it gives the sum, of the others the mean.
    found["logLikelihood"] = -float(negative) * (1 if model == "pareto-nbd" else len(frequency))
    found["parameters"] = {name: float(value) for name, value in fitter.params_.items()}
    found["orders"] = float(np.nansum(orders))
print(json.dumps(found))
