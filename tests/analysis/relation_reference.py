#!/usr/bin/env python3
"""Computes what relation_reference_test compares with, by scikit-learn, SciPy and statsmodels.

    relation_reference.py > relation_reference.json

Needs requirements.txt. Each case holds its data, so that no random generator must be matched.
"""

import json

import numpy as np
import statsmodels.api as sm
from scipy import stats
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import mean_absolute_error, precision_score, r2_score, recall_score, roc_auc_score
from statsmodels.stats.multitest import multipletests

SHORT_BELOW = 20
FOLDS = 5
Z = stats.norm.ppf(0.975)


def cases():
    random = np.random.default_rng(20261124)

    def lengths(n):
        return np.clip(np.round(np.exp(random.normal(2.9, 0.7, n))), 1, 79)

    x = lengths(400)
    yield "funnel", x, 14 + 0.02 * x + random.normal(0, 1, 400) * 6 / np.sqrt(x)
    x = lengths(300)
    yield "falling curve", x, 8 / x + random.normal(0, 0.05, 300)
    x = lengths(240)
    yield "parabola", x, 10 + 0.004 * (x - 30) ** 2 + random.normal(0, 0.1, 240)
    yield "ties everywhere", np.round(lengths(150) / 10), np.round(random.normal(9, 1, 150))
    yield "no relation", lengths(80), random.normal(9, 1, 80)
    yield "no ties", random.permutation(60) + 1.0, np.round(random.normal(9, 1, 60), 9)


def estimate(value, error=None, interval=None):
    return {"value": value, "standard_error": error,
            "interval": None if interval is None else list(interval)}


def jackknife(correlation, n, degrees_of_freedom):
    """The estimate of a correlation; `correlation(rows)` takes it of some rows."""
    rows = np.arange(n)
    r = correlation(rows)
    z = np.arctanh([correlation(np.delete(rows, i)) for i in rows])
    error = np.sqrt((n - 1) / n * np.sum((z - z.mean()) ** 2))
    reach = stats.t.ppf(0.975, degrees_of_freedom) * error
    return estimate(r, (1 - r * r) * error, np.tanh([np.arctanh(r) - reach, np.arctanh(r) + reach]))


def rank_correlations(x, y):
    spearman = jackknife(lambda rows: stats.spearmanr(x[rows], y[rows]).statistic, len(x), len(x) - 2)
    tau = lambda rows: stats.kendalltau(x[rows], y[rows], method="asymptotic")
    kendall = jackknife(lambda rows: tau(rows).statistic, len(x), len(x) - 2)
    return {"spearman": {"estimate": spearman, "p_value": stats.spearmanr(x, y).pvalue},
            "kendall": {"estimate": kendall, "p_value": tau(np.arange(len(x))).pvalue}}


def monotone(x, y):
    scores = {rising: r2_score(y, IsotonicRegression(increasing=rising).fit(x, y).predict(x))
              for rising in (True, False)}
    rising = bool(scores[True] >= scores[False])
    return {"increasing": rising, "r_squared": scores[rising]}


def mean_estimate(values):
    error = stats.sem(values)
    return estimate(values.mean(), error, (values.mean() - Z * error, values.mean() + Z * error))


def held_out(x, y):
    fold = np.arange(len(x)) % FOLDS
    guess, median, constant, constant_median = (np.empty(len(x)) for _ in range(4))
    for part in range(FOLDS):
        know = fold != part
        n = know.sum()
        bins = int(round(2 * np.cbrt(n)))
        ranks = stats.rankdata(y[know], method="min") - 1
        _, group = np.unique(np.floor(ranks * bins / n), return_inverse=True)
        members = [(x[know][group == g], y[know][group == g]) for g in range(group.max() + 1)]
        edges = [(a[1].max() + b[1].min()) / 2 for a, b in zip(members, members[1:])]
        bin_of = np.searchsorted(edges, y[~know], side="right")
        guess[~know] = np.array([m[0].mean() for m in members])[bin_of]
        median[~know] = np.array([np.median(m[0]) for m in members])[bin_of]
        constant[~know], constant_median[~know] = x[know].mean(), np.median(x[know])
    squared, constant_squared = (x - guess) ** 2, (x - constant) ** 2
    rest = squared.mean() / constant_squared.mean()
    error = np.sqrt(np.mean((squared - rest * constant_squared) ** 2) / len(x)) / constant_squared.mean()
    absolute = np.abs(x - median)
    assert np.isclose(absolute.mean(), mean_absolute_error(x, median))
    constant_absolute = np.abs(x - constant_median)
    return {"r_squared": estimate(1 - rest, error, (1 - rest - Z * error, min(1 - rest + Z * error, 1))),
            "absolute_error": mean_estimate(absolute), "constant_error": constant_absolute.mean(),
            "error_saved": mean_estimate(constant_absolute - absolute)}


def delong(positives, negatives):
    wins = (positives[:, None] > negatives) + 0.5 * (positives[:, None] == negatives)
    error = np.sqrt(wins.mean(1).var(ddof=1) / len(positives) + wins.mean(0).var(ddof=1) / len(negatives))
    area = roc_auc_score(np.r_[np.ones(len(positives)), np.zeros(len(negatives))],
                         np.r_[positives, negatives])
    logit = np.log(area / (1 - area))
    reach = Z * error / (area * (1 - area))
    return estimate(area, error, 1 / (1 + np.exp([reach - logit, -reach - logit])))


def threshold(x, y):
    """Learned on even rows by trying every interval, judged on odd ones."""
    short = x < SHORT_BELOW
    learn = np.arange(len(x)) % 2 == 0
    if len(set(short[learn])) < 2:
        return None
    values = np.unique(y[learn])
    best, low, high = 1e-12, -np.inf, np.inf
    for i, a in enumerate(values):
        for j in range(i, len(values)):
            inside = (y[learn] >= a) & (y[learn] <= values[j])
            informed = np.mean(inside[~short[learn]]) - np.mean(inside[short[learn]])
            if informed > best + 1e-12:
                best = informed
                low, high = a if i else -np.inf, values[j] if j + 1 < len(values) else np.inf
    score = np.maximum(low - y[~learn], y[~learn] - high)
    truth = short[~learn]
    return {"low": low if np.isfinite(low) else None, "high": high if np.isfinite(high) else None,
            "informed": best,
            "precision": precision_score(truth, score > 0), "recall": recall_score(truth, score > 0),
            "auc": delong(score[truth], score[~truth])}


def partial(x, y, covariates):
    design = sm.add_constant(covariates)
    left = lambda values, rows: sm.OLS(values[rows], design[rows]).fit().resid
    r = lambda rows: stats.pearsonr(left(x, rows), left(y, rows)).statistic
    full = sm.OLS(y, np.column_stack([design, x])).fit()
    free = len(x) - design.shape[1] - 1
    result = jackknife(r, len(x), free)
    t = full.tvalues[-1]
    assert np.isclose(result["value"], t / np.sqrt(t * t + free))
    return {"correlation": result, "p_value": full.pvalues[-1],
            "r_squared": 1 - full.ssr / sm.OLS(y, design).fit().ssr}


def bootstrap():
    random = np.random.default_rng(1)
    x = random.normal(size=25)
    y = np.round(x + random.exponential(size=25), 6)
    x = np.round(x, 6)
    r = lambda a, b: stats.pearsonr(a, b).statistic
    result = stats.bootstrap((x, y), r, paired=True, vectorized=False, n_resamples=499, method="BCa",
                             rng=random)
    return {"estimate": r(x, y), "replicates": sorted(result.bootstrap_distribution),
            "leave_one_out": [r(np.delete(x, i), np.delete(y, i)) for i in range(25)],
            "interval": list(result.confidence_interval)}


def main():
    random = np.random.default_rng(5)
    result = {}
    for name, x, y in cases():
        y = np.round(y, 6)
        covariates = np.round(np.column_stack([np.log(x + 1) + random.normal(size=len(x)),
                                               100 + y + random.normal(size=len(x)) * 3]), 4)
        result[name] = {"x": list(x), "y": list(y), "covariates": list(covariates.ravel()),
                        **rank_correlations(x, y), "monotone": monotone(x, y),
                        "held_out": held_out(x, y), "threshold": threshold(x, y),
                        "partial": partial(x, y, covariates)}
    p_values = [0.01, 0.04, 0.03, 0.005, 0.5, 0.04, 1, 0]
    print(json.dumps({"cases": result, "bootstrap": bootstrap(),
                      "holm": {"p_values": p_values,
                               "adjusted": list(multipletests(p_values, method="holm")[1])}},
                     default=float).replace('}, "', '},\n"'))


if __name__ == "__main__":
    main()
