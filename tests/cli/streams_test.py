#!/usr/bin/env python3
"""Standard streams that are closed, full or not read: no message is worth a run, and no result goes missing unseen.

streams_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import pyarrow.parquet

from cli_test import FILES, FUNNEL, MODEL, PROGRAM

RUN = ["run", "--model", str(MODEL), "--corpus", "corpus.txt", "--out", "out"]
# A command, the folder that it writes into and what is there afterwards.
WRITING = {"run": (RUN, "out", FILES | FUNNEL),
           "merge": (["merge", "parts", "--out", "out"], "out", FILES | FUNNEL),
           "report": (["report", "done"], "done", FILES | FUNNEL),
           "compare": (["compare", "done", "other", "--out", "out"], "out",
                       {"compare.json", "compare.md", "figure-compare.png", "figure-compare.svg",
                        "figure-compare.pdf"})}
PRINTING = {"sentences": ["sentences", "--corpus", "corpus.txt"],
            "tokenize": ["tokenize", "--model", str(MODEL), "corpus.txt"],
            "models": ["models"], "help": ["run", "--help"], "version": ["--version"]}


class StreamsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="normscope-streams-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "corpus.txt").write_text("".join(f"{'a b c ' * (i % 9)}d.\n" for i in range(60)))
        for seed, out in enumerate(("done", "other")):
            cls.call(RUN[:-1] + [out, "--quiet", "--sentences", "50", "--seed", str(seed)], check=True)
        cls.call(RUN[:-1] + ["parts", "--quiet", "--shard", "1/1"], check=True)
        if not (cls.folder / "parts" / "shards").exists():  # a single part is a whole run
            shutil.rmtree(cls.folder / "parts")
            (cls.folder / "corpus.txt").write_text("".join(f"{'a b c ' * (i % 9)}d.\n" for i in range(5000)))
            for part in ("1/2", "2/2"):
                cls.call(RUN[:-1] + ["parts", "--quiet", "--shard", part], check=True)

    @classmethod
    def call(cls, arguments, redirected="", **options):
        """Through a shell, which can close descriptors."""
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(["sh", "-c", f'exec "$0" "$@" {redirected}', PROGRAM, *arguments], cwd=cls.folder,
                              timeout=300, **options)

    def check_files(self, out, files):
        self.assertEqual({path.name for path in (self.folder / out).iterdir()}, files)
        if "results.json" in files:
            results = json.loads((self.folder / out / "results.json").read_bytes())
            rows = pyarrow.parquet.read_table(self.folder / out / "measurements.parquet").num_rows
            self.assertEqual(results["manifest"]["counts"]["measured"], rows)

    def test_no_standard_error(self):
        for redirected in ("2>&-", "2>/dev/full", "0<&- 2>&-"):
            for name, (arguments, out, files) in WRITING.items():
                with self.subTest(name, redirected=redirected):
                    shutil.rmtree(self.folder / "out", ignore_errors=True)
                    self.assertEqual(self.call(arguments, redirected).returncode, 0)
                    self.check_files(out, files)
            for name, arguments in PRINTING.items():
                with self.subTest(name, redirected=redirected):
                    done = self.call(arguments, redirected)
                    self.assertEqual(done.returncode, 0)
                    self.assertEqual(done.stdout, self.call(arguments).stdout)

    def test_standard_error_that_nobody_reads(self):
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        for arguments in (RUN, PRINTING["sentences"]):
            reading, writing = os.pipe()
            os.close(reading)
            self.assertEqual(self.call(arguments, stderr=writing).returncode, 0, arguments)
            os.close(writing)
        self.check_files("out", FILES | FUNNEL)

    def test_errors_keep_their_status_where_they_cannot_be_told(self):
        for redirected in ("2>&-", "2>/dev/full"):
            self.assertEqual(self.call(["report", "nowhere"], redirected).returncode, 1)
            self.assertEqual(self.call(["walk"], redirected).returncode, 2)

    def test_no_standard_output(self):
        for redirected in (">&-", ">/dev/full", "0<&- >&-"):
            for name, (arguments, out, files) in WRITING.items():
                with self.subTest(name, redirected=redirected):
                    shutil.rmtree(self.folder / "out", ignore_errors=True)
                    done = self.call(arguments, redirected)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    said = done.stderr.decode().splitlines()
                    self.assertRegex(said[-1], "^normscope: .*(Bad file descriptor|No space left on device)$")
                    self.assertFalse([line for line in said[:-1] if line.startswith("normscope:")])
                    self.check_files(out, files)
            for name, arguments in PRINTING.items():
                with self.subTest(name, redirected=redirected):
                    done = self.call(arguments, redirected)
                    self.assertEqual(done.returncode, 1)
                    self.assertRegex(done.stderr.decode(), r"\Anormscope: standard output: [^\n]+\n\Z")

    def test_output_that_nobody_reads_ends_the_program_without_a_word(self):
        reading, writing = os.pipe()
        os.close(reading)
        done = self.call(PRINTING["sentences"], stdout=writing)
        os.close(writing)
        self.assertEqual((done.returncode, done.stderr), (-13, b""))

    def test_no_standard_input(self):
        done = self.call(["run", "--model", str(MODEL), "--corpus", "-", "--out", "none"], "0<&-", stdin=None)
        self.assertEqual(done.returncode, 1)
        self.assertIn("Bad file descriptor", done.stderr.decode())
        self.assertFalse((self.folder / "none").exists())

    def test_none_of_them(self):
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        self.call(RUN, "0<&- >&- 2>&-")
        self.check_files("out", FILES | FUNNEL)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
