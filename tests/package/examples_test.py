#!/usr/bin/env python3
"""The programs in examples/, built outside of this project with an installed normscope.

examples_test.py EXAMPLES SMALL_MODELS [PROGRAM] (the folder that they were built in, the one that
tests/reference/small_models.py writes, and the program that gives the numbers to compare with)
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy

EXAMPLES, SMALL_MODELS = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
PROGRAM = sys.argv[3] if len(sys.argv) > 3 else None
MODEL, HIDDEN_SIZE = SMALL_MODELS / "hidden40", 40
SENTENCES = ["a b c.", "d", "c b a b c a, b c a b c a b.", "a b c " * 40]
# What is installed finds its libraries by itself.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}


def call(program, *arguments, **options):
    return subprocess.run([program, *map(str, arguments)], env=ENVIRONMENT, timeout=120, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


class EmbedTest(unittest.TestCase):
    def embed(self, *sentences, **options):
        done = call(EXAMPLES / "embed", MODEL, *sentences, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return numpy.array([line.split() for line in done.stdout.splitlines()], dtype=numpy.float32)

    def test_one_vector_per_sentence(self):
        vectors = self.embed(*SENTENCES)
        self.assertEqual(vectors.shape, (len(SENTENCES), HIDDEN_SIZE))
        for sentence, vector in zip(SENTENCES, vectors):
            self.assertTrue((self.embed(sentence) == vector).all())

    def test_sentences_from_standard_input(self):
        vectors = self.embed(input="".join(sentence + "\n" for sentence in SENTENCES))
        self.assertTrue((vectors == self.embed(*SENTENCES)).all())

    def test_errors_are_told(self):
        done = call(EXAMPLES / "embed", SMALL_MODELS / "none", "a")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"^embed: .*none: has neither tokenizer.json nor .*\n$")

    @unittest.skipUnless(PROGRAM, "needs the program")
    def test_vectors_are_those_of_a_run(self):
        with tempfile.TemporaryDirectory(prefix="normscope-examples-") as folder:
            corpus, out = pathlib.Path(folder, "corpus.txt"), pathlib.Path(folder, "out")
            corpus.write_text("".join(sentence + "\n" for sentence in SENTENCES))
            done = call(PROGRAM, "run", "--model", MODEL, "--corpus", corpus, "--out", out,
                        "--max-length", "64", "--length-below", "1000", "--truncated", "keep",
                        "--save-vectors", "cls")
            self.assertIn(done.returncode, (0, 3), done.stderr)
            saved, = out.glob("vectors.*.npy")
            self.assertTrue((self.embed(*SENTENCES) == numpy.load(saved)).all())


@unittest.skipUnless(PROGRAM, "needs the program")
class ExperimentTest(unittest.TestCase):
    def test_results_are_those_of_the_program(self):
        with tempfile.TemporaryDirectory(prefix="normscope-examples-") as name:
            folder = pathlib.Path(name)
            corpus = folder / "corpus.txt"
            corpus.write_text("".join(f"a b c{' a b' * (i * 7 % 19)} {i}.\n" for i in range(300)))
            for out, done in (("program", call(PROGRAM, "run", "--quiet", "--model", MODEL, "--corpus", corpus,
                                               "--out", folder / "program")),
                              ("example", call(EXAMPLES / "experiment", MODEL, corpus, folder / "example"))):
                self.assertEqual(done.returncode, 0, (out, done.stderr))
            self.assertTrue(done.stdout.endswith(f"{folder / 'example' / 'report.html'}\n"), done.stdout)
            texts = []
            for out in ("program", "example"):
                results = json.loads((folder / out / "results.json").read_text())
                del results["manifest"]["timings_s"], results["manifest"]["command"]
                texts.append(json.dumps(results))
            self.assertEqual(*texts)
            self.assertEqual(*(sorted(path.name for path in (folder / out).iterdir()) for out in ("program", "example")))
            for file in ("measurements.parquet", "grid.csv", "figure.png", "figure-funnel.svg"):
                self.assertEqual(*((folder / out / file).read_bytes() for out in ("program", "example")), file)

    def test_errors_are_told(self):
        done = call(EXAMPLES / "experiment", MODEL, "no/such/corpus", "out")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"^experiment: no/such/corpus: is not a file[^\n]*\n$")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
