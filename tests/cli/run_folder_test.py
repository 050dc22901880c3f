#!/usr/bin/env python3
"""A run's folder can be trusted: nothing of the user's is lost, and no two runs are ever mixed.

run_folder_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
NORMSCOPE_KILLS says how often a run is killed while it overwrites another, and how often two runs
are started together (4).
"""

import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import pyarrow.parquet

PROGRAM, SMALL_MODELS = sys.argv[1], pathlib.Path(sys.argv[2])
MODEL = SMALL_MODELS / "hidden40"
KILLS = int(os.environ.get("NORMSCOPE_KILLS", "4"))


class RunFolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="normscope-run-folder-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        draw = random.Random(3)
        (self.folder / "corpus.txt").write_text(
            "".join(" ".join(draw.choices("abcde", k=draw.randint(1, 30))) + f" {i}.\n" for i in range(12_000)))

    def command(self, *arguments, sentences=300, out="out"):
        return [PROGRAM, "run", "--model", str(MODEL), "--corpus", "corpus.txt", "--sentences", str(sentences),
                "--out", str(out), "--quiet", *map(str, arguments)]

    def call(self, *command):
        return subprocess.run([*map(str, command)], cwd=self.folder, capture_output=True, timeout=300)

    def run_it(self, *arguments, **options):
        done = self.call(*self.command(*arguments, **options))
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def refused(self, command, *words):
        before = self.tree()
        done = self.call(*command)
        error = done.stderr.decode()
        self.assertEqual(done.returncode, 1, error)
        self.assertEqual(error.count("\n"), 1, error)
        for word in words:
            self.assertIn(word, error)
        self.assertEqual(self.tree(), before)

    def tree(self):
        return {str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in self.folder.rglob("*") if path.is_file()}

    def names(self, out="out"):
        return {path.name for path in (self.folder / out).iterdir()}

    def results(self, out="out"):
        return json.loads((self.folder / out / "results.json").read_bytes())

    def table(self, out="out"):
        return pyarrow.parquet.read_table(self.folder / out / "measurements.parquet")

    def test_data_of_the_users_own_is_never_touched(self):
        mine = self.folder / "project" / "shards" / "train" / "000.tar"
        mine.parent.mkdir(parents=True)
        mine.write_text("data")
        self.refused(self.command(out="project"), "shards", "not made by normscope")
        shutil.rmtree(self.folder / "project" / "shards")
        for name in ("report.md", "figure.png", "results.json", "measurements.parquet"):
            (self.folder / "project" / name).write_text("mine")
            for more in ([], ["--overwrite"]):
                self.refused(self.command(*more, out="project"), f"project/{name}")
            (self.folder / "project" / name).unlink()

    def test_a_run_that_fails_takes_nothing_with_it(self):
        bad = pathlib.Path(shutil.copytree(MODEL, self.folder / "bad"))
        weights = bad / "model.safetensors"
        whole = weights.read_bytes()
        data = 8 + int.from_bytes(whole[:8], "little")
        weights.write_bytes(whole[:data] + b"\xff" * (len(whole) - data))
        (self.folder / "out").mkdir()
        (self.folder / "out" / "notes.txt").write_text("mine")
        command = self.command()
        command[command.index(str(MODEL))] = "bad"
        self.refused(command, "not a finite number")

    def test_a_finished_run_is_left_alone(self):
        self.run_it()
        before = self.tree()
        done = self.call(*(word for word in self.command() if word != "--quiet"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("finished", done.stdout.decode())
        self.assertEqual(self.tree(), before)
        for more, word in ((["--seed", 1], "seed is 0, not 1"), (["--length-below", 20], "length limit is 80, not 20"),
                           (["--layers", "all"], "statistics"), (["--truncated", "keep"], "rule for truncated sentences is auto, not keep")):
            self.refused(self.command(*more), "another run, finished", word, "overwrite")
        self.refused(self.command(sentences=299), "sentences is 300, not 299")

    def test_overwriting_leaves_no_file_of_the_old_run(self):
        self.run_it("--layers", "all", "--readout", "cls,mean", "--probes", "--save-vectors", "cls", sentences=600)
        old = self.names()
        self.assertIn("vectors.layer2.cls.npy", old)
        self.assertIn("figure-layers.png", old)
        self.assertEqual(old - set(self.results()["manifest"]["files"]), set())
        (self.folder / "out" / "notes.txt").write_text("mine")
        self.run_it("--overwrite")
        new = self.names()
        self.assertFalse([name for name in new if name.startswith(("vectors", "figure-layers", "figure-probe"))])
        self.assertIn("notes.txt", new)
        self.assertEqual(self.table().num_rows, 300)
        # And again, the very same run.
        before = self.table()
        self.run_it("--overwrite")
        self.assertTrue(self.table().equals(before))

    def test_hashes_are_those_of_the_files(self):
        self.run_it("--save-vectors", "cls")
        hashes = self.results()["manifest"]["sha256"]
        self.assertEqual(set(hashes), {"measurements.parquet", "vectors.arrow", "vectors.layer3.cls.npy"})
        for name, digest in hashes.items():
            self.assertEqual(hashlib.sha256((self.folder / "out" / name).read_bytes()).hexdigest(), digest)
        self.assertEqual(self.call(PROGRAM, "report", "out").returncode, 0)
        self.run_it("--seed", 4, out="other")
        for name in ("measurements.parquet", "vectors.arrow"):
            kept = (self.folder / "out" / name).read_bytes()
            (self.folder / "out" / name).write_bytes(kept[:200] + bytes([kept[200] ^ 1]) + kept[201:])
            for command in (["report", "out"], ["compare", "other", "out"]):
                self.refused([PROGRAM, *command], f"out/{name}", "not the file that results.json belongs to")
            (self.folder / "out" / name).write_bytes(kept)
        # Vectors are large, and may have been moved.
        (self.folder / "out" / "vectors.arrow").unlink()
        self.assertEqual(self.call(PROGRAM, "report", "out").returncode, 0)

    def state(self):
        """Which run the folder holds, by its seed, or why it holds none; never a mixture."""
        done = self.call(PROGRAM, "report", "out", "--quiet")
        if done.returncode == 0:
            results = self.results()
            column = self.table()["norm"].to_pylist()
            self.assertAlmostEqual(results["statistic"]["mean"], sum(column) / len(column), places=9)
            return results["manifest"]["seed"]
        return "unfinished" if (self.folder / "out" / "shards" / "run.json").exists() else "none"

    def test_killed_while_it_overwrites(self):
        draw = random.Random(KILLS)
        start = time.monotonic()
        self.run_it(sentences=9000)
        seconds = time.monotonic() - start
        seen = []
        for kill in range(KILLS):
            old = self.results()["manifest"]["seed"]
            command = self.command("--overwrite", "--seed", old + 1, sentences=9000)
            process = subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE)
            time.sleep(draw.uniform(0, seconds))
            process.kill()
            process.communicate()
            state = self.state()
            self.assertIn(state, (old, old + 1, "unfinished"), kill)
            # Kills that all come too late, or too early, show nothing.
            seconds *= 0.8 if state == old + 1 else 1.1
            seen.append("old" if state == old else "new" if state == old + 1 else state)
            if state == "unfinished":
                # The old run is refused, the new one goes on.
                done = self.call(*self.command("--seed", old, sentences=9000))
                self.assertEqual(done.returncode, 1)
                self.assertIn(b"another run, unfinished", done.stderr)
            self.run_it(*([] if state == old + 1 else ["--overwrite"]), "--seed", old + 1, sentences=9000)
            self.assertEqual(self.state(), old + 1)
            self.assertFalse([name for name in self.names() if name.startswith(".") or name == "shards"])
        print(f"{KILLS} kills: " + ", ".join(f"{seen.count(s)} {s}" for s in ("old", "unfinished", "new")))

    def test_two_runs_started_together(self):
        for attempt in range(KILLS):
            other = attempt % 2  # the same run, or another one
            commands = [self.command(sentences=3000), self.command("--seed", other, sentences=3000)]
            processes = [subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE) for command in commands]
            errors = [process.communicate(timeout=120)[1].decode() for process in processes]
            codes = [process.returncode for process in processes]
            self.assertEqual(codes.count(0) + codes.count(1), 2, errors)
            self.assertIn(0, codes, errors)
            for code, error in zip(codes, errors):
                if code == 1:
                    self.assertRegex(error, "out: (is in use by another run|holds another run)")
            # The second may have come when the first was finished: then it had nothing to do.
            self.assertTrue(1 in codes or not other, errors)
            self.assertEqual(self.state(), 0 if codes[0] == 0 else other)
            self.assertEqual(self.table().num_rows, 3000)
            self.assertNotIn(".normscope.lock", self.names())
            shutil.rmtree(self.folder / "out")

    def test_shards_of_other_names_or_runs_are_refused(self):
        for part in (1, 2):
            self.run_it("--shard", f"{part}/2", sentences=9000, out="parts")
        shards = self.folder / "parts" / "shards"
        self.assertEqual(self.call(PROGRAM, "merge", "--out", "right", "parts").returncode, 0)
        first, second = shards / "00000000.parquet", shards / "00000001.parquet"
        swap = shards / "swap"
        for source, target in ((first, swap), (second, first), (swap, second)):
            source.rename(target)
        done = self.call(PROGRAM, "merge", "--out", "merged", "parts")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"is shard 1, not the shard that its name says", done.stderr)
        self.assertFalse((self.folder / "merged" / "results.json").exists())
        self.run_it("--shard", "1/2", "--seed", 5, sentences=9000, out="others")
        shutil.copy(self.folder / "others" / "shards" / "00000000.parquet", first)
        done = self.call(PROGRAM, "merge", "--out", "merged", "parts")
        self.assertIn(b"is a shard of another run", done.stderr)

    def test_merging_into_a_finished_run(self):
        for part in (1, 2):
            self.run_it("--shard", f"{part}/2", sentences=5000, out="parts")
        merge = [PROGRAM, "merge", "parts", "--quiet"]
        self.run_it(out="other")
        self.refused([*merge, "--out", "other"], "another run, finished", "number of sentences")
        (self.folder / "mine").mkdir()
        (self.folder / "mine" / "report.md").write_text("mine")
        self.refused([*merge, "--out", "mine"], "mine/report.md")
        self.assertEqual(self.call(*merge, "--out", "other", "--overwrite").returncode, 0)
        self.assertEqual(self.table("other").num_rows, 5000)
        self.assertTrue((self.folder / "parts" / "shards").exists())
        # Parts that all lie in one folder become one run, as if it had not been cut.
        self.assertEqual(self.call(*merge).returncode, 0)
        self.assertFalse((self.folder / "parts" / "shards").exists())
        before = self.tree()
        self.run_it(sentences=5000, out="parts")
        self.assertEqual(self.call(*merge).returncode, 0)
        self.assertEqual(self.tree(), before)

    def test_a_merge_that_is_stopped_goes_on(self):
        for part in (1, 2):
            self.run_it("--shard", f"{part}/2", sentences=12_000, out=f"part{part}")
        merge = [PROGRAM, "merge", "--out", "merged", "part1", "part2"]
        process = subprocess.Popen(merge, cwd=self.folder, stderr=subprocess.PIPE)
        while process.poll() is None and not (self.folder / "merged" / "measurements.parquet").exists():
            time.sleep(0.002)
        process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        process.communicate()
        self.assertLess(time.monotonic() - start, 2)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        self.assertEqual(self.call(*merge).returncode, 0)
        self.run_it(sentences=12_000, out="whole")
        self.assertTrue(self.table("merged").equals(self.table("whole")))

    def test_a_part_of_another_run_is_no_part_of_this(self):
        for seed in (0, 1):
            self.run_it("--shard", "1/2", "--seed", seed, out=f"seed{seed}")
        name = "part-1-of-2.json"
        shutil.copy(self.folder / "seed1" / "shards" / name, self.folder / "seed0" / "shards" / name)
        done = self.call(PROGRAM, "merge", "seed0")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"is a part of another run", done.stderr)

    def test_a_part_without_a_shard(self):
        for part in (1, 2, 3):
            self.run_it("--shard", f"{part}/3", out=f"part{part}")
        self.assertTrue((self.folder / "part3" / "shards" / "part-3-of-3.json").exists())
        done = self.call(PROGRAM, "merge", "--out", "merged", "part1", "part2", "part3")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.run_it(out="whole")
        self.assertTrue(self.table("merged").equals(self.table("whole")))

    def test_parts_of_one_run_share_a_folder_at_once(self):
        processes = [subprocess.Popen(self.command("--shard", f"{part}/3", sentences=12_000), cwd=self.folder,
                                      stderr=subprocess.PIPE) for part in (1, 2, 3)]
        for process in processes:
            self.assertEqual((process.communicate(timeout=120)[1], process.returncode), (b"", 0))
        self.assertEqual(self.call(PROGRAM, "merge", "out").returncode, 0)
        self.run_it(sentences=12_000, out="whole")
        self.assertTrue(self.table().equals(self.table("whole")))

    def test_length_is_the_whole_sentences(self):
        self.run_it(out="whole")
        for more in (["--truncated", "keep"], ["--truncated", "drop"], []):
            self.run_it("--max-length", 20, *more, out="cut")
            whole, cut = self.table("whole"), self.table("cut")
            self.assertEqual(whole["tokens"], cut["tokens"])
            self.assertEqual(cut["tokens_read"].to_pylist(), [min(n, 18) for n in cut["tokens"].to_pylist()])
            truncated = [n > 18 for n in cut["tokens"].to_pylist()]
            self.assertEqual(cut["truncated"].to_pylist(), truncated)
            manifest, keeps = self.results("cut")["manifest"], "keep" in more
            self.assertEqual(manifest["options"]["drops_truncated"], not keeps)
            counts = manifest["counts"]
            self.assertEqual(counts["kept"], 300 if keeps else 300 - sum(truncated))
            self.assertEqual(counts["kept_truncated"], sum(truncated) if keeps else 0)
            self.assertEqual(counts["dropped_truncated"], 0 if keeps else sum(truncated))
            self.assertEqual(self.results("cut")["sentences"], counts["kept"])
            self.assertEqual(self.results("cut")["property"]["quantiles"][-1]["value"],
                             max(cut["tokens"].to_pylist()) if keeps else 18)
            page = (self.folder / "cut" / "report.html").read_text()
            for told in (self.results("cut")["verdict"]["text"], page):
                self.assertIn(f"{sum(truncated)} of 300 sentences", told)
            self.assertEqual(self.call(PROGRAM, "report", "cut").returncode, 0)
            shutil.rmtree(self.folder / "cut")
        # What is dropped is what another length limit leaves out: the very same numbers.
        self.run_it("--max-length", 20, out="dropped")
        self.run_it("--length-below", 19, out="short")
        self.assertEqual(*(self.results(out)["grid"]["relations"] for out in ("dropped", "short")))

    def test_length_below_goes_by_the_whole_length(self):
        self.run_it("--max-length", 20, "--length-below", 25, "--truncated", "keep")
        tokens = self.table()["tokens"].to_pylist()
        self.assertEqual(self.results()["sentences"], sum(n < 25 for n in tokens))
        self.assertEqual(self.results()["manifest"]["counts"]["outside_length"], sum(n >= 25 for n in tokens))

    def test_everything_measured_is_a_column_under_its_own_name(self):
        self.run_it("--readout", "mean", "--statistic", "l1,l2")
        table = self.table()
        for name in ("layer3.mean.l1", "layer3.mean.l2", "tokens", "words", "characters", "tokens_per_word",
                     "mean_word_rank", "rarest_word_rank", "punctuation_share", "capital_share", "position"):
            self.assertIn(name, table.column_names)
        self.assertEqual(table["norm"], table["layer3.mean.l1"])
        for text, words, characters in zip(*(table[name].to_pylist() for name in ("text", "words", "characters"))):
            self.assertEqual((words, characters), (len(text.split()), len(text)))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
