#!/usr/bin/env python3
"""Prints the tables of docs/findings.md.

tables.py RUN... : the folders of finished runs of one model, a corpus each; or of several models, of
which only what can be shown beside each other is printed
"""

import json
import pathlib
import sys


def percent(value, digits=1):
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def with_interval(estimate, digits=1):
    low, high = estimate["interval_95"]
    return f"{percent(estimate['value'], digits)} [{100 * low:.{digits}f}, {100 * high:.{digits}f}]"


class Run:
    def __init__(self, folder):
        self.results = json.loads((pathlib.Path(folder) / "results.json").read_bytes())
        manifest = self.results["manifest"]
        self.name = manifest["corpus"]["name"]
        self.model = manifest["model"]["name"]
        self.layers = manifest["model"]["config"]["layers"]
        self.relations = {(r["statistic"], r["property"]): r for r in self.results["grid"]["relations"]}

    @property
    def first(self):
        """The relation that the question is about."""
        return self.results["grid"]["relations"][0]

    def relation(self, statistic, property_="tokens"):
        return self.relations[statistic, property_]

    def r_squared(self, statistic, property_="tokens"):
        line = self.relation(statistic, property_)["line"]
        return None if line is None else line["r_squared"]["value"]


def table(title, header, rows):
    print(f"**{title}**\n")
    print("| " + " | ".join(header) + " |")
    print("|---" + "|---:" * (len(header) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def print_question(runs, names):
    def by_run(cell):
        return [cell(run) for run in runs]

    def claim(side):
        def cell(run):
            sides = {s["side"]: s for s in run.results["claims"]["sides"]}
            short = sides[side]["short_given_side"]
            low, high = short["interval_95"]
            return f"{percent(short['share'])} [{100 * low:.1f}, {100 * high:.1f}]"
        return cell

    table("The notebook's question", ["[CLS], last layer", *names], [
        ["sentences analysed (under 80 tokens)", *by_run(lambda run: f"{run.results['sentences']:,}")],
        ["norm, mean ± standard deviation", *by_run(lambda run: f"{run.results['statistic']['mean']:.2f} ± {run.results['statistic']['standard_deviation']:.2f}")],
        ["band that holds 90 % of the norms", *by_run(lambda run: f"{run.results['band']['low']:.2f} to {run.results['band']['high']:.2f}")],
        ["R² of the line", *by_run(lambda run: with_interval(run.first["line"]["r_squared"]))],
        ["slope, a token", *by_run(lambda run: f"{run.first['line']['slope']['value']:.5f}")],
        ["the best function of the length explains of the norm, about (ε²)", *by_run(lambda run: with_interval(run.first["statistic_given_property"]["epsilon_squared"]))],
        ["the best function of the norm tells of the length, about (ε²)", *by_run(lambda run: with_interval(run.first["property_given_statistic"]["epsilon_squared"]))],
        ["sentences under 20 tokens, of all", *by_run(lambda run: percent(run.results["claims"]["base_rate"]["share"]))],
        ["of those above the band", *by_run(claim("above"))],
        ["of those below the band", *by_run(claim("below"))],
        ["verdict", *by_run(lambda run: run.results["verdict"]["answer"].replace("_", " "))],
    ])


def print_beside(runs):
    """What runs of models of different depths have in common."""
    names = [f"{run.model}, {run.name}" for run in runs]
    print_question(runs, names)
    for readout in ("cls", "mean", "max"):
        rows = []
        for third in (3, 2, 1, 0):
            for control, label in (("real", "as it is"), ("random_weights", "random weights")):
                cells = []
                for run in runs:
                    relation = run.relation(f"layer{run.layers * third // 3}.{readout}.l2")
                    if relation["line"] is None:
                        cells.append("–")
                    elif control == "real":
                        cells.append(percent(relation["controls"]["real"]))
                    else:
                        cells.append(percent(relation["controls"]["measured"][control]["r_squared"]))
                rows.append([f"{third}/3, {label}", *cells])
        table(f"R² of the line, length against the norm of {readout}, by depth", ["depth", *names], rows)


def print_all(runs):
    names = [run.name for run in runs]
    depth = runs[0].layers
    layers = range(depth, -1, -1)
    last = f"layer{depth}.cls.l2"

    def by_run(cell):
        return [cell(run) for run in runs]

    print_question(runs, names)
    columns = [f"{run.name}, {readout}" for readout in ("cls", "mean", "max") for run in runs]
    table("R² of the line, length against norm", ["layer", *columns], [
        [str(layer), *(percent(run.r_squared(f"layer{layer}.{readout}.l2"))
                       for readout in ("cls", "mean", "max") for run in runs)] for layer in layers])

    rows = []
    for statistic in (last, "layer2.cls.l2", f"layer{depth}.mean.l2", f"layer{2 * depth // 3}.max.l2", "layer0.max.l2"):
        for run in runs:
            controls = run.relation(statistic)["controls"]
            rows.append([f"{statistic}, {run.name}",
                         percent(controls["real"]), *(percent(controls["measured"][key]["r_squared"])
                                                      for key in ("shuffled_words", "random_weights")),
                         percent(controls["permuted"])])
    table("R² beside its controls, on the sentences that were measured again",
          ["statistic", "as it is", "words shuffled", "random weights", "lengths permuted"], rows)

    def ridge(probe, control=None):
        found = probe["ridge"] if control is None else probe["controls"][control]["ridge"]
        return "–" if found is None else f"{found['r_squared']['value']:.3f}"

    def bins(probe, control=None):
        found = probe["sentence_length"] if control is None else probe["controls"][control]["sentence_length"]
        return "–" if found is None else percent(found["logistic"]["accuracy"]["share"], 0)

    rows = []
    for at in range(len(layers)):
        probes = [run.results["probes"][at] for run in runs]
        rows.append([str(probes[0]["layer"]), *(ridge(p) for p in probes), *(ridge(p, "shuffled_words") for p in probes),
                     *(ridge(p, "random_weights") for p in probes), *(bins(p) for p in probes)])
    table("What the [CLS] vector knows of the length", ["layer",
          *(f"ridge R², {name}" for name in names), *(f"words shuffled, {name}" for name in names),
          *(f"random weights, {name}" for name in names),
          *(f"six bins, {name}" for name in names)], rows)

    def container(key):
        def cell(run):
            estimate = run.results["probes"][0]["norm_direction"][key]
            low, high = estimate["interval_99"]
            return f"{estimate['value']:.3f} [{low:.3f}, {high:.3f}]"
        return cell

    table(f"Norm against direction, [CLS], layer {depth}: held-out R² [99 %]", ["vector", *names], [
        [label, *by_run(container(key))] for label, key in (
            ("intact", "intact"), ("norm replaced by noise", "norm_replaced"),
            ("direction replaced by noise", "direction_replaced"), ("both", "both_replaced"))])

    table(f"R² of the [CLS] norm, layer {depth}, with other properties of the text", ["property", *names], [
        [property_, *by_run(lambda run: percent(run.r_squared(last, property_)))]
        for property_ in runs[0].results["grid"]["properties"]])

    def largest(run):
        share = run.results["dimensions"]["shares"][0]
        return f"{share['dimension']}: {percent(share['share'])}"

    def without(count):
        return lambda run: percent(next(w["relation"]["r_squared"] for w in run.results["dimensions"]["without"]
                                        if w["left_out"] == count), 2)

    table(f"The dimensions of the [CLS] norm, layer {depth}", ["", *names], [
        ["dimension with the largest share of the squared norm's variance", *by_run(largest)],
        ["R² with the length, whole vector", *by_run(lambda run: percent(run.results["dimensions"]["whole"]["r_squared"], 2))],
        ["minus the mean vector", *by_run(lambda run: percent(run.results["dimensions"]["centred"]["r_squared"], 2))],
        ["without that dimension", *by_run(without(1))],
        ["without the first ten", *by_run(without(10))]])


def main():
    runs = [Run(folder) for folder in sys.argv[1:]]
    if len({run.model for run in runs}) > 1:
        print_beside(runs)
    else:
        print_all(runs)


if __name__ == "__main__":
    main()
