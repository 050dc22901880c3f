#!/usr/bin/env python3
"""Computes what probes_reference_test compares with, by scikit-learn and numpy.

    probes_reference.py > probes_reference.json

Needs requirements.txt. Each case holds its data, so that no random generator must be matched; the
vectors are float32 numbers.
"""

import json

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge, RidgeCV
from sklearn.metrics import log_loss
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer
from scipy import stats
from scipy.special import expit, softmax

PENALTIES = [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0]


def vectors(random, rows, columns):
    scale = np.exp(random.normal(size=columns))
    return np.float32(np.round(random.normal(1, 1, (rows, columns)) * scale, 3))


def ridge_cases():
    random = np.random.default_rng(11)
    for name, rows, columns, noise in [("tall", 90, 6, 1.0), ("square", 30, 30, 2.0),
                                       ("wide", 25, 40, 3.0), ("far from zero", 60, 5, 0.3)]:
        x = vectors(random, rows, columns)
        y = np.round(x.astype(float)[:, :3] @ [1, -2, 0.5] + noise * random.normal(size=rows), 4)
        yield name, x + np.float32(64 * (name == "far from zero")), y + 20
    x = vectors(random, 50, 4)
    x = np.column_stack([x, x[:, 0], 2 * x[:, 1], np.full(50, 3, np.float32)])
    yield "collinear", x, np.round(x[:, 1] + random.normal(size=50), 4)


def ridge(x, y):
    x = x.astype(float)
    n = len(y)
    scores = []
    for penalty in PENALTIES:
        model = Ridge(penalty, solver="svd").fit(x, y)
        left = x - x.mean(0)
        singular = np.linalg.svd(left, compute_uv=False)
        trace = 1 + np.sum(singular**2 / (singular**2 + penalty))
        scores.append(np.mean((y - model.predict(x)) ** 2) / (1 - trace / n) ** 2)
    best = int(np.argmin(scores))
    model = Ridge(PENALTIES[best], solver="svd").fit(x, y)
    left_out = RidgeCV(PENALTIES).fit(x, y)
    return {"penalty": PENALTIES[best], "score": scores[best], "coefficients": list(model.coef_),
            "intercept": model.intercept_, "scikit_learn_penalty": left_out.alpha_,
            "scikit_learn_coefficients": list(left_out.coef_)}


def logistic():
    random = np.random.default_rng(12)
    x = np.float32(np.round(random.normal(size=(150, 5)), 3))
    label = np.argmax(x.astype(float) @ random.normal(size=(5, 4)) + random.gumbel(size=(150, 4)), 1)
    cases = []
    for penalty in (1e-3, 1e-1):
        model = LogisticRegression(C=1 / (150 * penalty), solver="newton-cg", tol=1e-13,
                                   max_iter=100000).fit(x.astype(float), label)
        cases.append({"penalty": penalty, "coefficients": list(model.coef_.ravel()),
                      "intercepts": list(model.intercept_), "classes": list(model.predict(x))})
    return {"rows": list(x.ravel()), "columns": 5, "labels": list(label), "cases": cases}


def mlp():
    """Gradient and five full-batch steps of Adam, in double precision."""
    random = np.random.default_rng(13)
    n, inputs, hidden, classes = 40, 3, 4, 3
    x = np.float32(np.round(random.normal(size=(n, inputs)), 3)).astype(float)
    label = random.integers(0, classes, n)
    mask = np.round(random.random((n, hidden)) > 0.3) * 1.25
    shapes = [(hidden, inputs), (hidden,), (classes, hidden), (classes,)]
    start = [np.float32(np.round(random.normal(size=s), 3)).astype(float) for s in shapes]

    def gradient(weights, mask=1.0):
        w1, b1, w2, b2 = weights
        a = expit((x @ w1.T + b1) * mask)
        p = softmax(a @ w2.T + b2, axis=1)
        d = (p - np.eye(classes)[label]) / n
        back = (d @ w2) * a * (1 - a) * mask
        return log_loss(label, p), [back.T @ x, back.sum(0), d.T @ a, d.sum(0)]

    flat = lambda parts: [float(v) for part in parts for v in part.ravel()]
    weights = [w.copy() for w in start]
    adam = AdamOptimizer(weights, learning_rate_init=1e-3)
    for _ in range(5):
        adam.update_params(weights, gradient(weights)[1])
    loss, slope = gradient(start)
    masked_loss, masked_slope = gradient(start, mask)
    return {"rows": list(x.ravel()), "labels": list(label), "inputs": inputs, "hidden": hidden,
            "classes": classes, "start": flat(start), "loss": loss, "gradient": flat(slope),
            "mask": list(mask.ravel()), "masked_loss": masked_loss, "masked_gradient": flat(masked_slope),
            "after_five_steps": flat(weights)}


def dimensions():
    random = np.random.default_rng(14)
    gamma, beta = np.exp(random.normal(size=12) / 2), random.normal(size=12)
    z = random.normal(size=(70, 12))
    z = (z - z.mean(1, keepdims=True)) / z.std(1, keepdims=True)
    beta = np.float32(beta)
    h = np.float32(gamma * z + beta)
    length = np.round(20 + 5 * h[:, 2].astype(float) ** 2 + random.normal(size=70), 2)
    wide, shift = h.astype(float), beta.astype(float)
    squared = (wide**2).sum(1)
    cov = lambda a, b: np.cov(a, b)[0, 1]
    scaled = wide - shift
    shares = np.array([cov(c**2, squared) for c in wide.T]) / squared.var(ddof=1)

    def relation(values):
        return {"r_squared": stats.pearsonr(length, values).statistic ** 2,
                "spearman": stats.spearmanr(length, values).statistic}

    order = np.argsort(-np.abs(shares), kind="stable")
    return {"vectors": list(h.ravel()), "columns": 12, "beta": list(beta), "property": list(length),
            "shares": list(shares),
            "scale_shares": [cov(c**2, squared) / squared.var(ddof=1) for c in scaled.T],
            "shift_shares": [cov(2 * b * c, squared) / squared.var(ddof=1) for b, c in zip(shift, scaled.T)],
            "property_parts": [cov(c**2, length) / squared.std(ddof=1) / length.std(ddof=1) for c in wide.T],
            "correlation": stats.pearsonr(squared, length).statistic,
            "means": list(wide.mean(0)), "standard_deviations": list(wide.std(0, ddof=1)),
            "whole": relation(np.sqrt(squared)),
            "centred": relation(np.linalg.norm(wide - wide.mean(0), axis=1)),
            "without": [{"left_out": k, "relation": relation(np.linalg.norm(np.delete(wide, order[:k], 1), axis=1))}
                        for k in (1, 2, 3, 5, 10)]}


def main():
    cases = {name: {"vectors": list(x.ravel()), "columns": x.shape[1], "property": list(y), **ridge(x, y)}
             for name, x, y in ridge_cases()}
    print(json.dumps({"ridge": cases, "penalties": PENALTIES, "logistic": logistic(), "mlp": mlp(),
                      "dimensions": dimensions()}, default=float).replace('}, "', '},\n"'))


if __name__ == "__main__":
    main()
