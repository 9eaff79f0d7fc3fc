"""Writes token.csv, market.csv and expected.json: a market and a token made by a fixed seed, and what statsmodels says of them.

    python -m venv v && v/bin/pip install statsmodels==0.15.0 && v/bin/python expected.py

Nothing here shares a formula with the Go code: parameters and their errors come from OLS, the errors of abnormal returns from its
prediction intervals, and those of their sums from the whole covariance matrix.
"""

import csv
import datetime
import json
import math
import os
import random

import numpy as np
import statsmodels.api as sm
from scipy import stats

here = os.path.dirname(os.path.abspath(__file__))
EVENT, ESTIMATION, WINDOW, DAYS = 130, (-120, -11), (-10, 10), 150
FIRST = datetime.date(2025, 9, 1)


def generate():
    draw = random.Random(20260131)
    market, token = [2000.0], [17.5]
    for day in range(1, DAYS):
        m = draw.gauss(0.0005, 0.03)
        r = 0.0011 + 1.35 * m + draw.gauss(0, 0.025) + {EVENT: 0.12, EVENT + 1: 0.05}.get(day, 0)
        market.append(market[-1] * math.exp(m))
        token.append(token[-1] * math.exp(r))
    for name, header, prices, digits in ("token", "price", token, 6), ("market", "close", market, 2):
        with open(os.path.join(here, name + ".csv"), "w", newline="") as f:
            w = csv.writer(f, lineterminator="\n")
            w.writerow(("date", header))
            for day, price in enumerate(prices):
                w.writerow((FIRST + datetime.timedelta(day), f"{price:.{digits}f}"))


def prices(name):
    with open(os.path.join(here, name + ".csv")) as f:
        return np.array([float(row["price" if name == "token" else "close"]) for row in csv.DictReader(f)])


def returns(p, kind):
    r = np.diff(np.log(p)) if kind == "log" else np.diff(p) / p[:-1]
    return np.concatenate(([np.nan], r))  # r[i] ends at price i


def estimate(value, se, df):
    t = value / se
    return {"value": float(value), "se": float(se), "t": float(t), "p": float(2 * stats.t.sf(abs(t), df))}


def study(kind, model):
    r, m = returns(prices("token"), kind), returns(prices("market"), kind)
    before = slice(EVENT + ESTIMATION[0], EVENT + ESTIMATION[1] + 1)
    during = slice(EVENT + WINDOW[0], EVENT + WINDOW[1] + 1)
    rows = lambda s: np.column_stack([np.ones(s.stop - s.start)] + ([m[s]] if model == "market" else []))
    fit = sm.OLS(r[before], rows(before)).fit()
    prediction = fit.get_prediction(rows(during))
    abnormal = r[during] - prediction.predicted_mean
    covariance = fit.scale * np.eye(len(abnormal)) + rows(during) @ fit.cov_params() @ rows(during).T
    days = []
    for i in range(len(abnormal)):
        upto = np.array([1.0] * (i + 1) + [0.0] * (len(abnormal) - i - 1))
        days.append({
            "abnormal": estimate(abnormal[i], prediction.se_obs[i], fit.df_resid),
            "car": estimate(upto @ abnormal, math.sqrt(upto @ covariance @ upto), fit.df_resid),
        })
    parameters = [{"value": float(v), "se": float(s), "t": float(t), "p": float(p)}
                  for v, s, t, p in zip(fit.params, fit.bse, fit.tvalues, fit.pvalues)]
    return {
        "model": model, "returns": kind, "n": int(fit.nobs), "df": int(fit.df_resid), "alpha": parameters[0],
        "beta": parameters[1] if model == "market" else None, "r2": float(fit.rsquared) if model == "market" else None,
        "sigma": math.sqrt(fit.scale), "days": days,
    }


generate()
with open(os.path.join(here, "expected.json"), "w") as f:
    json.dump({
        "event": str(FIRST + datetime.timedelta(EVENT)),
        "estimation": "%d:%d" % ESTIMATION,
        "window": "%d:%d" % WINDOW,
        "studies": [study(kind, model) for kind in ("log", "simple") for model in ("market", "mean")],
    }, f, indent=1)
    f.write("\n")
