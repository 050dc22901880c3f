#!/usr/bin/env python3
"""Computes what analysis_test compares with, by scikit-learn, SciPy, statsmodels and numpy.

    reference.py > reference.json

Needs requirements.txt. Each case holds its data, so that no random generator must be matched.
"""

import json

import numpy as np
import statsmodels.api as sm
from scipy import stats
from sklearn.linear_model import LinearRegression
from statsmodels.stats.proportion import proportion_confint

BAND_SHARE = 0.9
SHORT_BELOW = 20
NORM_BINS = 100
PROBABILITIES = [0, 0.001, 0.01, 0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975, 0.99, 0.999, 1]


def cases():
    random = np.random.default_rng(20261123)

    def lengths(n):
        return np.clip(np.round(np.exp(random.normal(2.9, 0.7, n))), 1, 79)

    x = lengths(600)
    yield "funnel", x, 14 + 0.02 * x + random.normal(0, 1, n := 600) * 6 / np.sqrt(x)
    x = lengths(600)
    yield "close line", x, 3 - 0.04 * x + random.normal(0, 0.05, n)
    x = lengths(600)
    yield "parabola", x, 10 + 0.004 * (x - 30) ** 2 + random.normal(0, 0.02, n)
    x = lengths(300)
    yield "far from zero", x, 1e6 + 1e-3 * x + random.normal(0, 1e-3, 300)
    x = lengths(45)
    yield "equal norms among them", x, np.round(12 + random.normal(0, 1, 45))
    yield "no relation", lengths(80), random.normal(9, 1, 80)
    yield "six", np.array([3.0, 5, 8, 13, 21, 34]), np.array([9.1, 8.7, 9.9, 8.2, 9.4, 9.0])


def estimate(value, error, interval):
    return {"value": value, "standard_error": error, "interval": list(interval)}


def r_squared(x, y):
    n = len(x)
    r = stats.pearsonr(x, y).statistic
    z = np.arctanh([stats.pearsonr(np.delete(x, i), np.delete(y, i)).statistic for i in range(n)])
    error = np.sqrt((n - 1) / n * np.sum((z - z.mean()) ** 2))
    reach = stats.t.ppf(0.975, n - 2) * error
    low, high = np.tanh([np.arctanh(r) - reach, np.arctanh(r) + reach])
    interval = sorted([low**2, high**2]) if low * high > 0 else [0, max(low**2, high**2)]
    line = LinearRegression().fit(x[:, None], y)
    return estimate(line.score(x[:, None], y), 2 * abs(r) * (1 - r * r) * error, interval)


def regression(x, y):
    # Far from zero the reference itself rounds at 1e-7; the data less a whole number are exact.
    offset = np.round(y.mean()) if abs(y.mean()) > 1e3 else 0
    y = y - offset
    line = LinearRegression().fit(x[:, None], y)
    robust = sm.OLS(y, sm.add_constant(x)).fit(cov_type="HC3", use_t=True)
    intervals = robust.conf_int()
    return {
        "intercept": estimate(line.intercept_ + offset, robust.bse[0], intervals[0] + offset),
        "slope": estimate(line.coef_[0], robust.bse[1], intervals[1]),
        "r_squared": r_squared(x, y),
    }


def correlation_ratio(values, groups):
    """As R² and adjusted R² of a regression on a dummy variable a group."""
    values = values - np.round(values.mean())
    distinct = np.unique(groups)
    dummies = (groups[:, None] == distinct).astype(float)
    ratio = {"groups": len(distinct)}
    if len(distinct) == len(values):
        return ratio | {"eta_squared": 1.0, "epsilon_squared": None}
    fit = sm.OLS(values, dummies, hasconst=True).fit()
    total, within = np.mean((values - values.mean()) ** 2), np.mean(fit.resid**2)
    influence = (values - values.mean()) ** 2 / total - fit.resid**2 / within
    n, k = len(values), len(distinct)
    error = np.sqrt(np.sum(influence**2) / n**2 + 2 * (k - 1) / (n - k) ** 2)
    rest = 1 - fit.rsquared_adj
    interval = np.clip([1 - rest * np.exp(1.959963984540054 * s * error) for s in (1, -1)], 0, 1)
    return ratio | {"eta_squared": fit.rsquared,
                    "epsilon_squared": estimate(max(fit.rsquared_adj, 0), rest * error, interval)}


def bins(values):
    count = min(NORM_BINS, len(values) // 10)
    ranks = stats.rankdata(values, method="min") - 1
    return np.floor(ranks * count / len(values)) if count >= 2 else None


def distribution(values):
    return {"mean": values.mean(), "standard_deviation": values.std(ddof=1),
            "quantiles": list(np.quantile(values, PROBABILITIES))}


def band(values):
    values = np.sort(values)
    held = int(np.ceil(round(BAND_SHARE * len(values), 9)))
    low, high = min(((values[i], values[i + held - 1]) for i in range(len(values) - held + 1)),
                    key=lambda ends: ends[1] - ends[0])
    return {"low": low, "high": high, "share": np.mean((values >= low) & (values <= high))}


def proportion(short):
    if len(short) == 0:
        return None
    low, high = proportion_confint(short.sum(), len(short), method="wilson")
    return {"count": len(short), "hits": int(short.sum()), "interval": [max(low, 0), min(high, 1)]}


def analysis(x, y):
    limits = band(y)
    short, above, below = x < SHORT_BELOW, y > limits["high"], y < limits["low"]
    binned = bins(y)
    return {
        "regression": regression(x, y),
        "norm_given_length": correlation_ratio(y, x),
        "length_given_norm": None if binned is None else correlation_ratio(x, binned),
        "norms": distribution(y),
        "lengths": distribution(x),
        "band": limits,
        "base_rate": proportion(short),
        "claims": [proportion(short[side]) for side in (above, below, above | below)],
    }


def main():
    print("{")
    parts = []
    for name, x, y in cases():
        y = np.round(y, 6)
        case = {"x": [int(v) for v in x], "y": list(y)} | analysis(x, y)
        parts.append(f"{json.dumps(name)}: {json.dumps(case, default=float)}")
    print(",\n".join(parts))
    print("}")


if __name__ == "__main__":
    main()
