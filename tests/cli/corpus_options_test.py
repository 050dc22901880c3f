#!/usr/bin/env python3
"""The corpora that people have, as pyarrow and Python's own libraries write them, through the program.

corpus_options_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
"""

import bz2
import collections
import csv
import gzip
import io
import json
import lzma
import os
import signal
import subprocess
import sys
import time
import unittest

import pyarrow
import pyarrow.feather
import pyarrow.parquet

from cli_test import MODEL, PROGRAM, CliTest

TEXTS = [f"{'w ' * (i % 12)}\u00e9 \"{i}\", said\u3000he" for i in range(3000)]
TABLE = pyarrow.table({"id": pyarrow.array(range(3000)), "text": TEXTS, "other": ["x"] * 3000,
                       "meta": [{"title": text[::-1], "n": 1} for text in TEXTS]})


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def separated(delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["id", "text", "other"])
    writer.writerows((i, text, "x") for i, text in enumerate(TEXTS))
    return text.getvalue().encode()


def ipc(new):
    sink = pyarrow.BufferOutputStream()
    with new(sink, TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=700)
    return sink.getvalue().to_pybytes()


def zstd(content):
    return pyarrow.Codec("zstd").compress(content, asbytes=True)


class CorpusTest(CliTest):
    def sentences(self, corpus, *arguments, **options):
        """The indices and texts that are printed, and the line about them."""
        done = self.call("sentences", "--corpus", corpus, "--format", "jsonl", *arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return [(row["index"], row["text"]) for row in rows], done.stderr.decode()

    def refusal(self, corpus, *arguments, code=1, **options):
        done = self.call("sentences", "--corpus", corpus, *arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        error = done.stderr.decode()
        self.assertEqual(error.count("\n"), 1, error)
        return error


class FormatsTest(CorpusTest):
    def files(self):
        rows = jsonl(TABLE.to_pylist())
        yield "plain", "\n".join(TEXTS).encode()
        yield "t.jsonl", rows
        yield "t.csv", separated(",")
        yield "semicolons.csv", separated(";")
        yield "t.tsv", separated("\t")
        yield "t.arrows", ipc(pyarrow.ipc.new_stream)
        yield "t.arrow", ipc(pyarrow.ipc.new_file)
        for compress in (gzip.compress, bz2.compress, lzma.compress, zstd):
            yield "misnamed", compress(rows)
            yield "t.csv.gz", compress(separated(","))
            yield "plain.gz", compress("\n".join(TEXTS[:1000]).encode() + b"\n") + compress(
                "\n".join(TEXTS[1000:]).encode())

    def test_all_give_the_same_sentences(self):
        expected = list(enumerate(TEXTS))
        for name, content in self.files():
            rows, said = self.sentences(self.write(name, content))
            self.assertEqual(rows, expected, name)
            self.assertEqual("column text" in said, not name.startswith("plain"), name)

    def test_standard_input_tells_the_same(self):
        expected = list(enumerate(TEXTS))
        for name, content in self.files():
            if ".csv" in name or ".tsv" in name:  # which only a name tells
                format = ["--corpus-format", "csv"]
            else:
                format = []
            self.assertEqual(self.sentences("-", *format, stdin=None, input=content)[0], expected, name)

    def test_parquet_and_feather(self):
        path = self.folder / "t"
        for compression in ("none", "snappy", "zstd", "gzip"):
            for more in ({"row_group_size": 700}, {"use_dictionary": False, "data_page_version": "2.0"}):
                pyarrow.parquet.write_table(TABLE, path, compression=compression, **more)
                self.assertEqual(self.sentences(path)[0], list(enumerate(TEXTS)), compression)
        for compression in ("uncompressed", "lz4", "zstd"):
            pyarrow.feather.write_feather(TABLE, path, compression=compression, chunksize=700)
            self.assertEqual(self.sentences(path)[0], list(enumerate(TEXTS)), compression)
        pyarrow.parquet.write_table(TABLE, path)
        error = self.refusal("-", stdin=None, input=path.read_bytes())
        self.assertIn("standard input: Parquet", error)

    def test_columns(self):
        pyarrow.parquet.write_table(TABLE, self.folder / "t.parquet")
        for path in (self.folder / "t.parquet", self.write("t.jsonl", jsonl(TABLE.to_pylist())),
                     self.write("t.arrow", ipc(pyarrow.ipc.new_file))):
            rows, said = self.sentences(path, "--column", "meta.title")
            self.assertEqual(rows, [(i, text[::-1]) for i, text in enumerate(TEXTS)])
            self.assertIn("column meta.title", said)
            error = self.refusal(path, "--column", "title")
            self.assertIn("has no column title; its columns are id (numbers), text, other, meta.title", error)
            self.assertIn("holds no text", self.refusal(path, "--column", "id"))

    def test_rows_without_text_are_empty(self):
        table = pyarrow.table({"text": ["a", None, " ", "b"]})
        pyarrow.parquet.write_table(table, self.folder / "t.parquet")
        for path in (self.folder / "t.parquet", self.write("t.jsonl", jsonl(table.to_pylist()))):
            rows, said = self.sentences(path)
            self.assertEqual(rows, [(0, "a"), (3, "b")])
            self.assertIn("4 read, 2 empty", said)

    def test_format_overrides(self):
        path = self.write("t.jsonl", '{"text": "a"}\n')
        self.assertEqual(self.sentences(path, "--corpus-format", "text")[0], [(0, '{"text": "a"}')])
        self.assertIn("parquet", self.refusal(path, "--corpus-format", "parquet").lower())
        self.refusal(path, "--corpus-format", "xml", code=2)

    def test_damage_is_refused(self):
        whole = gzip.compress(jsonl(TABLE.to_pylist()))
        for content in (whole[:-5], whole[:2000], whole + b"trailing", whole[:3000] + b"x" + whole[3001:]):
            self.assertIn("t.jsonl.gz", self.refusal(self.write("t.jsonl.gz", content)))
        pyarrow.parquet.write_table(TABLE, self.folder / "t.parquet")
        whole = (self.folder / "t.parquet").read_bytes()
        page = pyarrow.parquet.read_metadata(self.folder / "t.parquet").row_group(0).column(1).data_page_offset
        for content in (whole[:-5], whole[:100], whole[:page] + bytes(500) + whole[page + 500:]):
            self.assertIn("t.parquet", self.refusal(self.write("t.parquet", content)))

    def test_folders_and_patterns(self):
        self.write("data/1.jsonl.gz", gzip.compress(jsonl([{"text": "one"}])))
        self.write("data/2.csv", "text,n\ntwo,1\n")
        self.write("data/deep/3.txt", "three\n")
        self.assertEqual([text for _, text in self.sentences("data")[0]], ["one", "two", "three"])
        self.assertEqual(self.sentences("data/[12]*")[0], [(0, "one"), (1, "two")])
        self.assertEqual(self.sentences("data/*")[0], self.sentences("data")[0])
        self.assertIn("matches no file", self.refusal("data/*.parquet"))
        self.write("data/picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        self.assertIn("picture.png", self.refusal("data"))


class ChoiceTest(CorpusTest):
    def test_short_and_repeated_sentences_are_counted(self):
        corpus = self.write("c.txt", b"a b c\na\na b c\n\n\xff\nd e f g\n a b c\nb\na b c\n")
        rows, said = self.sentences(corpus, "--min-words", 3, "--dedup")
        self.assertEqual(rows, [(0, "a b c"), (5, "d e f g"), (6, " a b c")])
        self.assertIn("3 of 3 sentences printed; 9 read, 1 empty, 1 not UTF-8, 2 with too few words, "
                      "2 read before", said)
        for more in ([], ["--sentences", 2]):
            out = f"out{len(more)}"
            done = self.run_corpus("--min-words", 3, "--dedup", *more, corpus=corpus, out=out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("2 with too few words, 2 read before", done.stdout.decode())
            counts = self.results(out)["manifest"]["counts"]
            self.assertEqual(counts["read"], sum(counts[name] for name in (
                "empty", "invalid", "too_few_words", "duplicates", "not_sampled", "measured")))
            self.assertEqual((counts["too_few_words"], counts["duplicates"]), (2, 2))

    def test_samples(self):
        corpus = self.write("c.txt", "\n".join(["w " * (i % 20 + 1) + str(i) for i in range(2000)] +
                                               ["one two three " * 40 + str(i) for i in range(7)]))
        head, _ = self.sentences(corpus, "--sentences", 10, "--sample", "head", "--seed", 4)
        self.assertEqual([index for index, _ in head], list(range(10)))
        even, _ = self.sentences(corpus, "--sentences", 100, "--sample", "stratified")
        lengths = collections.Counter(min(100, len(text.split())) for _, text in even)
        self.assertEqual(lengths[100], 5)
        self.assertEqual(set(lengths.values()), {4, 5})
        self.assertEqual(even, self.sentences(corpus, "--sentences", 100, "--sample", "stratified")[0])
        self.assertNotEqual(even, self.sentences(corpus, "--sentences", 100, "--sample", "stratified",
                                                 "--seed", 1)[0])
        for arguments in (["--sample", "head"], ["--sentences", 5, "--sample", "most"],
                          ["--min-words", 0], ["--min-words", -1]):
            self.refusal(corpus, *arguments, code=2)

    def test_blocks_are_whole_row_groups_drawn_at_random(self):
        for file, first in (("a", 0), ("b", 600)):
            table = pyarrow.table({"text": [f"w {i}" if i % 10 else "" for i in range(first, first + 600)],
                                   "n": list(range(600))})
            (self.folder / "data").mkdir(exist_ok=True)
            pyarrow.parquet.write_table(table, self.folder / "data" / f"{file}.parquet", row_group_size=50)
        drawn = []
        for seed in range(12):
            rows, said = self.sentences("data", "--sentences", 100, "--sample", "blocks", "--seed", seed)
            self.assertEqual(len(rows), 100)
            self.assertTrue(all(text == f"w {index}" for index, text in rows))
            groups = {index // 50 for index, _ in rows}
            self.assertEqual(len(groups), 3)  # of 45 sentences each
            self.assertIn("100 of 135 sentences printed; 150 read, 15 empty", said)
            drawn.append(groups)
        self.assertGreater(len(set.union(*drawn)), 12)
        self.assertEqual(len(self.sentences("data", "--sentences", 5000, "--sample", "blocks")[0]), 1080)
        done = self.run_corpus("--sentences", 100, "--sample", "blocks", corpus="data")
        self.assertEqual(done.returncode, 0, done.stderr)
        for text in (done.stdout.decode(), (self.folder / "out" / "report.md").read_text(),
                     (self.folder / "out" / "report.html").read_text()):
            self.assertIn("from 3 of 24 Parquet row groups", text)
        manifest = self.results()["manifest"]
        self.assertEqual(manifest["options"]["blocks"], {"read": 3, "all": 24})
        self.assertEqual([(row["index"], row["text"]) for row in self.rows()],
                         self.sentences("data", "--sentences", 100, "--sample", "blocks")[0])

    def test_blocks_of_what_has_none(self):
        text = self.write("c.txt", "a\nb\n")
        blocks = ["--sentences", 5, "--sample", "blocks"]
        self.assertIn("not a Parquet file", self.refusal(text, *blocks))
        self.assertIn("prose", self.refusal(text, *blocks, "--prose"))
        self.assertIn("Parquet", self.refusal(self.write("c.gz", gzip.compress(b"PAR1")), *blocks))
        (self.folder / "cut.parquet").write_bytes(b"PAR1 and no more")
        self.assertIn("cut.parquet", self.refusal("cut.parquet", *blocks))
        self.refusal(text, "--sample", "blocks", code=2)

    def test_results_say_how_the_sentences_were_chosen(self):
        path = self.write("c.jsonl", jsonl([{"a": {"b": f"w {i}"}} for i in range(50)]))
        done = self.run_corpus("--column", "a.b", "--sentences", 20, "--sample", "stratified",
                               "--dedup", "--min-words", 2, corpus=path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not of the corpus", done.stdout.decode())
        manifest = self.results()["manifest"]
        self.assertEqual((manifest["corpus"]["columns"], manifest["corpus"]["format"]), (["a.b"], "auto"))
        options = manifest["options"]
        self.assertEqual((options["sample"], options["dedup"], options["min_words"]), ("stratified", True, 2))
        self.assertEqual([(row["index"], row["text"]) for row in self.rows()], self.sentences(
            path, "--sentences", 20, "--sample", "stratified", "--dedup", "--min-words", 2)[0])

    def test_another_choice_is_another_run(self):
        path = self.write("c.jsonl", jsonl([{"a": f"w {i}", "b": f"v {i}"} for i in range(50)]))
        usual = ["--column", "a", "--sentences", 40]
        # A part of a run leaves its shards for the other parts.
        self.assertEqual(self.run_corpus(*usual, "--shard", "1/2", corpus=path).returncode, 0)
        for named, other in [("text column", ["--column", "b", "--sentences", 40]),
                             ("deduplication", usual + ["--dedup"]),
                             ("fewest words", usual + ["--min-words", 2]),
                             ("sample", usual + ["--sample", "head"]),
                             ("corpus format", usual + ["--corpus-format", "jsonl"])]:
            done = self.run_corpus(*other, "--shard", "2/2", corpus=path)
            self.assertEqual(done.returncode, 1, other)
            self.assertIn(named, done.stderr.decode())
        self.assertEqual(self.run_corpus(*usual, "--shard", "2/2", corpus=path).returncode, 0)

    def test_a_signal_ends_a_run_that_waits_for_input(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for sent in (b"", b"a b\n" * 10, b"PAR", b"\x1f\x8b\x08"):
                reading, writing = os.pipe()
                os.write(writing, sent)
                process = subprocess.Popen([PROGRAM, "run", "--model", str(MODEL), "--corpus", "-",
                                            "--out", "waits"], cwd=self.folder, stdin=reading,
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                os.close(reading)
                time.sleep(0.5)
                self.assertIsNone(process.poll())
                start = time.monotonic()
                process.send_signal(number)
                process.communicate(timeout=60)
                self.assertEqual(process.returncode, 128 + number)
                self.assertLess(time.monotonic() - start, 5)
                os.close(writing)
                self.assertFalse((self.folder / "waits" / "results.json").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
