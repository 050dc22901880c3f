#!/usr/bin/env python3
"""A run that is killed, stopped or cut into parts gives the bytes of an undisturbed one.

resume_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
NORMSCOPE_KILLS says how often a run is killed at a random moment (10).
"""

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

PROGRAM, SMALL_MODELS = sys.argv[1], pathlib.Path(sys.argv[2])
MODEL = SMALL_MODELS / "hidden40"
KILLS = int(os.environ.get("NORMSCOPE_KILLS", "10"))
SENTENCES = 30_000  # eight shards


class ResumeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="normscope-resume-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.corpus = cls.folder / "corpus.txt"
        cls.corpus.write_text("".join(f"{'a b c ' * (i % 9)}{i} d e.\n" for i in range(SENTENCES)))
        start = time.monotonic()
        done = cls.run_program("whole")
        cls.seconds = time.monotonic() - start
        assert done.returncode == 0, done.stderr
        cls.whole = cls.bytes_of("whole")

    @classmethod
    def arguments(cls, out, *more):
        return [PROGRAM, "run", "--model", str(MODEL), "--corpus", str(cls.corpus), "--threads", "2",
                "--out", str(out), *map(str, more)]

    @classmethod
    def run_program(cls, out, *more, **options):
        return subprocess.run(cls.arguments(out, *more), cwd=cls.folder, capture_output=True,
                              timeout=300, **options)

    @classmethod
    def bytes_of(cls, out):
        """The table's bytes, and the results' but for the timings."""
        results = json.loads((cls.folder / out / "results.json").read_bytes())
        del results["manifest"]["timings_s"]
        return (cls.folder / out / "measurements.parquet").read_bytes(), json.dumps(results)

    def assert_whole(self, out):
        table, results = self.bytes_of(out)
        self.assertEqual(results, self.whole[1])
        self.assertTrue(table == self.whole[0], "the tables differ")
        left = {path.name for path in (self.folder / out).iterdir() if path.name[0] != "."}
        self.assertEqual(left - {"shards"}, {path.name for path in (self.folder / "whole").iterdir()})

    def start(self, out, *more):
        return subprocess.Popen(self.arguments(out, *more), cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def shards(self, out):
        return list((self.folder / out / "shards").glob("0*.parquet"))

    def wait_for_shard(self, process, out, before=0):
        """Until there are more shards than before."""
        while process.poll() is None and len(self.shards(out)) <= before:
            time.sleep(0.002)
        self.assertIsNone(process.poll(), "ended before its next shard")

    def test_killed_at_any_moment(self):
        random.seed(KILLS)
        resumed = 0
        for kill in range(KILLS):
            process = self.start("killed", "--quiet")
            time.sleep(random.uniform(0, self.seconds))
            process.kill()
            process.communicate()
            resumed += bool(self.shards("killed"))
            done = self.run_program("killed", "--quiet")
            self.assertEqual((done.returncode, done.stderr), (0, b""), kill)
            self.assert_whole("killed")
            self.assertFalse((self.folder / "killed" / "shards").exists())
            shutil.rmtree(self.folder / "killed")
        self.assertGreater(resumed, 0, "no kill came between two shards")

    def test_signal_ends_after_a_shard_and_the_same_command_goes_on(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            before = len(self.shards("stopped"))
            process = self.start("stopped")
            self.wait_for_shard(process, "stopped", before)
            process.send_signal(number)
            _, error = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 128 + number, error)
            self.assertIn(b"normscope: stopping; what is measured is kept.", error)
            self.assertIn(b"normscope: stopped; the same command goes on\n", error)
            self.assertNotIn("results.json", os.listdir(self.folder / "stopped"))
        self.assertEqual(self.run_program("stopped").returncode, 0)
        self.assert_whole("stopped")

    def test_signal_after_the_measuring_ends_within_two_seconds(self):
        grid = ["--layers", "all", "--readout", "cls,mean,max", "--property", "all", "--probes"]
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("analysed", *grid)
            while b"writing the table: 100%" not in process.stderr.readline():
                self.assertIsNone(process.poll(), "ended before its analysis")
            time.sleep(0.5)
            process.send_signal(number)
            start = time.monotonic()
            _, error = process.communicate(timeout=60)
            self.assertLess(time.monotonic() - start, 2)
            self.assertEqual(process.returncode, 128 + number, error)
            self.assertTrue(self.shards("analysed"))
            self.assertNotIn("results.json", os.listdir(self.folder / "analysed"))

    def test_stopped_before_its_first_shard_leaves_nothing(self):
        process = subprocess.Popen([PROGRAM, "run", "--out", "early"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)  # a second one does not wait for the shard
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        left = self.folder / "early"
        self.assertFalse(list(left.glob("**/0*.parquet")) + list(left.glob("results.json")))

    def test_default_folder_is_found_again(self):
        arguments = [argument for argument in self.arguments("x") if argument not in ("--out", "x")]
        process = subprocess.Popen(arguments, cwd=self.folder, stderr=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL)
        self.wait_for_shard(process, "normscope-hidden40-corpus")
        process.kill()
        process.communicate()
        subprocess.run(arguments, cwd=self.folder, check=True, capture_output=True, timeout=300)
        self.assert_whole("normscope-hidden40-corpus")
        self.assertFalse((self.folder / "normscope-hidden40-corpus-2").exists())

    def test_another_run_is_refused(self):
        process = self.start("mixed")
        self.wait_for_shard(process, "mixed")
        process.kill()
        process.communicate()
        other = self.folder / "other.txt"
        other.write_text(self.corpus.read_text().replace("a b c 28000 d", "a b c 28000 x"))
        model = self.folder / "model"
        shutil.copytree(MODEL, model)
        config = json.loads((model / "config.json").read_text())
        (model / "config.json").write_text(json.dumps({**config, "layer_norm_eps": 1e-5}))
        for more, word in ([["--corpus", other], "corpus"], [["--model", model], "model"],
                           [["--seed", 5], "seed is 0, not 5"], [["--max-length", 20], "maximum length"],
                           [["--sentences", 29_000], "sentences"], [["--prose"], "prose"]):
            base = self.arguments("mixed")
            if more[0] in base:
                at = base.index(more[0])
                del base[at:at + 2]
            done = subprocess.run([*base, *map(str, more)], cwd=self.folder, capture_output=True)
            self.assertEqual(done.returncode, 1, (more, done.stderr))
            self.assertIn("another run", done.stderr.decode())
            self.assertIn(word, done.stderr.decode())
        self.assertEqual(self.run_program("mixed").returncode, 0)
        self.assert_whole("mixed")

    def test_parts_make_the_whole(self):
        for part in (3, 1, 2):
            out = "parts" if part != 2 else "elsewhere"
            self.assertEqual(self.run_program(out, "--shard", f"{part}/3").returncode, 0)
        merge = [PROGRAM, "merge", "--out", "merged", "parts"]
        done = subprocess.run(merge, cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("part 2 of 3 is missing", done.stderr.decode())
        subprocess.run([*merge, "elsewhere"], cwd=self.folder, check=True, capture_output=True)
        self.assert_whole("merged")
        done = subprocess.run([*merge, "elsewhere", "parts"], cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("comes twice", done.stderr.decode())

    def test_parts_of_different_runs_do_not_merge(self):
        self.run_program("p1", "--shard", "1/2")
        self.run_program("p2", "--shard", "2/2", "--seed", 9)
        done = subprocess.run([PROGRAM, "merge", "p1", "p2"], cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("seed is 9, not 0", done.stderr.decode())

    def test_schedulers_say_which_part(self):
        launchers = [{"SLURM_ARRAY_TASK_ID": "{}", "SLURM_ARRAY_TASK_MIN": "0",
                      "SLURM_ARRAY_TASK_COUNT": "2"},
                     {"SLURM_PROCID": "{}", "SLURM_NTASKS": "2"},
                     {"OMPI_COMM_WORLD_RANK": "{}", "OMPI_COMM_WORLD_SIZE": "2"},
                     {"PMI_RANK": "{}", "PMI_SIZE": "2"}]
        for number, launcher in enumerate(launchers):
            for rank in range(2):
                variables = {name: value.format(rank) for name, value in launcher.items()}
                done = self.run_program(f"auto{number}", "--shard", "auto", "--quiet",
                                        env={**os.environ, **variables})
                self.assertEqual(done.returncode, 0, done.stderr)
            subprocess.run([PROGRAM, "merge", f"auto{number}"], cwd=self.folder, check=True,
                           capture_output=True)
            self.assert_whole(f"auto{number}")

    @unittest.skipUnless(shutil.which("mpirun"), "no mpirun here")
    def test_two_ranks_of_open_mpi(self):
        # In a container's tests one may be root; and two ranks may share a core.
        allowed = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        done = subprocess.run(
            ["mpirun", "-n", "2", "--oversubscribe", "--bind-to", "none",
             *map(str, self.arguments("mpi", "--shard", "auto"))],
            cwd=self.folder, capture_output=True, timeout=300, env={**os.environ, **allowed})
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in (b"part 1 of 2", b"part 2 of 2"):
            self.assertIn(part, done.stdout)
        subprocess.run([PROGRAM, "merge", "mpi"], cwd=self.folder, check=True, capture_output=True)
        self.assert_whole("mpi")

    def test_wrong_usage(self):
        for more in (["--shard", "0/3"], ["--shard", "4/3"], ["--shard", "x"], ["--shard", "1/0"],
                     ["--shard", "auto"], ["--shard", "1/2", "--until", "0.1"]):
            done = self.run_program("usage", *more)
            self.assertEqual(done.returncode, 2, (more, done.stderr))
            self.assertFalse((self.folder / "usage").exists())
        done = subprocess.run([PROGRAM, "merge", "nowhere"], cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, 1)

    def test_standard_input_goes_on_too(self):
        def run(out, **options):
            arguments = self.arguments(out, "--quiet")
            arguments[arguments.index("--corpus") + 1] = "-"
            with open(self.corpus, "rb") as corpus:
                return subprocess.Popen(arguments, cwd=self.folder, stdin=corpus,
                                        stderr=subprocess.PIPE, **options)

        process = run("stdin")
        self.wait_for_shard(process, "stdin")
        process.kill()
        process.communicate()
        process = run("stdin")
        _, error = process.communicate(timeout=300)
        self.assertEqual((process.returncode, error), (0, b""))
        self.assertTrue(self.bytes_of("stdin")[0] == self.whole[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
