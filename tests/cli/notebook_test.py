#!/usr/bin/env python3
"""The whole experiment against the notebook's own pipeline (tests/reference/notebook.py, padded
batches of 8 in transformers) on the same 2,000 sentences.

notebook_test.py PROGRAM GOLDEN
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import pyarrow.parquet

TOLERANCE = 1e-5


def main():
    program, golden = sys.argv[1], json.loads(pathlib.Path(sys.argv[2]).read_text())
    what = ["--corpus", "austen", "--sentences", "2000", "--seed", "0"]
    sentences = subprocess.run([program, "sentences", *what], check=True, stdout=subprocess.PIPE).stdout
    assert hashlib.sha256(sentences).hexdigest() == golden["sentences_sha256"], \
        "other sentences than the golden ones: run tests/reference/regenerate"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "run", *what, "--quiet", "--out", folder], check=True)
        rows = pyarrow.parquet.read_table(f"{folder}/measurements.parquet").to_pylist()
        results = json.loads(pathlib.Path(folder, "results.json").read_text())
    assert results["manifest"]["model"]["sha256"] == golden["model_sha256"]
    assert [row["text"] for row in rows] == sentences.decode().split("\n")[:-1]
    assert [row["tokens"] for row in rows] == golden["tokens"]
    worst = max(abs(row["norm"] / norm - 1) for row, norm in zip(rows, golden["norms"], strict=True))
    assert worst <= TOLERANCE, worst
    assert results["manifest"]["counts"]["kept"] == golden["kept"]
    regression = results["grid"]["relations"][0]["line"]
    for name, key in (("slope", "slope"), ("intercept", "intercept"), ("r_squared", "r2")):
        ours, theirs = regression[name]["value"], golden[key]
        assert f"{ours:.5g}" == f"{theirs:.5g}" or abs(ours / theirs - 1) < TOLERANCE, (name, ours, theirs)
    assert f"{regression['r_squared']['value']:.6f}" == f"{golden['r2']:.6f}"
    print(f"2,000 sentences: largest relative difference of a norm {worst:.2g}, "
          f"R² {regression['r_squared']['value']:.9f} and {golden['r2']:.9f}")


if __name__ == "__main__":
    main()
