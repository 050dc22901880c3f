#!/usr/bin/env python3
"""Many layers, readouts, statistics and properties in one run, its probes and its controls.

grid_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
"""

import json
import math
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import struct
import tempfile
import unittest

import numpy
import pyarrow.ipc
import pyarrow.parquet

PROGRAM, SMALL_MODELS = sys.argv[1], pathlib.Path(sys.argv[2])
MODEL = SMALL_MODELS / "hidden40"
GRID = ["--layers", "all", "--readout", "cls,mean,max", "--statistic", "l2,l1,linf,centered_l2"]


class GridTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="normscope-grid-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        draw = random.Random(0)
        cls.corpus = cls.folder / "corpus.txt"
        cls.corpus.write_text("".join(
            " ".join(draw.choices("abcde", k=draw.randint(1, 28))).capitalize() + draw.choice(".!?") + "\n"
            for _ in range(400)))

    def run_program(self, out, *more, code=0, model=MODEL):
        done = subprocess.run(
            [PROGRAM, "run", "--model", model, *(() if "--corpus" in more else ("--corpus", self.corpus)),
             "--quiet", "--out", self.folder / out, *map(str, more)],
            capture_output=True, timeout=300, cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr.decode()

    def results(self, out):
        return json.loads((self.folder / out / "results.json").read_bytes())

    def table(self, out):
        return pyarrow.parquet.read_table(self.folder / out / "measurements.parquet").to_pydict()

    def test_a_column_is_what_it_is_alone(self):
        self.run_program("grid", *GRID)
        grid = self.table("grid")
        layers = self.results("grid")["manifest"]["model"]["config"]["layers"]
        statistics = [name for name in grid if name.startswith("layer")]
        self.assertEqual(len(statistics), (layers + 1) * 3 * 4)
        for layer, readout, statistic in ((layers, "cls", "l2"), (0, "cls", "l1"), (1, "mean", "linf"),
                                          (layers, "max", "l2"), (1, "max", "centered_l2")):
            name = f"layer{layer}.{readout}.{statistic}"
            self.run_program(name, "--layers", layer, "--readout", readout, "--statistic", statistic)
            alone = self.table(name)
            self.assertEqual([column for column in alone if column.startswith("layer")], [name])
            self.assertEqual(alone["norm"], alone[name])
            if (layer, readout) == (layers, "cls"):
                # Read alone, the last layer is computed for [CLS] alone, in another order.
                for one, other in zip(grid[name], alone[name]):
                    self.assertAlmostEqual(one / other, 1, places=5)
            else:
                self.assertEqual(grid[name], alone[name])

    def test_pooler_is_a_hyperbolic_tangent(self):
        model = self.folder / "with_pooler"
        shutil.copytree(MODEL, model)
        content = (model / "model.safetensors").read_bytes()
        size = struct.unpack("<Q", content[:8])[0]
        header, data = json.loads(content[8:8 + size]), content[8 + size:]
        half = numpy.eye(40, dtype=numpy.float32) / 2
        for name, values in (("weight", half), ("bias", numpy.full(40, 0.25, numpy.float32))):
            header["pooler.dense." + name] = {
                "dtype": "F32", "shape": values.shape,
                "data_offsets": [len(data), len(data) + values.nbytes]}
            data += values.tobytes()
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        (model / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
        self.run_program("pooler", "--readout", "cls,pooler", "--save-vectors", "cls,pooler",
                         model=model)
        cls, pooler = (numpy.load(self.folder / "pooler" / f"vectors.layer3.{readout}.npy")
                       for readout in ("cls", "pooler"))
        numpy.testing.assert_allclose(pooler, numpy.tanh(0.5 * cls + 0.25), atol=1e-6)
        numpy.testing.assert_allclose(self.table("pooler")["layer3.pooler.l2"],
                                      numpy.linalg.norm(pooler.astype(float), axis=1), rtol=1e-12)
        self.assertIn("without a pooler",
                      self.run_program("none", "--readout", "pooler", code=1))

    def test_saved_vectors_are_what_the_numbers_are_taken_from(self):
        self.run_program("saved", "--layers", "0,3", "--readout", "cls,mean", "--statistic",
                         "l2,l1,linf", "--save-vectors", "cls,mean")
        table = self.table("saved")
        with pyarrow.ipc.open_file(self.folder / "saved" / "vectors.arrow") as file:
            arrow = file.read_all()
        self.assertEqual(arrow["index"].to_pylist(), table["index"])
        points = [f"layer{layer}.{readout}" for readout in ("cls", "mean") for layer in (3, 0)]
        self.assertEqual(arrow.schema.names[1:], points)
        for point in points:
            vectors = numpy.load(self.folder / "saved" / f"vectors.{point}.npy")
            self.assertEqual((vectors.dtype, vectors.shape), (numpy.float32, (400, 40)))
            numpy.testing.assert_array_equal(
                arrow[point].combine_chunks().flatten().to_numpy().reshape(-1, 40), vectors)
            vectors = vectors.astype(float)
            for statistic, order in (("l2", 2), ("l1", 1), ("linf", math.inf)):
                name = f"{point}.{statistic}"
                numpy.testing.assert_allclose(table[name if name in table else "norm"],
                                              numpy.linalg.norm(vectors, order, axis=1), rtol=1e-12)

    def test_vectors_of_a_run_that_stops_early_are_in_the_order_of_the_corpus(self):
        self.run_program("early", "--save-vectors", "mean", "--until", "0.9")
        table = self.table("early")
        self.assertEqual(table["index"], sorted(table["index"]))
        with pyarrow.ipc.open_file(self.folder / "early" / "vectors.arrow") as file:
            self.assertEqual(file.read_all()["index"].to_pylist(), table["index"])

    def test_relations_and_controls(self):
        self.run_program("controls", "--layers", "all", "--readout", "cls,mean", "--statistic",
                         "l2,centered_l2", "--property", "words,punctuation_share", "--controls")
        results, table = self.results("controls"), self.table("controls")
        grid = results["grid"]
        names = [statistic["name"] for statistic in grid["statistics"]]
        self.assertEqual(grid["properties"], ["tokens", "words", "punctuation_share"])
        self.assertEqual(len(grid["relations"]), 3 * len(names))
        for relation in grid["relations"]:
            name, property_ = relation["statistic"], relation["property"]
            column = name if name in table else "norm"
            values = {"tokens": table["tokens"], "words": [len(t.split()) for t in table["text"]],
                      "punctuation_share": [1 / len(t.replace(" ", "")) for t in table["text"]]
                      }[property_]
            if max(table[column]) == min(table[column]):
                self.assertIsNone(relation["line"])  # [CLS] before the first layer
                continue
            r = statistics.correlation(values, table[column])
            self.assertAlmostEqual(relation["line"]["r_squared"]["value"], r * r, places=9)
            controls = relation["controls"]
            self.assertEqual(controls["sentences"], 400)
            self.assertAlmostEqual(controls["real"], r * r, places=9)
            self.assertEqual(set(controls["measured"]), {"shuffled_words", "random_weights"})
            for control in controls["measured"].values():
                self.assertAlmostEqual(control["real_less_this"]["value"],
                                       controls["real"] - control["r_squared"], places=12)
            self.assertNotIn(property_, relation["partial"]["given"] if relation["partial"] else [])
        layers = results["manifest"]["model"]["config"]["layers"]
        self.assertEqual([probe["layer"] for probe in results["probes"]],
                         list(range(layers, -1, -1)))
        for probe in results["probes"]:
            self.assertEqual(probe["sentences"], 400)
            self.assertEqual(set(probe["controls"]), {"shuffled_words", "random_weights"})
        shares = results["dimensions"]["shares"]
        self.assertAlmostEqual(sum(share["share"] for share in shares), 1, places=9)
        for share in shares:
            self.assertAlmostEqual(share["scale_share"] + share["shift_share"], share["share"], 9)

    def rated(self):
        """A table of texts with ratings, some of them missing, in all formats."""
        rows = [{"id": i, "text": text, "by": {"rating": None if i % 5 == 0 else len(text) + i % 7}}
                for i, text in enumerate(self.corpus.read_text().splitlines())]
        table = pyarrow.Table.from_pylist(rows)
        pyarrow.parquet.write_table(table, self.folder / "rated.parquet", row_group_size=100)
        with pyarrow.ipc.new_file(self.folder / "rated.arrow", table.schema) as file:
            file.write_table(table)
        (self.folder / "rated.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        (self.folder / "rated.csv").write_text("id;text;by.rating\n" + "".join(
            f"{row['id']};{row['text']};{row['by']['rating'] or ''}\n" for row in rows))
        return rows

    def test_columns_of_the_corpus_are_properties(self):
        rows = self.rated()
        tables = {}
        for kind in ("parquet", "arrow", "jsonl", "csv"):
            self.run_program(kind, "--corpus", f"rated.{kind}", "--property",
                             "column:by.rating,words,column:id", "--controls")
            table, grid = self.table(kind), self.results(kind)["grid"]
            self.assertEqual(table["column:by.rating"], [row["by"]["rating"] for row in rows])
            self.assertEqual(table["column:id"], list(range(400)))
            self.assertEqual(grid["properties"], ["tokens", "words", "column:by.rating", "column:id"])
            self.assertEqual(self.results(kind)["manifest"]["options"]["properties"], grid["properties"])
            rating = grid["relations"][2]
            self.assertEqual((rating["property"], rating["sentences"]), ("column:by.rating", 320))
            known = [(x, y) for x, y in zip(table["column:by.rating"], table["norm"]) if x is not None]
            r = statistics.correlation(*zip(*known))
            self.assertAlmostEqual(rating["line"]["r_squared"]["value"], r * r, places=9)
            self.assertAlmostEqual(rating["controls"]["real"], r * r, places=9)
            self.assertEqual(rating["controls"]["sentences"], 320)
            self.assertIn("by.rating", (self.folder / kind / "report.html").read_text())
            tables[kind] = (self.folder / kind / "measurements.parquet").read_bytes()
        self.assertEqual(len(set(tables.values())), 1)

    def test_columns_go_with_samples_parts_and_prose(self):
        rows = self.rated()
        column = ["--property", "column:by.rating"]
        for sample in ("uniform", "head", "stratified", "blocks"):
            self.run_program(sample, "--corpus", "rated.parquet", *column, "--sentences", 60, "--sample", sample)
            table = self.table(sample)
            self.assertEqual(table["column:by.rating"], [rows[i]["by"]["rating"] for i in table["index"]])
        self.run_program("all", "--corpus", "rated.csv", *column, "--until", "0.9")
        self.assertEqual(self.table("all")["column:by.rating"],
                         [rows[i]["by"]["rating"] for i in self.table("all")["index"]])
        self.run_program("whole", "--corpus", "rated.jsonl", *column)
        for part in (1, 2):
            self.run_program("halves", "--corpus", "rated.jsonl", *column, "--shard", f"{part}/2")
        subprocess.run([PROGRAM, "merge", "halves", "--quiet"], cwd=self.folder, check=True)
        self.assertEqual(*((self.folder / out / "measurements.parquet").read_bytes() for out in ("whole", "halves")))
        (self.folder / "prose.csv").write_text("n,text\n1,One is here. Two is here.\n2,Three is here.\n")
        self.run_program("prose", "--corpus", "prose.csv", "--prose", "--property", "column:n")
        self.assertEqual(self.table("prose")["column:n"], [1, 1, 2])

    def test_columns_of_any_size_have_a_report(self):
        columns = {"large": lambda i: (-1) ** i * 1e50, "beyond": lambda i: 1e308 / (i + 1), "small": lambda i: i * 1e-52,
                   "constant": lambda i: 7, "null": lambda i: None, "<b id='odd'>\n": lambda i: i % 3}
        (self.folder / "odd.jsonl").write_text("".join(
            json.dumps({"text": text, **{name: value(i) for name, value in columns.items()}}) + "\n"
            for i, text in enumerate(self.corpus.read_text().splitlines())))
        self.run_program("odd", "--corpus", "odd.jsonl", "--layers", "0,3", "--controls",
                         *(f"--property=column:{name}" for name in columns))
        relations = {r["property"]: r["sentences"] for r in self.results("odd")["grid"]["relations"]}
        self.assertEqual(relations, {"tokens": 400, **{f"column:{name}": 400 for name in columns},
                                     "column:beyond": 0, "column:null": 0})
        self.assertEqual(self.table("odd")["column:beyond"][1], 1e308 / 2)
        counted = {c["name"]: (c["missing"], c["beyond"]) for c in self.results("odd")["manifest"]["number_columns"]}
        self.assertEqual(counted, {**{name: (0, 0) for name in columns}, "beyond": (0, 400), "null": (400, 0)})
        page = (self.folder / "odd" / "report.html").read_text()
        self.assertNotIn("<b id=", page)
        self.assertIn("column:&lt;b id=", page)

    def test_columns_that_are_no_numbers(self):
        self.rated()
        for corpus, column, words in (
                ("rated.csv", "rating", "has no column rating; its columns are id, text, by.rating"),
                ("rated.csv", "text", "column text: Row #2: CSV conversion error"),
                ("rated.parquet", "text", "the column text holds no numbers; its columns are id (numbers)"),
                ("rated.jsonl", "by", "has no column by; its columns are id (numbers), text, by.rating"),
                ("corpus.txt", "n", "is plain text, which has no column n")):
            self.assertIn(words, self.run_program("none", "--corpus", corpus, "--property", f"column:{column}", code=1))
        self.assertFalse((self.folder / "none").exists())

    def test_parts_and_threads_give_the_same_bytes(self):
        options = ["--layers", "0,1", "--statistic", "l2,centered_l2", "--controls", "--property",
                   "all", "--save-vectors", "mean"]
        self.run_program("entire", *options, "--threads", 1)
        for part in (1, 2):
            self.run_program("parts", *options, "--threads", 2, "--shard", f"{part}/2")
        subprocess.run([PROGRAM, "merge", "parts", "--quiet"], cwd=self.folder, check=True)
        whole, merged = (self.results(out) for out in ("entire", "parts"))
        for results in (whole, merged):
            del results["manifest"]["timings_s"], results["manifest"]["machine"]["threads"]
            del results["manifest"]["command"]
        self.assertEqual(whole, merged)
        for file in ("measurements.parquet", "vectors.arrow", "vectors.layer1.mean.npy"):
            self.assertEqual(*((self.folder / out / file).read_bytes()
                               for out in ("entire", "parts")), file)

    def test_labels_name_what_was_measured(self):
        vectors = {"cls": "[CLS]", "mean": "mean", "max": "max-pooled"}
        numbers = {"l2": "norm", "l1": "L1 norm", "linf": "largest component", "centered_l2": "norm about the mean"}
        for layer, readout, statistic, property_ in ((3, "cls", "linf", "words"), (1, "mean", "l1", "position"),
                                                     (3, "max", "centered_l2", "capital_share")):
            out = f"{readout}.{statistic}"
            done = subprocess.run(
                [PROGRAM, "run", "--model", MODEL, "--corpus", self.corpus, "--out", out, "--layers", str(layer),
                 "--readout", readout, "--statistic", statistic, "--property", property_],
                capture_output=True, timeout=300, cwd=self.folder, check=True)
            vector = f"{numbers[statistic]} of the {vectors[readout]} embedding"
            question = f"Does the {vector}{'' if layer == 3 else f' in layer {layer}'} encode the length of the sentence?"
            label = vector + ("" if layer == 3 else f", layer {layer}")
            before = {path.name: path.read_bytes() for path in (self.folder / out).iterdir() if path.suffix != ".pdf"}
            page, markdown = before["report.html"].decode(), before["report.md"].decode()
            self.assertTrue(done.stdout.decode().startswith(question + "\n"))
            self.assertIn(f"<h1>{question}</h1>", page)
            self.assertIn(f'"label":"{label}"', page)
            self.assertTrue(markdown.replace("\\", "").startswith(f"# {question}\n"))
            for figure in ("figure.svg", "figure-funnel.svg"):
                self.assertIn(label[0].upper() + label[1:], before[figure].decode())
                self.assertIn("Sentence length (in tokens)", before[figure].decode())
            subprocess.run([PROGRAM, "report", out, "--quiet"], cwd=self.folder, check=True)
            after = {path.name: path.read_bytes() for path in (self.folder / out).iterdir() if path.suffix != ".pdf"}
            self.assertEqual(before.keys(), after.keys())
            for name in before:
                self.assertTrue(before[name] == after[name], name)

    def test_what_there_is_not(self):
        for options, word in ((["--layers", "99"], "layer 99: there is no such layer"),
                              (["--layers", "0", "--readout", "pooler"], "last layer")):
            self.assertIn(word, self.run_program("none", *options, code=1))
        for options, word in ((["--readout", "median"], "median"), (["--statistic", "l3"], "l3"),
                              (["--layers", "1,"], "an empty name"), (["--property", "mood"], "mood"), (["--property", "column:"], "column:NAME"), (["--save-vectors", "all"], "all")):
            self.assertIn(word, self.run_program("none", *options, code=2))
        self.assertFalse((self.folder / "none").exists())
        done = subprocess.run([PROGRAM, "run", "--model", MODEL, "--corpus", "-", "--statistic",
                               "centered_l2"], input=b"a b\nc\n", cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("only once", done.stderr.decode())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
