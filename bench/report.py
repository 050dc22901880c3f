#!/usr/bin/env python3
"""How quickly the report of 100,000 sentences is written again, and opens.

report.py NORMSCOPE MODEL

Measures the built-in corpus, over and over with a number before each sentence, with a small model (all
its layers, three readouts, two statistics), then times `normscope report` and, in chromium, the page
until its charts are drawn. Three times each.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from scale import novels, numbered, write

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests" / "report"))
from browser import Browser

SENTENCES = 100_000
GRID = ["--layers", "all", "--readout", "cls,mean,max", "--statistic", "l2,centered_l2"]


def told(name, values, unit):
    print(f"{name}: {' / '.join(f'{value:.2f}' for value in (min(values), statistics.median(values), max(values)))} {unit}")


def seconds_of(command):
    start = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("normscope")
    parser.add_argument("model")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="normscope-report-") as folder:
        corpus, run = pathlib.Path(folder) / "corpus.txt", pathlib.Path(folder) / "run"
        write(corpus, numbered(novels(arguments.normscope), SENTENCES))
        # All are kept, so that the page has to draw all of them.
        subprocess.run([arguments.normscope, "run", "--model", arguments.model, "--corpus", corpus, "--quiet",
                        "--length-below", "100000", "--out", run, *GRID], check=True)
        told("normscope report, min / median / max",
             [seconds_of([arguments.normscope, "report", run, "--quiet"]) for _ in range(3)], "s")
        page = run / "report.html"
        print(f"report.html: {page.stat().st_size / 1e6:.1f} MB")
        opened = []
        for _ in range(3):
            with Browser() as browser:
                browser.size(1200)
                browser.open(page, "document.documentElement?.dataset.drawn")
                opened.append(int(browser.run("document.documentElement.dataset.drawn")) / 1000)
        told("opened in chromium, all charts drawn", opened, "s")


if __name__ == "__main__":
    main()
