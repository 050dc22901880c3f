#!/usr/bin/env python3
"""normscope compare: its files, with the numbers found again from the tables, and what it refuses.

compare_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
"""

import hashlib
import json
import math
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import jsonschema
import numpy
import pyarrow
import pyarrow.parquet

PROGRAM, SMALL_MODELS = sys.argv[1], pathlib.Path(sys.argv[2])
SCHEMA = json.loads((pathlib.Path(__file__).parents[2] / "src" / "results" / "compare.schema.json").read_text())
FILES = {"compare.json", "compare.md", "figure-compare.png", "figure-compare.svg", "figure-compare.pdf"}
HOSTILE = "a\"b`c $(id) {*} [x](y) <script> %1\x1b[31m\n| 狐 \\n 'd.txt"


def ranks(values):
    _, group, counts = numpy.unique(values, return_inverse=True, return_counts=True)
    return (numpy.cumsum(counts) - (counts - 1) / 2)[group]


def numbers(x, y):
    """Slope, R², mean and Spearman's rho."""
    r = numpy.corrcoef(x, y)[0, 1]
    return {"slope": r * y.std() / x.std(), "r_squared": r * r, "mean": y.mean(),
            "spearman": numpy.corrcoef(ranks(x), ranks(y))[0, 1]}


class CompareTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="normscope-compare-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for seed, name in ((0, "one.txt"), (1, "two.txt")):
            draw = random.Random(seed)
            (cls.folder / name).write_text("".join(
                " ".join(draw.choices("abcde", k=draw.randint(1, 28))).capitalize() + draw.choice(".!?") + "\n"
                for _ in range(300)))
        cls.run_program("here", "one.txt")
        cls.run_program("there", "two.txt")
        cls.run_program("other", "one.txt", model="wide")
        cls.run_program("shorter", "one.txt", "--length-below", "20", "--readout", "mean")

    @classmethod
    def run_program(cls, out, corpus, *more, model="hidden40"):
        subprocess.run([PROGRAM, "run", "--model", SMALL_MODELS / model, "--corpus", corpus, "--out", out,
                        "--quiet", *more], cwd=cls.folder, check=True, timeout=120)

    def setUp(self):
        (self.folder / "work").mkdir()
        self.addCleanup(shutil.rmtree, self.folder / "work")

    def compare(self, *arguments):
        return subprocess.run([PROGRAM, "compare", *map(str, arguments)], cwd=self.folder / "work",
                              capture_output=True, timeout=120)

    def written(self, *runs, out="out", options=()):
        done = self.compare(*(f"../{run}" for run in runs), "--out", out, "--overwrite", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({path.name for path in (self.folder / "work" / out).iterdir()}, FILES)
        compared = json.loads((self.folder / "work" / out / "compare.json").read_bytes())
        jsonschema.validate(compared, SCHEMA)
        return compared, done.stdout.decode()

    def results(self, run):
        return json.loads((self.folder / run / "results.json").read_bytes())

    def sentences(self, run):
        """Index, length and norm of those that are analysed."""
        results = self.results(run)
        table = pyarrow.parquet.read_table(self.folder / run / "measurements.parquet")
        columns = [table[name].to_numpy().astype(float) for name in ("index", "tokens", "norm")]
        kept = columns[1] < results["manifest"]["options"]["length_below"]
        return [column[kept] for column in columns]

    def test_runs_are_told_as_their_results_tell_them(self):
        compared, _ = self.written("here", "there")
        for run, name in zip(compared["runs"], ("here", "there")):
            results = self.results(name)
            self.assertEqual(run["name"], name)
            self.assertEqual(run["path"], f"../{name}")
            self.assertEqual(run["sentences"], results["sentences"])
            self.assertEqual(run["mean"]["value"], results["statistic"]["mean"])
            self.assertEqual(run["standard_deviation"], results["statistic"]["standard_deviation"])
            relation = results["grid"]["relations"][0]
            for member in ("statistic", "property", "line", "spearman", "statistic_given_property",
                           "property_given_statistic", "threshold"):
                self.assertEqual(run[member], relation[member], member)
            _, x, y = self.sentences(name)
            for key, value in numbers(x, y).items():
                found = run["line"][key] if key in run["line"] else run[key]
                self.assertAlmostEqual(found["value"], value, places=9)

    def test_independent_runs(self):
        compared, text = self.written("here", "there")
        (pair,) = compared["pairs"]
        self.assertEqual((pair["first"], pair["second"]), (0, 1))
        self.assertIs(pair["paired"], False)
        self.assertEqual(pair["shared_sentences"], 0)
        before, after = (numbers(*self.sentences(name)[1:]) for name in ("here", "there"))
        for key in before:
            self.assertAlmostEqual(pair[key]["value"], after[key] - before[key], places=9)
            first, second = (run["line"][key] if key in run["line"] else run[key]
                             for run in compared["runs"])
            down = math.hypot(second["value"] - second["interval_95"][0], first["interval_95"][1] - first["value"])
            up = math.hypot(second["interval_95"][1] - second["value"], first["value"] - first["interval_95"][0])
            self.assertAlmostEqual(pair[key]["interval_95"][0], pair[key]["value"] - down, places=12)
            self.assertAlmostEqual(pair[key]["interval_95"][1], pair[key]["value"] + up, places=12)
            self.assertEqual(pair[key]["p_value"], pair[key]["p_value_holm"])
        self.assertEqual(compared["notes"], [])
        self.assertIn("independent", text)

    def bootstrap(self, first, second):
        """Interval of each difference, resampling what either run has, with numpy's random numbers."""
        index, x, y = self.sentences(first)
        other_index, other_x, other_y = self.sentences(second)
        drawn = numpy.random.default_rng(0)
        everything = numpy.union1d(index, other_index)
        place = numpy.searchsorted(everything, index)
        other_place = numpy.searchsorted(everything, other_index)
        differences = []
        for _ in range(1000):
            counts = numpy.bincount(drawn.integers(len(everything), size=len(everything)), minlength=len(everything))
            before = numbers(*(numpy.repeat(v, counts[place]) for v in (x, y)))
            after = numbers(*(numpy.repeat(v, counts[other_place]) for v in (other_x, other_y)))
            differences.append({key: after[key] - before[key] for key in before})
        return {key: numpy.quantile([d[key] for d in differences], [0.025, 0.975]) for key in differences[0]}

    def test_runs_on_the_same_sentences_are_resampled_together(self):
        for second, shared in (("other", 300), ("shorter", len(self.sentences("shorter")[0]))):
            compared, text = self.written("here", second)
            (pair,) = compared["pairs"]
            self.assertIs(pair["paired"], True)
            self.assertEqual(pair["shared_sentences"], shared)
            before, after = (numbers(*self.sentences(name)[1:]) for name in ("here", second))
            for key, (low, high) in self.bootstrap("here", second).items():
                self.assertAlmostEqual(pair[key]["value"], after[key] - before[key], places=9)
                for end, found in zip((low, high), pair[key]["interval_95"]):
                    self.assertLess(abs(end - found), 0.15 * (high - low), key)
            self.assertIn("resampled together", text)
        self.assertLess(shared, 300)

    def test_what_differs_beside_the_numbers_is_noted(self):
        compared, text = self.written("here", "other", "shorter")
        self.assertEqual(len(compared["pairs"]), 3)
        notes = "\n".join(compared["notes"])
        for words in ("layer3.mean.l2 (run 3)", "under 20 tokens (run 3)", "different units"):
            self.assertIn(words, notes)
            self.assertIn(words, text)
        markdown = (self.folder / "work" / "out" / "compare.md").read_text()
        self.assertIn("under 20 tokens", markdown)

    def test_a_corpus_that_was_read_in_another_way_shares_nothing(self):
        self.run_program("prose", "one.txt", "--prose")
        compared, _ = self.written("here", "prose")
        self.assertIs(compared["pairs"][0]["paired"], False)

    def test_many_runs(self):
        compared, text = self.written(*["here", "there", "other"] * 9, options=["--style", "paper"])
        self.assertEqual([(pair["first"], pair["second"]) for pair in compared["pairs"]],
                         [(0, i) for i in range(1, 27)])
        self.assertEqual(len({run["name"] for run in compared["runs"]}), 27)
        self.assertEqual(compared["pairs"][2]["slope"]["value"], 0)
        self.assertEqual(compared["pairs"][2]["slope"]["p_value"], 1)
        self.assertIn("first 24", text)

    def test_probes_stand_side_by_side(self):
        for name, corpus in (("probed", "one.txt"), ("probed2", "two.txt")):
            self.run_program(name, corpus, "--probes", "--layers", "all")
        compared, text = self.written("probed", "probed2", "here")
        probes = self.results("probed")["probes"]
        self.assertEqual([(p["layer"], p["r_squared"]) for p in compared["runs"][0]["probes"]],
                         [(p["layer"], p["ridge"]["r_squared"]) for p in probes if p["ridge"]])
        self.assertEqual(compared["runs"][2]["probes"], [])
        self.assertIn("layer 1 cls", text)
        self.assertIn("layer 1 cls", (self.folder / "work" / "out" / "compare.md").read_text())

    def test_probed_layers_descend(self):
        self.run_program("shallow", "one.txt", "--probes", "--layers", "all")
        for name, corpus in (("deep", "one.txt"), ("deep2", "two.txt")):
            self.run_program(name, corpus, "--probes", "--layers", "3,6", model="deep")
        _, text = self.written("shallow", "deep", "deep2")
        self.assertEqual(re.findall(r"^  (layer \d+ cls)", text, re.MULTILINE), ["layer 6 cls", "layer 3 cls"])

    def test_the_same_bytes_again(self):
        self.written("here", "other", out="first")
        self.written("here", "other", out="second")
        for name in ("compare.json", "compare.md", "figure-compare.svg"):
            self.assertEqual(*((self.folder / "work" / out / name).read_bytes() for out in ("first", "second")), name)

    def test_the_folder_is_a_fresh_one(self):
        taken = self.folder / "work" / "normscope-compare-here-there"
        taken.mkdir()
        (taken / "compare.json").write_text("mine")
        done = self.compare("../here/", "../there", "--quiet")
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
        self.assertEqual((taken / "compare.json").read_text(), "mine")
        self.assertEqual({path.name for path in (self.folder / "work" / "normscope-compare-here-there-2").iterdir()},
                         FILES)
        self.assertIn("normscope-compare-here-there-and-1-more", self.compare(
            "../here", "../there", "../other").stdout.decode())

    def test_few_sentences(self):
        for name, text in (("nothing", ""), ("single", "a b c.\n"), ("pair", "a b.\na b c d.\n"),
                           ("alike", "a b c.\n" * 30)):
            (self.folder / f"{name}.txt").write_text(text)
            try:
                self.run_program(name, f"{name}.txt")
            except subprocess.CalledProcessError:
                continue  # an empty corpus has no run
            compared, _ = self.written(name, "here")
            self.assertIsNone(compared["pairs"][0]["slope"] and compared["pairs"][0]["slope"]["interval_95"])

    def test_hostile_names(self):
        (self.folder / "bad").mkdir(exist_ok=True)
        shutil.copy(self.folder / "one.txt", self.folder / "bad" / HOSTILE)
        run = f"bad/{HOSTILE}.run"
        self.run_program(run, f"bad/{HOSTILE}")
        compared, text = self.written(run, "there")
        self.assertEqual(compared["runs"][0]["name"], f"{HOSTILE}.run")
        self.assertNotIn("\x1b", text)
        markdown = (self.folder / "work" / "out" / "compare.md").read_text()
        self.assertNotIn("\x1b", markdown)
        for harm in ("<script>", "[x](y)"):
            self.assertFalse(any(harm in line for line in markdown.splitlines() if line.startswith("|")), harm)
        self.assertNotIn("\n|  狐", markdown)
        svg = xml.etree.ElementTree.parse(self.folder / "work" / "out" / "figure-compare.svg")
        self.assertFalse([e for e in svg.iter() if e.tag.endswith("script")])
        done = self.compare(f"../{run}", "../there", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        (fresh,) = (self.folder / "work").glob("normscope-compare-*")
        self.assertRegex(fresh.name, r"^[A-Za-z0-9._-]+$")

    def refused(self, *words, runs, code=1, more=()):
        done = self.compare(*runs, "--out", "out", *more)
        error = done.stderr.decode()
        self.assertEqual(done.returncode, code, error)
        self.assertEqual(error.count("\n"), 1, error)
        for word in words:
            self.assertIn(word, error)
        self.assertEqual(list((self.folder / "work").glob("out")), [])

    def broken(self, change=None, name="results.json", content=None):
        """A copy of a run with its results changed, or another file in place of one of its own (whose
        hash the results then name)."""
        folder = self.folder / "work" / "broken"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "here", folder)
        if change:
            results = self.results("here")
            change(results)
            content = json.dumps(results).encode()
        elif name == "measurements.parquet":
            results = self.results("here")
            results["manifest"]["sha256"][name] = hashlib.sha256(content).hexdigest()
            (folder / "results.json").write_text(json.dumps(results))
        (folder / name).write_bytes(content)
        return ["../there", "broken"]

    def test_refuses_what_is_no_run(self):
        self.refused("missing", "results.json", runs=["../here", "missing"])
        self.refused("results.json", "written by normscope 0", runs=self.broken(lambda r: r.update(schema_version=1)))
        self.refused("results.json", "JSON", runs=self.broken(content=b"{\"schema_version\": 4,"))
        self.refused("results.json", "claims", runs=self.broken(lambda r: r.pop("claims")))
        self.refused("measurements.parquet", runs=self.broken(name="measurements.parquet", content=b"PAR1"))

    def test_refuses_a_table_that_cannot_be_compared(self):
        table = pyarrow.parquet.read_table(self.folder / "here" / "measurements.parquet")
        rows = table.num_rows

        def replaced(column, values):
            at = table.column_names.index(column)
            content = pyarrow.BufferOutputStream()
            pyarrow.parquet.write_table(table.set_column(at, column, pyarrow.array(values)), content)
            return self.broken(name="measurements.parquet", content=content.getvalue().to_pybytes())

        self.refused("measurements.parquet", "rise", runs=replaced("index", [7] * rows))
        self.refused("measurements.parquet", "index", runs=replaced("index", [-1, *range(1, rows)]))
        self.refused("measurements.parquet", "index", runs=replaced("index", ["a"] * rows))
        self.refused("measurements.parquet", "finite", runs=replaced("layer3.cls.l2", [math.nan] * rows))

    def test_refuses_a_table_of_another_run(self):
        runs = self.broken(content=b"")
        shutil.copy(self.folder / "here" / "results.json", self.folder / "work" / "broken")
        shutil.copy(self.folder / "there" / "measurements.parquet", self.folder / "work" / "broken")
        self.refused("measurements.parquet", "not the file that results.json belongs to", runs=runs)

    def test_a_comparison_is_replaced_only_when_told(self):
        self.written("here", "there")
        kept = (self.folder / "work" / "out" / "compare.json").read_bytes()
        done = self.compare("../here", "../other", "--out", "out")
        self.assertEqual(done.returncode, 1)
        self.assertIn("holds a comparison", done.stderr.decode())
        self.assertEqual((self.folder / "work" / "out" / "compare.json").read_bytes(), kept)

    def test_usage(self):
        self.refused("RUN", runs=["../here"], code=2)
        self.refused("RUN", runs=[], code=2)
        self.refused("--style", runs=["../here", "../there"], code=2, more=["--style", "loud"])
        help_text = subprocess.run([PROGRAM, "--help"], capture_output=True, check=True).stdout.decode()
        self.assertIn("compare", help_text)

    def test_an_output_folder_that_is_none(self):
        (self.folder / "work" / "file").write_text("mine")
        done = self.compare("../here", "../there", "--out", "file")
        self.assertEqual(done.returncode, 1)
        self.assertIn("file", done.stderr.decode())
        self.assertEqual((self.folder / "work" / "file").read_text(), "mine")

    def test_without_gnuplot_the_figure_alone_is_missing(self):
        done = subprocess.run([PROGRAM, "compare", "../here", "../there", "--out", "out"], capture_output=True,
                              cwd=self.folder / "work", env={"PATH": "/nonexistent"})
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr.decode(), r"\Anormscope: not drawn: figure-compare: gnuplot: not found; [^\n]+\n\Z")
        self.assertEqual({path.name for path in (self.folder / "work" / "out").iterdir()},
                         {"compare.json", "compare.md"})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
