"""Draws bench/compare's JSON as bars.

    chart.py RESULTS_JSON OUT_PNG
"""

import json
import statistics
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

OURS, EXACT, REDUCED = "#c44e52", "#4c72b0", "#a9bcd8"


def color(row):
    if row["program"] == "normscope":
        return OURS
    return EXACT if row["precision"] == "fp32" else REDUCED


def main(source, out):
    with open(source) as file:
        workloads = list(json.load(file)["workloads"].values())
    rows = [[r for r in w["results"] if not r["failure"]] for w in workloads]
    figure, all_axes = plt.subplots(
        len(workloads), 1, figsize=(8, sum(len(r) * 0.27 + 0.9 for r in rows)), squeeze=False,
        gridspec_kw={"height_ratios": [len(r) + 1 for r in rows]}, layout="constrained")
    for workload, bars, axes in zip(workloads, rows, all_axes[:, 0]):
        single = workload["sentences"] == 1
        scale = 1000 if single else workload["sentences"]
        values = [[1000 * s if single else scale / s for s in r["seconds"]] for r in bars]
        order = sorted(range(len(bars)), key=lambda i: statistics.median(values[i]), reverse=single)
        medians = [statistics.median(values[i]) for i in order]
        low = [m - min(values[i]) for i, m in zip(order, medians)]
        high = [max(values[i]) - m for i, m in zip(order, medians)]
        names = [f"{bars[i]['program']} {bars[i]['precision']}" for i in order]
        axes.barh(names, medians, color=[color(bars[i]) for i in order], xerr=[low, high],
                  error_kw={"ecolor": "#444", "lw": 1})
        for y, (m, h) in enumerate(zip(medians, high)):
            axes.annotate(f"{m:.3g}", (m + h, y), xytext=(4, 0), textcoords="offset points",
                          va="center", fontsize=8)
        axes.margins(x=0.1)
        axes.set_title(workload["title"], loc="left", fontsize=10)
        axes.set_xlabel("milliseconds (less is better)" if single else "sentences/s")
        axes.tick_params(labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(out, dpi=120)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
