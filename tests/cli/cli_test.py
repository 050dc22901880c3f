#!/usr/bin/env python3
"""The program as its users see it: what it writes, says and returns, for good and bad input.

cli_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
"""

import json
import os
import pathlib
import pty
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import pyarrow.parquet

PROGRAM, SMALL_MODELS = sys.argv[1], pathlib.Path(sys.argv[2])
MODEL = SMALL_MODELS / "hidden40"
FILES = {"figure.png", "figure.svg", "figure.pdf", "grid.csv", "measurements.parquet", "results.json",
         "report.html", "report.md"}
FUNNEL = {"figure-funnel.png", "figure-funnel.svg", "figure-funnel.pdf"}  # where there are 20 sentences


class CliTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="normscope-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.corpus = self.write("corpus.txt", "".join(f"{'a b c ' * (i % 9)}d.\n" for i in range(60)))

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def call(self, *arguments, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, timeout=120,
                              stdout=options.pop("stdout", subprocess.PIPE),
                              stderr=subprocess.PIPE, **options)

    def run_corpus(self, *arguments, corpus=None, model=MODEL, out="out", **options):
        return self.call("run", "--model", model, "--corpus", corpus or self.corpus, "--out", out,
                         *arguments, **options)

    def results(self, out="out"):
        return json.loads((self.folder / out / "results.json").read_bytes())

    def rows(self, out="out"):
        return pyarrow.parquet.read_table(self.folder / out / "measurements.parquet").to_pylist()

    def assert_refused(self, done, *words, code=1, out="out"):
        """One line that holds the words, the exit code, and nothing written."""
        error = done.stderr.decode()
        self.assertEqual(done.returncode, code, error)
        self.assertEqual(error.count("\n"), 1, error)
        self.assertTrue(error.startswith("normscope: "), error)
        for word in words:
            self.assertIn(str(word), error)
        self.assertFalse((self.folder / out).exists(), list(self.folder.iterdir()))


class RunTest(CliTest):
    def test_writes_everything_and_counts_every_sentence(self):
        text = b"".join([b"\xef\xbb\xbfa b\n", b"\n", b"  \t \n", b"bad \xff\xfe utf-8\n",
                         b"word " * 200 + b"\n", b"a b c d\r\n", b"a b\n", b"the last one"])
        done = self.run_corpus("--length-below", 20, corpus=self.write("c.txt", text))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({path.name for path in (self.folder / "out").iterdir()}, FILES)
        counts = self.results()["manifest"]["counts"]
        self.assertEqual(counts["read"], 8)
        self.assertEqual(counts["empty"], 2)
        self.assertEqual(counts["invalid"], 1)
        self.assertEqual(counts["truncated"], 1)
        self.assertEqual(counts["measured"], 5)
        self.assertEqual(counts["outside_length"], 1)
        self.assertEqual(counts["kept"], 4)
        self.assertEqual(counts["encoded"], 4)  # "a b" comes twice
        rows = self.rows()
        self.assertEqual([row["index"] for row in rows], [0, 4, 5, 6, 7])
        self.assertEqual([row["text"] for row in rows][::2], ["a b", "a b c d", "the last one"])
        self.assertEqual([row["truncated"] for row in rows], [False, True, False, False, False])
        self.assertEqual(rows[0]["norm"], rows[3]["norm"])
        for row in rows:
            self.assertGreater(row["norm"], 0)

    def test_default_folder_is_fresh_and_named_after_model_and_corpus(self):
        for seed in (0, 1, 0):
            self.assertEqual(self.call("run", "--model", MODEL, "--corpus", self.corpus, "--sentences", 30,
                                       "--seed", seed).returncode, 0)
        folders = sorted(p.name for p in self.folder.iterdir() if p.is_dir())
        self.assertEqual(folders, ["normscope-hidden40-corpus", "normscope-hidden40-corpus-2"])

    def test_numbers_do_not_depend_on_threads_or_on_the_rest_of_the_corpus(self):
        self.run_corpus("--threads", 1, out="one")
        self.run_corpus("--threads", 3, out="three")
        self.assertEqual(self.rows("one"), self.rows("three"))
        part = self.write("part.txt", "\n".join(self.corpus.read_text().split("\n")[30:40]))
        self.run_corpus(corpus=part, out="part")
        self.assertEqual([row["norm"] for row in self.rows("part")],
                         [row["norm"] for row in self.rows("one")[30:40]])

    def test_sample_is_seeded(self):
        for out, seed in [("a", 1), ("b", 1), ("c", 2)]:
            self.run_corpus("--sentences", 20, "--seed", seed, out=out)
        self.assertEqual(len(self.rows("a")), 20)
        self.assertEqual(self.rows("a"), self.rows("b"))
        self.assertNotEqual(self.rows("a"), self.rows("c"))
        self.assertEqual(self.results("a")["manifest"]["counts"]["not_sampled"], 40)

    def test_until_stops_when_the_interval_is_narrow(self):
        words = [f"{'a b c ' * (i % 9)}{i} d." for i in range(1500)]
        corpus = self.write("long.txt", "\n".join(words))
        self.assertEqual(self.run_corpus("--until", 0.5, corpus=corpus, out="early").returncode, 0)
        early, rows = self.results("early"), self.rows("early")
        self.assertEqual(len(rows), 500)
        self.assertEqual(early["manifest"]["counts"]["not_sampled"], 1000)
        stop = early["manifest"]["early_stop"]
        self.assertEqual((stop["reached"], stop["look"], stop["looks"]), (True, 1, 6))
        low, high = early["grid"]["relations"][0]["line"]["r_squared"]["interval_95"]
        self.assertLess(high - low, 0.5)
        indices = [row["index"] for row in rows]
        self.assertEqual(indices, sorted(indices))
        self.assertGreater(indices[-1], 1200)  # of all the corpus, not of its beginning

        self.run_corpus("--until", 0.5, corpus=corpus, out="again")
        self.assertEqual(self.rows("again"), rows)
        # What is never reached measures everything, and gives the same numbers as without.
        self.run_corpus("--until", 0.000001, corpus=corpus, out="all")
        self.run_corpus(corpus=corpus, out="plain")
        self.assertEqual(self.rows("all"), self.rows("plain"))
        stop = self.results("all")["manifest"]["early_stop"]
        self.assertEqual((stop["reached"], stop["look"]), (False, 6))
        wide, plain = (self.results(out)["grid"]["relations"][0]["line"]["r_squared"] for out in ("all", "plain"))
        self.assertEqual(wide["value"], plain["value"])
        self.assertGreater(wide["interval_95"][1], plain["interval_95"][1])
        self.assertIsNone(self.results("plain")["manifest"]["early_stop"])

    def test_reduced_precision_says_what_it_costs(self):
        if b"avx512_bf16" not in self.call("--version").stdout:
            self.assert_refused(self.run_corpus("--precision", "bf16"), "AVX512_BF16")
            return
        self.assertEqual(self.run_corpus("--precision", "bf16").returncode, 0)
        self.run_corpus(out="fp32")
        pairs = zip(self.rows(), self.rows("fp32"))
        differences = [abs(a["norm"] / b["norm"] - 1) for a, b in pairs]
        error = self.results()["manifest"]["machine"]["precision_error"]
        self.assertEqual(error["sentences"], 60)
        self.assertAlmostEqual(error["largest"], max(differences), delta=1e-12)
        self.assertGreater(error["largest"], 1e-6)
        self.assertIsNone(self.results("fp32")["manifest"]["machine"]["precision_error"])

    def test_standard_input_and_folders(self):
        with open(self.corpus, "rb") as corpus:
            done = self.run_corpus(corpus="-", stdin=corpus)
        self.assertEqual(done.returncode, 0, done.stderr)
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        writer = threading.Thread(target=lambda: pipe.write_bytes(self.corpus.read_bytes()))
        writer.start()
        self.assertEqual(self.run_corpus(corpus=pipe, out="piped").returncode, 0)
        writer.join()
        self.assertEqual(self.rows("piped"), self.rows())
        self.assertEqual(self.results("piped")["manifest"]["corpus"]["sha256"],
                         self.results()["manifest"]["corpus"]["sha256"])
        self.write("texts/b.txt", "two\n")
        self.write("texts/a/x.txt", "one\n")
        self.assertEqual(self.run_corpus(corpus=self.folder / "texts", out="o2").returncode, 0)
        self.assertEqual([row["text"] for row in self.rows("o2")], ["one", "two"])

    def test_one_sentence_has_measurements_but_no_regression(self):
        done = self.run_corpus(corpus=self.write("one.txt", "only one\n"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.rows()), 1)
        self.assertIsNone(self.results()["grid"]["relations"][0]["line"])
        self.assertIn("regression", done.stdout.decode())

    def test_quiet_says_nothing(self):
        done = self.run_corpus("--quiet")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_progress_is_plain_lines_where_there_is_no_terminal(self):
        done = self.run_corpus()
        self.assertNotIn(b"\r", done.stderr)
        self.assertIn(b"100%", done.stderr)

    def on_terminal(self, **environment):
        """What a run writes on a terminal."""
        try:
            primary, secondary = pty.openpty()
        except OSError as error:
            self.skipTest(f"no terminal to be had here: {error}")
        process = subprocess.Popen([PROGRAM, "run", "--model", str(MODEL), "--corpus", str(self.corpus)],
                                   cwd=self.folder, stdout=secondary, stderr=secondary,
                                   env={**os.environ, **environment})
        os.close(secondary)
        drawn = b""
        try:
            while chunk := os.read(primary, 4096):
                drawn += chunk
        except OSError:
            pass
        os.close(primary)
        self.assertEqual(process.wait(), 0)
        return drawn

    def test_progress_is_drawn_on_a_terminal(self):
        drawn = self.on_terminal(TERM="xterm")
        self.assertIn(b"\r\x1b[K", drawn)
        self.assertIn("sentences", drawn.decode())

    def test_a_dumb_terminal_gets_plain_lines(self):
        drawn = self.on_terminal(TERM="dumb")
        self.assertNotIn(b"\x1b", drawn)
        self.assertNotIn(b"\r", drawn.replace(b"\r\n", b""))
        self.assertIn(b"100%", drawn)

    def test_nothing_is_coloured(self):
        # So there is nothing for NO_COLOR to turn off.
        for environment in ({}, {"NO_COLOR": "1"}):
            drawn = self.on_terminal(TERM="xterm-256color", **environment)
            self.assertNotRegex(drawn, rb"\x1b\[[0-9;]*m")

    def test_a_home_that_cannot_be_written_or_is_not_there(self):
        for home in ("/proc", "/nonexistent"):
            done = self.run_corpus(out="home" + home.replace("/", "-"),
                                   env={"HOME": home, "PATH": os.environ["PATH"]})
            self.assertEqual(done.returncode, 0, done.stderr)
        done = self.call("run", "--corpus", self.corpus, env={"HOME": "/proc", "PATH": os.environ["PATH"]})
        self.assert_refused(done, "all-MiniLM-L6-v2")

    def test_manifest_tells_how_to_repeat_the_run(self):
        self.run_corpus("--seed", 7, "--sentences", 10)
        manifest = self.results()["manifest"]
        self.assertIn("--seed 7", manifest["command"])
        self.assertEqual(manifest["seed"], 7)
        self.assertRegex(manifest["model"]["sha256"], "^[0-9a-f]{64}$")
        self.assertRegex(manifest["corpus"]["sha256"], "^[0-9a-f]{64}$")
        self.assertEqual(set(manifest["timings_s"]),
                         {"load", "read", "tokenize", "encode", "analyse"})


class BadInputTest(CliTest):
    def copy_model(self):
        return pathlib.Path(shutil.copytree(MODEL, self.folder / "model"))

    def test_usage(self):
        for arguments in [[], ["walk"], ["run", "--sentences", "many"], ["run", "--sentences", "-3"],
                          ["sentences", "--sentences", "-3"], ["sentences", "--sentences", "0"],
                          ["run", "--threads", "-1"], ["run", "--seed"], ["run", "--isa", "mmx"],
                          ["run", "--nonsense"], ["run", "--until", "0"], ["run", "--until", "2"], ["tokenize", "--format", "xml"]]:
            done = self.call(*arguments)
            self.assert_refused(done, code=2)
        self.assertIn(b"no command walk ", self.call("walk").stderr)

    def test_help_and_version(self):
        for arguments in [["--help"], ["run", "--help"], ["tokenize", "--help"], ["sentences", "--help"]]:
            done = self.call(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(b"--", done.stdout)
        version = self.call("--version").stdout.decode()
        self.assertRegex(version, r"^normscope \d+\.\d+\.\d+\n")
        self.assertIn("CPU", version)

    def test_no_such_model_or_corpus(self):
        self.assert_refused(self.run_corpus(model="nowhere/at/all"), "nowhere/at/all")
        self.assert_refused(self.run_corpus(corpus="nowhere.txt"), "nowhere.txt")

    def test_folder_that_is_no_model(self):
        (self.folder / "empty").mkdir()
        self.assert_refused(self.run_corpus(model=self.folder / "empty"), "config.json")

    def test_safetensors_that_lie(self):
        model = self.copy_model()
        weights = model / "model.safetensors"
        whole = weights.read_bytes()
        for content in [b"", whole[:7], whole[:100], whole[:-1], whole + b"x",
                        struct.pack("<Q", 1 << 62) + whole[8:], struct.pack("<Q", 2) + b"[]"]:
            weights.write_bytes(content)
            self.assert_refused(self.run_corpus(model=model), "model.safetensors")

    def test_weights_that_are_not_numbers(self):
        model = self.copy_model()
        weights = model / "model.safetensors"
        whole = weights.read_bytes()
        data = 8 + struct.unpack("<Q", whole[:8])[0]
        weights.write_bytes(whole[:data] + b"\xff" * (len(whole) - data))
        self.assert_refused(self.run_corpus("--quiet", model=model), model.name, "sentence 0",
                            "not a finite number")

    def test_config_with_impossible_numbers(self):
        model = self.copy_model()
        config = json.loads((model / "config.json").read_text())
        for key, value in [("hidden_size", 0), ("hidden_size", -40), ("hidden_size", 1 << 60),
                           ("num_attention_heads", 7), ("num_hidden_layers", 1.5),
                           ("vocab_size", "many"), ("hidden_act", "quick_gelu"),
                           ("intermediate_size", 38), ("model_type", "distilbert")]:
            (model / "config.json").write_text(json.dumps({**config, key: value}))
            self.assert_refused(self.run_corpus(model=model), model.name)

    def test_vocabulary_that_does_not_match_the_embedding(self):
        model = self.copy_model()
        with open(model / "vocab.txt", "a") as vocabulary:
            vocabulary.writelines(f"extra{i}\n" for i in range(50_000))
        self.assert_refused(self.run_corpus(model=model), "embedding")

    def test_tokenizer_of_another_kind(self):
        model = self.copy_model()
        (model / "tokenizer.json").write_text(json.dumps({"model": {"type": "CharBPE", "vocab": {}}}))
        self.assert_refused(self.run_corpus(model=model), "CharBPE", "tokenizer.json")

    def test_corpus_without_a_sentence(self):
        self.assert_refused(self.run_corpus(corpus=self.write("empty.txt", "")), "empty.txt")
        self.assert_refused(self.run_corpus(corpus=self.write("blank.txt", "\n \n\n")), "3 empty")

    def test_lengths_that_the_model_cannot_read(self):
        self.assert_refused(self.run_corpus("--max-length", 100_000), "maximum length")
        self.assert_refused(self.run_corpus("--max-length", 2), "maximum length")

    def test_unwritable_folder(self):
        blocked = self.write("file", "in the way")
        done = self.run_corpus(out=blocked)
        self.assertEqual(done.returncode, 1)
        self.assertIn("file", done.stderr.decode())
        done = self.run_corpus(out=blocked / "below")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(blocked.read_text(), "in the way")

    def test_full_disk(self):
        # A limit on the size of files stands in for a disk that is full.
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

        done = self.run_corpus(preexec_fn=limit)
        self.assertEqual(done.returncode, 1, done.stderr)
        left = list((self.folder / "out").iterdir()) if (self.folder / "out").exists() else []
        self.assertTrue({path.name for path in left} <= FILES | FUNNEL | {"shards"}, left)
        self.assertNotIn("results.json", {path.name for path in left})
        self.assertFalse(list((self.folder / "out").glob("**/*partial*")))
        # With room again, the same command goes on.
        self.assertEqual(self.run_corpus().returncode, 0)
        self.assertEqual({path.name for path in (self.folder / "out").iterdir()}, FILES | FUNNEL)

    def test_weights_cut_short_while_they_are_in_use(self):
        model = self.folder / "model"
        shutil.copytree(MODEL, model)
        run = subprocess.Popen(
            [PROGRAM, "run", "--model", model, "--corpus", "-", "--out", self.folder / "out"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # What fills a pipe is read once the model is loaded.
        run.stdin.write(b"a b c\n" * 50_000)
        os.truncate(model / "model.safetensors", 0)
        error = run.communicate()[1].decode()
        self.assertEqual(run.returncode, 1, error)
        self.assertIn("model.safetensors", error)
        self.assertIn("cut short", error.strip().splitlines()[-1])
        self.assertFalse((self.folder / "out" / "results.json").exists())

    def test_corpus_that_vanishes(self):
        # Its folder was listed, then the file is gone: a link that leads nowhere.
        (self.folder / "books").mkdir()
        (self.folder / "books" / "gone.txt").symlink_to(self.folder / "nowhere.txt")
        self.assert_refused(self.run_corpus(corpus="books"), "gone.txt")

    def test_corpus_that_changes_while_it_is_read(self):
        corpus = self.write("growing.txt", "a b\n" * 400_000)
        run = subprocess.Popen(
            [PROGRAM, "run", "--model", MODEL, "--corpus", corpus, "--out", self.folder / "out"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        shards = self.folder / "out" / "shards"
        while run.poll() is None and not shards.exists():
            time.sleep(0.01)
        corpus.write_text("c d e\n" * 400_000)
        error = run.communicate()[1].decode()
        self.assertEqual(run.returncode, 1, error)
        self.assertIn("growing.txt", error)
        self.assertIn("changed", error)
        self.assertFalse((self.folder / "out" / "results.json").exists())

    def test_full_standard_output(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        for command in (["sentences", "--corpus", self.corpus],
                        ["tokenize", "--model", MODEL, self.corpus]):
            with open("/dev/full", "wb") as full:
                done = self.call(*command, stdout=full)
            self.assertEqual(done.returncode, 1, command)
            self.assertEqual(done.stderr.decode().strip().count("\n"), 0, done.stderr)

    def test_hostile_names_do_nothing(self):
        for name in ["a'b\"c`touch x`$(touch y).txt", "{/=99 big}_^@&~.txt", "-leading.txt",
                     "\u202etxt.evil", "new\nline.txt"]:
            corpus = self.write("./" + name, "a b\nc d e\nf\n")
            done = self.run_corpus(corpus=f"./{name}", out="hostile")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual({p.name for p in (self.folder / "hostile").iterdir()}, FILES)
            self.assertFalse((self.folder / "x").exists() or (self.folder / "y").exists())
            corpus.unlink()


class SentencesTest(CliTest):
    def test_prints_what_a_run_would_measure(self):
        prose = self.write("prose.txt", 'Mr. Darcy\ncame in. "Is it so?" cried his wife.\n\nNext one.\n')
        done = self.call("sentences", "--corpus", prose, "--prose")
        self.assertEqual(done.stdout.decode(),
                         'Mr. Darcy came in.\n"Is it so?" cried his wife.\nNext one.\n')
        done = self.call("sentences", "--corpus", self.corpus, "--sentences", 5, "--format", "jsonl")
        printed = [json.loads(line) for line in done.stdout.splitlines()]
        self.run_corpus("--sentences", 5)
        self.assertEqual([(row["index"], row["text"]) for row in printed],
                         [(row["index"], row["text"]) for row in self.rows()])


class TokenizeTest(CliTest):
    def test_formats(self):
        text = self.write("t.txt", "a b\n\nc\n")
        ids = self.call("tokenize", "--model", MODEL, text).stdout.decode().splitlines()
        tokens = self.call("tokenize", "--model", MODEL, "--format", "tokens", text).stdout.decode()
        self.assertEqual(len(ids), 3)
        self.assertEqual(tokens.splitlines()[1].split(), ["[CLS]", "[SEP]"])
        objects = [json.loads(line) for line in self.call(
            "tokenize", "--model", MODEL, "--format", "json", text).stdout.splitlines()]
        self.assertEqual([" ".join(map(str, o["ids"])) for o in objects], ids)

    def test_jsonl_takes_any_string(self):
        lines = "".join(json.dumps(s) + "\n" for s in ["a\x00b\nc", "x\u2028y"])
        with open(self.write("l.jsonl", lines), "rb") as text:
            done = self.call("tokenize", "--model", MODEL, "--input-format", "jsonl",
                             "--format", "json", stdin=text)
        self.assertEqual([json.loads(line)["text"] for line in done.stdout.splitlines()],
                         ["a\x00b\nc", "x\u2028y"])
        done = self.call("tokenize", "--model", MODEL, "--input-format", "jsonl",
                         self.write("bad.jsonl", '"fine"\nnot json\n'))
        self.assertEqual(done.returncode, 1)
        self.assertIn("bad.jsonl", done.stderr.decode())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
