#!/usr/bin/env python3
"""Writes a run's folder as src/results/results.schema.json has it, of made-up numbers, everything that a
report can show in it and some sentences that try to do harm.

synthetic_run.py FOLDER [SENTENCES] [--layers N] [--plain]   (--plain: one relation, no probes, no dimensions)
"""

import argparse
import hashlib
import json
import math
import pathlib
import random

import pyarrow
import pyarrow.parquet

HOSTILE = [
    "<script>document.title = 'owned'; fetch('http://127.0.0.1:9/')</script>",
    "<img src=x onerror=\"document.title='owned'\"> </script><script>document.title='owned'</script>",
    "\"><svg onload=document.title='owned'> ' ` ${document.title='owned'} {{css}} <!-- <script> -->",
    "control \x00\x01\x1b[31m\x7f characters\r\nand\u2028lines",
    "\u202eright to left\u202c and \u2066isolates\u2069, \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "javascript:document.title='owned' [link](javascript:alert(1)) | a | table",
    "x" * (1 << 20),
    "狐 👍 combining e\u0301 \ufeff\ufffe end",
]
WORDS = "it is a truth universally acknowledged that man in possession of good fortune must be want wife".split()


def estimate(value, error=0.004):
    return {"value": value, "standard_error": error, "interval_95": [value - 2 * error, value + 2 * error]}


def estimate_99(value, error=0.004):
    return {"value": value, "standard_error": error, "interval_99": [value - 3 * error, value + 3 * error]}


def share(value, error=0.004):
    return {"value": value, "interval_95": [max(0, value - 2 * error), value + 2 * error]}


def proportion(count, short):
    share = short / count
    return {"count": count, "hits": short, "share": share,
            "interval_95": [max(0.0, share - 0.01), min(1.0, share + 0.01)]}


def quantiles(values, probabilities):
    ordered = sorted(values)
    return [{"probability": p, "value": ordered[round(p * (len(ordered) - 1))]} for p in probabilities]


def distribution(values):
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / max(len(values) - 1, 1))
    return {"mean": mean, "standard_deviation": deviation,
            "quantiles": quantiles(values, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])}


def fit(x, y):
    n = len(x)
    mx, my = sum(x) / n, sum(y) / n
    sxy = sum((a - mx) * (b - my) for a, b in zip(x, y))
    sxx = sum((a - mx) ** 2 for a in x)
    syy = sum((b - my) ** 2 for b in y)
    slope = sxy / sxx
    return {"slope": estimate(slope, abs(slope) / 20), "intercept": estimate(my - slope * mx),
            "r_squared": estimate(sxy * sxy / (sxx * syy))}


def funnel(x, y, bins=20):
    order = sorted(range(len(x)), key=x.__getitem__)
    result = []
    for b in range(bins):
        members = order[b * len(order) // bins:(b + 1) * len(order) // bins]
        xs, ys = [x[i] for i in members], [y[i] for i in members]
        described = distribution(ys)
        result.append({"low": min(xs), "high": max(xs), "count": len(members), "mean_property": sum(xs) / len(xs),
                       "mean": described["mean"], "standard_deviation": described["standard_deviation"],
                       "quantiles": quantiles(ys, [0.05, 0.25, 0.5, 0.75, 0.95])})
    return result


def ratio(value):
    return {"eta_squared": value, "epsilon_squared": estimate(value * 0.98), "groups": 79}


def relation(statistic, property_, x, y):
    x, y = zip(*((a, b) for a, b in zip(x, y) if a is not None))
    line = fit(x, y)
    r_squared = line["r_squared"]["value"]
    rho = math.copysign(math.sqrt(r_squared), line["slope"]["value"])
    return {
        "statistic": statistic, "property": property_, "sentences": len(x), "line": line,
        "bootstrap_r_squared": estimate(r_squared), "spearman": {**estimate(rho), "p_value": 1e-12},
        "kendall": {**estimate(0.7 * rho), "p_value": 2e-12},
        "monotone": {"increasing": rho > 0, "r_squared": min(1, 1.1 * r_squared)},
        "statistic_given_property": ratio(r_squared), "property_given_statistic": ratio(r_squared),
        "held_out": {"r_squared": estimate(r_squared - 0.01), "absolute_error": estimate(9.5, 0.1),
                     "constant_error": 12.25, "error_saved": estimate(2.75, 0.1)},
        "funnel": funnel(x, y),
        "threshold": {"low": 13.1, "high": None, "short_below": 20, "base_rate": proportion(5000, 2400),
                      "precision": proportion(900, 650), "recall": proportion(2400, 650), "auc": estimate(0.66)},
        "p_value_holm": 3e-11,
        "partial": {"given": ["mean_word_rank", "punctuation_share"], "covariates": 2, "correlation": estimate(0.9 * rho),
                    "r_squared": estimate(0.8 * r_squared), "p_value": 4e-9},
        "controls": {"sentences": 5000, "real": r_squared, "permuted": 0.0002, "measured": {
            "shuffled_words": {"r_squared": 0.8 * r_squared, "real_less_this": estimate(0.2 * r_squared)},
            "random_weights": {"r_squared": 0.1 * r_squared, "real_less_this": estimate(0.9 * r_squared)}}}}


def classifier(share):
    return {"accuracy": proportion(1000, round(1000 * share)), "validation_accuracy": share}


def ridge(value):
    return {"sentences": 10000, "r_squared": estimate(value), "absolute_error": 3.5, "constant_error": 12.25,
            "penalties": [0.1] * 5,
            "control": {"permutations": 20, "r_squared": -0.001, "selectivity": value + 0.001, "p_value": 1 / 21}}


def sentence_length(share):
    return {"train": 8000, "validation": 800, "logistic": classifier(share), "mlp": classifier(min(1, share + 0.03)),
            "penalty": 1e-4, "hidden": 50, "dropout": 0.0}


def probe(layer, readout, layers):
    value = 0.95 - 0.4 * (layer / layers) ** 2 - (0.1 if readout == "cls" else 0)
    control = {"ridge": {**ridge(value - 0.17), "control": None}, "sentence_length": sentence_length(0.6)}
    return {"layer": layer, "readout": readout, "sentences": 10000, "ridge": ridge(value),
            "sentence_length": sentence_length(0.9 - 0.3 * layer / layers),
            "norm_direction": {"sentences": 5000, "reruns": 50, "intact": estimate_99(value),
                               "norm_replaced": estimate_99(value - 0.02), "direction_replaced": estimate_99(0.05),
                               "both_replaced": estimate_99(0.0), "norm_loss": estimate_99(0.02),
                               "direction_loss": estimate_99(value - 0.05)},
            "controls": {"shuffled_words": control, "random_weights": {"ridge": ridge(0.4), "sentence_length": None}}}


def dimensions(count=384):
    weights = [0.3 / (1 + i) * (-1 if i in (3, 7) else 1) for i in range(count)]
    total = sum(weights)
    shares = [{"dimension": (i * 37) % count, "mean": 0.1, "standard_deviation": 0.2, "share": w / total,
               "scale_share": 0.8 * w / total, "shift_share": 0.2 * w / total, "property_part": 0.1 * w / total}
              for i, w in enumerate(weights)]
    return {"property_correlation": 0.031, "whole": {"r_squared": 0.001, "spearman": 0.02},
            "centred": {"r_squared": 0.002, "spearman": 0.03}, "shares": shares,
            "without": [{"left_out": k, "relation": {"r_squared": 0.001 * k, "spearman": 0.02 * k}} for k in (1, 2, 3, 5)]
            + [{"left_out": 10, "relation": None}]}


def variation(values, rounding):
    described = distribution(values)
    return {"mean": described["mean"], "standard_deviation": described["standard_deviation"],
            "coefficient_of_variation": described["standard_deviation"] / abs(described["mean"]), "rounding": rounding}


def seal(folder, results):
    """Writes results.json, as one that belongs to the measurements beside it."""
    digest = hashlib.sha256((folder / "measurements.parquet").read_bytes()).hexdigest()
    results["manifest"]["sha256"] = {"measurements.parquet": digest}
    (folder / "results.json").write_text(json.dumps(results, indent=2) + "\n")


def synthetic_run(folder, sentences=2000, layers=3, plain=False, seed=5, measured=None, rounding=None):
    """`measured`: the layers that are, all by default; `rounding`: a statistic that is called so."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    tokens = [min(90, max(1, round(math.exp(2.9 + 0.7 * rng.gauss(0, 1))))) for _ in range(sentences)]
    texts = [HOSTILE[i] if i < len(HOSTILE) else " ".join(rng.choices(WORDS, k=tokens[i])).capitalize() + "."
             for i in range(sentences)]
    names = [(f"layer{layer}.{readout}.{statistic}", layer, readout, statistic)
             for layer in (measured or range(layers, -1, -1)) for readout in ("cls", "mean", "max")
             for statistic in ("l2", "centered_l2")]
    if plain:
        names = names[:1]
    values = {name: [10 + layer + (0.002 + 0.02 * (readout == "mean")) * t + 6 / math.sqrt(t) * rng.gauss(0, 1)
                     for t in tokens] for name, layer, readout, _ in names}
    # The hostile ones are extreme, so that the tables of the page show them.
    primary = values[names[0][0]]
    for i in range(min(len(HOSTILE), sentences)):
        tokens[i] = 40
        primary[i] = 60.0 + i if i % 2 else -30.0 - i
    properties = {"tokens": tokens, "words": [len(t.split()) for t in texts],
                  "characters": [len(t) for t in texts],
                  "position": [i / sentences for i in range(sentences)],
                  "column:<b>rating</b>": [None if i % 3 == 0 else (i * i) % 7 + t / 10 for i, t in enumerate(tokens)]}
    table = {"index": pyarrow.array(range(sentences), pyarrow.uint64()), "text": texts,
             "tokens": pyarrow.array(tokens, pyarrow.uint32()), "tokens_read": pyarrow.array(tokens, pyarrow.uint32()),
             "truncated": [False] * sentences, "norm": primary, **values}
    if plain:
        properties = {"tokens": tokens}
    else:
        table |= {name: column for name, column in properties.items() if name != "tokens"}
    pyarrow.parquet.write_table(pyarrow.table(table), folder / "measurements.parquet", compression="zstd")

    kept = [i for i in range(sentences) if tokens[i] < 80]
    at = lambda column: [column[i] for i in kept]
    line = fit(at(tokens), at(primary))
    short = sum(tokens[i] < 20 for i in kept)
    sides = [{"side": side, "short_given_side": proportion(100, 70), "lift": 1.5, "most_likely_short": "yes",
              "more_than_base_rate": "yes"} for side in ("above", "below", "outside")]
    results = {
        "schema_version": 4, "question": "Does the norm of the [CLS] embedding encode the length of the sentence?",
        "sentences": len(kept),
        "verdict": {"answer": "unreliable",
                    "text": f"The norm is no reliable proxy for the length: a line tells {100 * line['r_squared']['value']:.1f} % "
                            "of either's variance. A length read off the norm is off by 16.8 tokens.",
                    "shares": {"line": share(line["r_squared"]["value"]), "statistic_given_property": share(0.0392),
                               "property_given_statistic": share(0.0735)},
                    "limits": ["These numbers are <b>made up</b>."]},
        "statistic": distribution(at(primary)), "property": distribution(at(tokens)),
        "band": {"low": 11.0, "high": 15.5, "share": 0.9},
        "claims": {"short_below": 20.0, "base_rate": proportion(len(kept), short), "sides": sides},
        "manifest": {
            "version": "0.1.0", "command": "normscope run --model '<b>model</b>' `x`", "seed": 7,
            "model": {"name": "<i>model</i>", "path": "/models/m", "sha256": "ab" * 32, "architecture": "bert", "config": {
                "hidden_size": 384, "layers": layers, "layer_groups": 0, "heads": 12, "intermediate_size": 1536, "vocabulary_size": 30522,
                "embedding_size": 0, "projection_first": False, "max_positions": 512, "absolute_positions": True, "token_types": 2,
                "layer_norm_epsilon": 1e-12, "activation": "gelu", "first_position": 0, "padding_id": None, "relative_buckets": 0,
                "rotary_base": 0.0, "local_rotary_base": 0.0, "rotary_divisor": 1.0, "local_layers": [], "local_reach": 0,
                "relative_positions": None, "convolution_width": 0, "convolution_activation": "gelu", "norms": "after",
                "first_attention_norm": True, "attention_biases": True, "intermediate_biases": True, "output_biases": True,
                "norm_biases": True, "gated_feed_forward": False, "pooler": True}, "own_readout": None},
            "corpus": {"name": "corpus \"quoted\" \u202e", "path": "/corpora/c", "sha256": "cd" * 32, "prose": True,
                       "format": "auto", "columns": []},
            "options": {"sentences": None, "sample": "uniform", "blocks": None, "min_words": 0, "dedup": False, "length_below": 80,
                        "max_length": 512, "prompt": None, "truncated": "auto", "drops_truncated": False, "statistics": [name for name, *_ in names],
                        "properties": list(properties), "probes": False, "controls": False,
                        "saved_vectors": []}, "early_stop": None,
            "machine": {"cpu": "a CPU", "cpu_features": ["avx2"], "isa": "avx2", "precision": "fp32",
                        "precision_error": None, "threads": 2},
            "counts": {"read": sentences, "empty": 0, "invalid": 0, "too_few_words": 0, "duplicates": 0, "not_sampled": 0, "truncated": 1,
                       "measured": sentences, "outside_length": sentences - len(kept), "dropped_truncated": 0,
                       "kept": len(kept), "kept_truncated": 0, "encoded": sentences},
            "number_columns": [{"name": "<b>rating</b>", "missing": (sentences + 2) // 3, "beyond": 0}],
            "identity": {"model": "ab" * 32, "--seed": "7"},
            "files": ["results.json", "report.html", "report.md", "measurements.parquet", "figure.png"],
            "sha256": {},
            "timings_s": {"load": 0.1, "read": 0.2, "tokenize": 0.3, "encode": 4.5, "analyse": 0.1}}}
    results["grid"] = {
        "statistics": [{"name": n, "layer": l, "readout": r, "statistic": s, "spread": variation(at(values[n]), n == rounding)}
                       for n, l, r, s in names],
        "properties": list(properties),
        "relations": [relation(n, p, at(column), at(values[n])) for p, column in properties.items() for n, *_ in names]}
    results["probes"] = [] if plain else [
        probe(layer, readout, layers) for layer in sorted(measured or range(layers + 1)) for readout in ("cls", "mean")]
    results["dimensions"] = None if plain else dimensions()
    seal(folder, results)
    return results


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("sentences", type=int, nargs="?", default=2000)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--measured", type=int, nargs="+", help="layers, the primary one first")
    parser.add_argument("--rounding", help="a statistic that differs by no more than rounding")
    options = parser.parse_args()
    synthetic_run(options.folder, options.sentences, options.layers, options.plain, measured=options.measured,
                  rounding=options.rounding)
