#!/usr/bin/env python3
"""Models and datasets by name: the program against a stand-in for the hub, with every fault, and with
Python's huggingface_hub on one cache.

hub_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
"""

import fcntl
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest
import unittest.mock

import pyarrow
import pyarrow.parquet

import stand_in

PROGRAM, SMALL_MODELS = sys.argv[1], pathlib.Path(sys.argv[2])
MODEL = {file.name: file.read_bytes() for file in (SMALL_MODELS / "hidden40").iterdir()}
WEIGHTS = "model.safetensors"


def parquet(texts, **columns):
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": list(texts)} | columns), sink)
    return sink.getvalue()


class HubTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="normscope-hub-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.cache = self.folder / "hf" / "hub"
        self.hub = stand_in.Hub()
        self.addCleanup(self.hub.__exit__)
        self.add("org/tiny", MODEL, large=[WEIGHTS])

    def add(self, name, files, **options):
        self.hub.repositories[name] = stand_in.Repository(files, **options)
        return self.hub.repositories[name]

    def fault(self, *arguments, **options):
        self.hub.faults.append(stand_in.Fault(*arguments, **options))

    def environment(self, **changes):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("HF_", "HUGGING", "TRANSFORMERS"))
                and not name.lower().endswith("_proxy")}
        kept |= {"HF_HOME": str(self.folder / "hf"), "HF_ENDPOINT": self.hub.url, "NO_PROXY": "*",
                 "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        kept |= {name: str(value) for name, value in changes.items()}
        return kept

    prefix = []

    def call(self, *arguments, **environment):
        return subprocess.run([*self.prefix, PROGRAM, *map(str, arguments)], cwd=self.folder, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=self.environment(**environment), encoding="utf-8")

    def fetch(self, *names, **environment):
        """The paths that `normscope fetch` prints."""
        done = self.call("fetch", *names, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [pathlib.Path(line) for line in done.stdout.splitlines()]

    def assert_refused(self, done, *words):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, "")
        last = done.stderr.splitlines()[-1]
        for word in words:
            self.assertIn(word, last)

    def python(self, code, **environment):
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                              env=self.environment(**environment))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def assert_whole(self, folder, files=None):
        for name, content in (files or MODEL).items():
            if name != "README.md":
                self.assertEqual((folder / name).read_bytes(), content, name)

    def assert_no_leftovers(self):
        left = [path for path in self.cache.rglob("*") if path.is_file()
                and path.parent.name == "blobs" and len(path.name) not in (40, 64)]
        self.assertEqual(left, [])


class FetchTest(HubTest):
    def test_cache_is_laid_out_as_hugging_face_does(self):
        [folder] = self.fetch("org/tiny")
        root = self.cache / "models--org--tiny"
        commit = self.hub.repositories["org/tiny"].revisions["main"]
        self.assertEqual(folder, root / "snapshots" / commit)
        self.assertEqual((root / "refs" / "main").read_text(), commit)
        self.assert_whole(folder)
        self.assertEqual(os.readlink(folder / WEIGHTS),
                         f"../../blobs/{stand_in.sha256(MODEL[WEIGHTS])}")
        self.assertEqual(os.readlink(folder / "config.json"),
                         f"../../blobs/{stand_in.git_sha1(MODEL['config.json'])}")
        lock = self.cache / ".locks" / root.name / (stand_in.sha256(MODEL[WEIGHTS]) + ".lock")
        self.assertTrue(lock.is_file())
        self.assert_no_leftovers()

    def test_second_fetch_asks_for_the_commit_only(self):
        [first] = self.fetch("org/tiny")
        self.hub.requests.clear()
        self.assertEqual(self.fetch("org/tiny"), [first])
        self.assertEqual(len(self.hub.requests), 1)
        self.assertEqual(self.hub.paths("HEAD"), ["/org/tiny/resolve/main/config.json"])

    def test_commit_that_is_here_needs_no_request(self):
        [first] = self.fetch("org/tiny")
        self.hub.requests.clear()
        self.assertEqual(self.fetch(f"org/tiny@{first.name}"), [first])
        self.assertEqual(self.hub.requests, [])

    def test_revisions(self):
        other = MODEL | {"config.json": MODEL["config.json"] + b"\n"}
        commit = self.hub.repositories["org/tiny"].commit("refs/pr/1", other)
        [folder] = self.fetch("org/tiny@refs/pr/1")
        self.assertEqual(folder.name, commit)
        self.assert_whole(folder, other)
        self.assertIn("/org/tiny/resolve/refs%2Fpr%2F1/config.json", self.hub.paths("HEAD"))
        self.assertEqual((folder.parents[1] / "refs/refs/pr/1").read_text(), commit)
        [main] = self.fetch("org/tiny")
        self.assertNotEqual(main, folder)
        # What both have is one blob.
        self.assertEqual((main / WEIGHTS).resolve(), (folder / WEIGHTS).resolve())
        self.assertEqual(len([p for p in self.hub.paths("GET") if p.endswith(WEIGHTS)]), 1)

    def test_modules_of_sentence_transformers(self):
        encoder = SMALL_MODELS.parent / "sentence_encoders/dense"
        files = {path.relative_to(encoder).as_posix(): path.read_bytes()
                 for path in encoder.rglob("*") if path.is_file()}
        files["config_sentence_transformers.json"] = b'{"prompts": {"query": "a "}}'
        # At the top there may be a config.json of another kind, or none.
        for name, more in (("org/old", {"config.json": b'{"__version__": "0.2.5"}'}), ("org/new", {})):
            self.add(name, files | more | {"README.md": b"", "3_Normalize/notes.txt": b""},
                     large=["0_Transformer/model.safetensors"])
            [folder] = self.fetch(name)
            for file, content in (files | more).items():
                self.assertEqual((folder / file).read_bytes(), content, file)
            self.assertFalse((folder / "README.md").exists())
            self.hub.requests.clear()
            self.assertEqual(self.fetch(f"{name}@{folder.name}"), [folder])
            self.assertEqual(self.hub.requests, [])
            self.assertEqual(self.fetch(name, HF_HUB_OFFLINE=1), [folder])
        # What was fetched before modules.json was known of is not taken to have none.
        root = self.cache / "models--org--new"
        (folder / "modules.json").unlink()
        self.assertEqual(self.fetch(f"org/new@{folder.name}"), [folder])
        self.assertTrue((folder / "modules.json").exists(), list(root.iterdir()))
        corpus = self.folder / "corpus.txt"
        corpus.write_text("a b c\nd e\nf\n")
        done = self.call("run", "--model", "org/new", "--corpus", corpus, "--readout", "model", "--prompt", "query",
                         "--out", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Dense 48 to 20 (tanh)", done.stderr)

    def test_branch_that_moves(self):
        [old] = self.fetch("org/tiny")
        self.hub.repositories["org/tiny"].commit("main", MODEL | {"config.json": MODEL["config.json"] + b" "})
        [new] = self.fetch("org/tiny")
        self.assertNotEqual(old, new)
        self.assertEqual((new.parents[1] / "refs/main").read_text(), new.name)

    def test_renamed_repository_and_name_without_organisation(self):
        self.hub.moved["tiny"] = "org/tiny"
        [folder] = self.fetch("tiny")
        self.assertEqual(folder.parents[1].name, "models--tiny")
        self.assert_whole(folder)

    def test_sharded_weights(self):
        shards = {f"model-0000{i}-of-00002.safetensors": bytes([i]) * 1000 for i in (1, 2)}
        index = {"weight_map": {"a": "model-00001-of-00002.safetensors",
                                "b": "model-00002-of-00002.safetensors"}}
        files = {name: content for name, content in MODEL.items() if name != WEIGHTS} | shards
        files["model.safetensors.index.json"] = json.dumps(index).encode()
        files["pytorch_model.bin"] = b"not wanted"
        self.add("org/sharded", files, large=list(shards))
        [folder] = self.fetch("org/sharded")
        self.assert_whole(folder, shards)
        self.assertFalse((folder / "pytorch_model.bin").exists())

    def test_pickled_weights_where_there_are_no_others(self):
        files = {name: content for name, content in MODEL.items() if name != WEIGHTS}
        self.add("org/pickle", files | {"pytorch_model.bin": b"x"})
        [folder] = self.fetch("org/pickle")
        self.assertEqual((folder / "pytorch_model.bin").read_bytes(), b"x")
        shards = {f"pytorch_model-0000{i}-of-00002.bin": bytes([i]) for i in (1, 2)}
        index = {"weight_map": {"a": "pytorch_model-00001-of-00002.bin", "b": "pytorch_model-00002-of-00002.bin"}}
        self.add("org/pickles", files | shards | {"pytorch_model.bin.index.json": json.dumps(index).encode()})
        [folder] = self.fetch("org/pickles")
        self.assertEqual([(folder / name).read_bytes() for name in shards], list(shards.values()))

    def test_run_and_tokenize_take_a_name(self):
        (self.folder / "corpus.txt").write_text("".join(f"{'a b c ' * (i % 9)}d.\n" for i in range(60)))
        for model, out in ((SMALL_MODELS / "hidden40", "local"), ("org/tiny", "by-name")):
            done = self.call("run", "--quiet", "--model", model, "--corpus", "corpus.txt", "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
        local, named = (json.loads((self.folder / out / "results.json").read_text())
                        for out in ("local", "by-name"))
        self.assertEqual(named["manifest"]["model"]["name"], "tiny")
        self.assertEqual(named["manifest"]["model"]["sha256"], local["manifest"]["model"]["sha256"])
        self.assertEqual((self.folder / "local/measurements.parquet").read_bytes(),
                         (self.folder / "by-name/measurements.parquet").read_bytes())
        tokens = [self.call("tokenize", "--model", model, "corpus.txt").stdout
                  for model in ("org/tiny", SMALL_MODELS / "hidden40")]
        self.assertEqual(*tokens)
        self.assertTrue(tokens[0])

    def test_folder_wins_over_hub(self):
        shutil.copytree(SMALL_MODELS / "hidden40", self.folder / "org" / "tiny")
        self.assertEqual(self.fetch("org/tiny"), [pathlib.Path("org/tiny")])
        self.assertEqual(self.hub.requests, [])

    def test_lists(self):
        self.fetch("org/tiny")
        self.add("org/books", {"data/train-00000-of-00001.parquet": parquet(["a"])}, kind="datasets")
        self.fetch("hf:org/books")
        models, corpora = self.call("models").stdout, self.call("corpora").stdout
        self.assertRegex(models, r"(?m)^all-MiniLM-L6-v2 .*built-in")
        size = sum(len(MODEL[path.name]) for path in next((self.cache / "models--org--tiny/snapshots").iterdir()).iterdir())
        self.assertLess(size, 999_500)
        self.assertRegex(models, rf"(?m)^org/tiny +{size / 1000:.3g} kB  hub, main$")
        self.assertRegex(corpora, r"(?m)^moby-dick .*built-in")
        self.assertRegex(corpora, r"(?m)^hf:org/books .* hub, main$")


class FaultTest(HubTest):
    def test_unknown_names(self):
        self.assert_refused(self.call("fetch", "org/none"), "org/none", "is not a folder",
                            "all-MiniLM-L6-v2", "no such repository", "RepoNotFound", self.hub.url)
        self.assert_refused(self.call("fetch", "org/tiny@none"), "no such revision", "RevisionNotFound")
        self.assert_refused(self.call("fetch", "no such/folder/there"), "is not a folder", "no name of a repository")
        self.assertFalse((self.cache / "models--org--none").exists())

    def test_one_that_fails_does_not_keep_the_others_away(self):
        done = self.call("fetch", "--quiet", "org/none", "org/tiny", "no such/folder/there", "org/tiny")
        self.assertEqual(done.returncode, 1)
        paths = done.stdout.splitlines()
        self.assertEqual(len(paths), 2)
        self.assertTrue(all(os.path.exists(os.path.join(path, "config.json")) for path in paths), paths)
        errors = done.stderr.splitlines()
        self.assertEqual(len(errors), 2, errors)
        self.assertIn("normscope: org/none: ", errors[0])
        self.assertIn("normscope: no such/folder/there: ", errors[1])

    def test_model_without_what_is_needed(self):
        self.add("org/no-weights", {"config.json": b"{}", "vocab.txt": b"a", "tf_model.h5": b"x"})
        self.assert_refused(self.call("fetch", "org/no-weights"), "model.safetensors", "pytorch_model.bin")
        self.add("org/no-tokenizer", {"config.json": b"{}", WEIGHTS: b"x"})
        self.assert_refused(self.call("fetch", "org/no-tokenizer"), "tokenizer.json")
        self.add("org/empty", {"README.md": b"x"})
        self.assert_refused(self.call("fetch", "org/empty"), "config.json", "EntryNotFound")

    def test_gated(self):
        self.add("org/gated", MODEL, large=[WEIGHTS], gated=True, token="hf_secret")
        self.assert_refused(self.call("fetch", "org/gated"), "refuses", "HF_TOKEN", "401", "GatedRepo", "restricted")
        self.assert_refused(self.call("fetch", "org/gated", HF_TOKEN="hf_wrong"), "refuses", "token", "403")
        self.fetch("org/gated", HF_TOKEN="hf_secret")

    def test_token_stays_with_the_hub(self):
        (self.folder / "hf").mkdir()
        (self.folder / "hf" / "token").write_text("hf_secret\n")
        self.add("org/gated", MODEL, large=[WEIGHTS], gated=True, token="hf_secret")
        self.fetch("org/gated")
        servers = {}
        for server, _, _, headers in self.hub.requests:
            servers.setdefault(server, set()).add(headers.get("Authorization"))
        self.assertEqual(servers, {"hub": {"Bearer hf_secret"}, "storage": {None}})

    def test_token_that_would_add_a_header(self):
        self.assert_refused(self.call("fetch", "org/tiny", HF_TOKEN="a\r\nX-Evil: 1"), "HF_TOKEN")
        self.assertEqual(self.hub.requests, [])

    def test_errors_that_pass(self):
        for code, server in ((500, None), (503, "storage"), (429, "hub"), (408, "storage")):
            with self.subTest(code=code, server=server):
                shutil.rmtree(self.cache, ignore_errors=True)
                suffix = "config.json" if server != "storage" else ""
                self.fault(suffix, "status", code=code, times=2, server=server)
                self.assert_whole(self.fetch("org/tiny")[0])
                self.assertEqual(self.hub.faults.pop().times, 0)

    def test_retry_after(self):
        self.fault("config.json", "status", code=429, headers={"Retry-After": "2"})
        begin = time.monotonic()
        self.fetch("org/tiny")
        self.assertGreaterEqual(time.monotonic() - begin, 2)

    def test_retry_after_that_is_too_long(self):
        self.fault("config.json", "status", code=429, headers={"Retry-After": "100000"})
        self.assert_refused(self.call("fetch", "org/tiny"), "429")

    def test_errors_that_stay(self):
        self.fault("config.json", "status", code=500, times=None)
        self.assert_refused(self.call("fetch", "org/tiny"), "org/tiny", "config.json", "500")
        self.assertEqual(len(self.hub.requests), 5)

    def test_truncated_bodies_are_continued(self):
        size = len(MODEL[WEIGHTS])
        self.fault("", "truncate", server="storage", size=size // 3, times=2)
        done = self.call("fetch", "org/tiny")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_whole(pathlib.Path(done.stdout.strip()))
        ranges = [headers.get("Range") for server, _, _, headers in self.hub.requests if server == "storage"]
        self.assertEqual(ranges, [None, f"bytes={size // 3}-", f"bytes={2 * (size // 3)}-"])
        self.assert_no_leftovers()

    def test_server_without_ranges(self):
        self.hub.ignores_range = True
        self.fault("", "truncate", server="storage", size=100)
        self.assert_whole(self.fetch("org/tiny")[0])

    def test_dropped_and_stalled_connections(self):
        self.fault("config.json", "drop", method="HEAD")
        self.fault("vocab.txt", "drop", method="GET")
        self.fault("", "stall", server="storage", size=50)
        self.assert_whole(self.fetch("org/tiny", HF_HUB_DOWNLOAD_TIMEOUT=1)[0])
        self.assertEqual([fault.times for fault in self.hub.faults], [0, 0, 0])

    def test_killed_download_goes_on(self):
        self.fault("", "stall", server="storage", size=1000)
        process = subprocess.Popen([PROGRAM, "fetch", "org/tiny"], cwd=self.folder, env=self.environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        unfinished = self.cache / "models--org--tiny/blobs" / (stand_in.sha256(MODEL[WEIGHTS]) + ".incomplete")
        for _ in range(600):
            if unfinished.exists() and unfinished.stat().st_size == 1000:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        self.assertNotEqual(process.wait(10), 0)
        self.assertEqual(unfinished.stat().st_size, 1000)
        self.assert_whole(self.fetch("org/tiny")[0])
        self.assertEqual(self.hub.requests[-1][3].get("Range"), "bytes=1000-")
        self.assert_no_leftovers()

    def test_leftover_of_something_else(self):
        for left in (b"other bytes", MODEL[WEIGHTS] + b"and more", bytes(len(MODEL[WEIGHTS]))):
            with self.subTest(size=len(left)):
                shutil.rmtree(self.cache, ignore_errors=True)
                blobs = self.cache / "models--org--tiny/blobs"
                blobs.mkdir(parents=True)
                (blobs / (stand_in.sha256(MODEL[WEIGHTS]) + ".incomplete")).write_bytes(left)
                self.assert_whole(self.fetch("org/tiny")[0])
                self.assert_no_leftovers()

    def test_wrong_content(self):
        for suffix, server in (("", "storage"), ("vocab.txt", "hub")):
            with self.subTest(server=server):
                shutil.rmtree(self.cache, ignore_errors=True)
                self.fault(suffix, "corrupt", times=None, server=server, method="GET")
                self.assert_refused(self.call("fetch", "org/tiny"), "hash")
                self.hub.faults.clear()
                self.assert_no_leftovers()
                self.assert_whole(self.fetch("org/tiny")[0])

    def test_wrong_sizes(self):
        self.fault("", "short", server="storage", times=None, size=635)
        self.assert_refused(self.call("fetch", "org/tiny"), WEIGHTS, "bytes", "proxy")
        self.hub.faults.clear()
        self.fault("", "long", server="storage", times=None)
        self.assert_refused(self.call("fetch", "org/tiny"), WEIGHTS, "more bytes")
        self.hub.faults.clear()
        self.fault(WEIGHTS, "headers", headers={"X-Linked-Size": str(1 << 39)}, times=None)
        self.assert_refused(self.call("fetch", "org/tiny"), "disk")
        self.hub.faults.clear()
        for size in (str(1 << 70), "-1", "12a"):
            self.fault(WEIGHTS, "headers", headers={"X-Linked-Size": size}, times=None)
            self.assert_refused(self.call("fetch", "org/tiny"), "size")
            self.hub.faults.clear()

    def test_answers_that_are_not_the_hub_s(self):
        for headers in ({"X-Repo-Commit": None}, {"X-Repo-Commit": "../../../evil"}, {"ETag": None},
                        {"ETag": '"../../../../evil"'}, {"ETag": '"1234-md5"'}):
            with self.subTest(headers=headers):
                self.fault("config.json", "headers", headers=headers, times=None)
                self.assert_refused(self.call("fetch", "org/tiny"), "not the hub")
                self.hub.faults.clear()
        self.assertEqual([path for path in self.folder.rglob("*evil*")], [])

    def test_proxy(self):
        self.add("org/small", MODEL)
        [folder] = self.fetch("org/small", HF_ENDPOINT="http://hub.invalid", http_proxy=self.hub.url, NO_PROXY="")
        self.assert_whole(folder)
        self.assertTrue(all(path.startswith("http://hub.invalid/") for path in self.hub.paths("HEAD")))

    def test_redirects_without_end(self):
        self.hub.moved = {"a/a": "a/b", "a/b": "a/a"}
        self.assert_refused(self.call("fetch", "a/a"), "redirects")

    def test_names_that_lead_out(self):
        for name in ("../../evil.safetensors", "/evil.safetensors", "a/b.safetensors", "..", ""):
            with self.subTest(name=name):
                files = {k: v for k, v in MODEL.items() if k != WEIGHTS}
                files["model.safetensors.index.json"] = json.dumps({"weight_map": {"a": name}}).encode()
                self.add("org/evil", files)
                self.assert_refused(self.call("fetch", "org/evil"), "index.json", "plain file name")
        for name in ("../../../evil.parquet", "/evil.parquet", "a/../../evil.parquet", "a\\b.parquet", "\x1b[2J.parquet"):
            with self.subTest(name=name):
                self.add("org/evil-data", {}, kind="datasets", listed=[name])
                self.assert_refused(self.call("fetch", "hf:org/evil-data"), "out of its folder")
        self.assertEqual([path for path in self.folder.rglob("*evil.*")], [])
        for name in ("../evil", "org/..", "org/a/b", "org/a@../../x", "org/a@x\ny", "a--b/c", "org/.git"):
            with self.subTest(name=name):
                self.hub.requests.clear()
                self.assertEqual(self.call("fetch", name).returncode, 1)
                self.assertEqual(self.hub.requests, [])

    def test_descriptions_that_are_hostile(self):
        for body, word in ((b"[" * 100000, "JSON"), (b'{"a":' * 1000 + b"1" + b"}" * 1000, "JSON"), (b"<html>", "JSON"),
                           (b'{"sha": "x", "siblings": []}', "commit"), (b'{"sha": 1, "siblings": {}}', "commit"),
                           (json.dumps({"sha": "0" * 40, "siblings": [1]}).encode(), "name")):
            with self.subTest(body=body[:20]):
                self.add("org/odd", {}, kind="datasets")
                with unittest.mock.patch.object(stand_in.Handler, "api",
                                                lambda handler, *_, body=body: handler.send(200, {}, body)):
                    self.assert_refused(self.call("fetch", "hf:org/odd"), word)


class OfflineTest(HubTest):
    def test_offline(self):
        self.assert_refused(self.call("fetch", "org/tiny", HF_HUB_OFFLINE=1), "not in the cache", "HF_HUB_OFFLINE")
        [folder] = self.fetch("org/tiny")
        self.hub.requests.clear()
        self.assertEqual(self.fetch("org/tiny", HF_HUB_OFFLINE=1), [folder])
        self.assertEqual(self.fetch(f"org/tiny@{folder.name}", TRANSFORMERS_OFFLINE="yes"), [folder])
        self.assertEqual(self.hub.requests, [])

    def test_offline_with_a_part_only(self):
        [folder] = self.fetch("org/tiny")
        (folder / WEIGHTS).resolve().unlink()
        self.assert_refused(self.call("fetch", "org/tiny", HF_HUB_OFFLINE=1), "not in the cache")
        self.assert_whole(self.fetch("org/tiny")[0])

    def test_hub_that_fails_is_stood_in_for_by_the_cache(self):
        [folder] = self.fetch("org/tiny")
        for code in (500, 401, 403, 429):
            self.hub.faults = [stand_in.Fault("", "status", code=code, times=None)]
            done = self.call("fetch", "org/tiny")
            self.assertEqual((done.returncode, done.stdout.strip()), (0, str(folder)), done.stderr)
            self.assertIn("the cache's copy is used", done.stderr)
            self.assertIn(str(code), done.stderr)
        done = self.call("fetch", "org/tiny", HF_ENDPOINT="http://127.0.0.1:1")
        self.assertEqual(done.stdout.strip(), str(folder))
        self.assertIn("the cache's copy is used", done.stderr)

    def test_hub_that_is_not_there(self):
        self.assert_refused(self.call("fetch", "org/tiny", HF_ENDPOINT="http://127.0.0.1:1"), "org/tiny",
                            "http://127.0.0.1:1")
        self.assert_refused(self.call("fetch", "org/tiny", HF_ENDPOINT="ftp://127.0.0.1:1"), "HF_ENDPOINT")

    def test_read_only_cache(self):
        [folder] = self.fetch("org/tiny")
        subprocess.run(["chmod", "-R", "a-w", self.cache], check=True)
        self.addCleanup(subprocess.run, ["chmod", "-R", "u+w", self.cache])
        # Root without its capabilities may write no more than its files' modes say.
        self.prefix = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
        self.assertEqual(self.fetch("org/tiny"), [folder])
        self.hub.repositories["org/tiny"].commit("main", MODEL | {"config.json": MODEL["config.json"] + b" "})
        self.assert_refused(self.call("fetch", "org/tiny"), "Permission denied")


class DatasetTest(HubTest):
    def test_own_files(self):
        files = {f"data/train-0000{i}-of-00002.parquet": parquet([str(i)] * 10) for i in (0, 1)}
        files |= {"data/test-00000-of-00001.parquet": parquet(["test"]), "README.md": b"x"}
        self.add("org/books", files, kind="datasets", large=[n for n in files if n.endswith("parquet")])
        paths = self.fetch("hf:org/books")
        self.assertEqual([path.name for path in paths], ["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"])
        self.assertEqual([path.read_bytes() for path in paths], list(files.values())[:2])
        self.assertEqual(os.readlink(paths[0])[:15], "../../../blobs/")
        [test] = self.fetch("hf:org/books::test")
        self.assertEqual(test.read_bytes(), files["data/test-00000-of-00001.parquet"])
        self.assertEqual(self.fetch("hf:org/books", HF_HUB_OFFLINE=1), paths)

    def test_converted_files(self):
        repository = self.add("bookcorpus/bookcorpus", {"bookcorpus.py": b"a loading script"}, kind="datasets")
        content = [parquet([str(i)]) for i in range(3)]
        repository.commit("refs/convert/parquet",
                          {f"plain_text/train/000{i}.parquet": content[i] for i in range(3)})
        for name in ("hf:bookcorpus/bookcorpus", "hf:bookcorpus/bookcorpus:plain_text:train:text"):
            self.assertEqual([path.read_bytes() for path in self.fetch(name)], content)
        self.assertIn("/api/datasets/bookcorpus/bookcorpus/revision/refs%2Fconvert%2Fparquet?blobs=true",
                      self.hub.paths("GET"))
        self.assertEqual(len(self.fetch("hf:bookcorpus/bookcorpus", HF_HUB_OFFLINE=1)), 3)

    def sentences(self, corpus, *arguments, **environment):
        done = self.call("sentences", "--corpus", corpus, *arguments, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def test_sentences_take_a_name(self):
        def table(*texts):
            return parquet(texts, label=list(texts), title=[text.upper() for text in texts])
        files = {f"data/train-0000{i}-of-00002.parquet": table(f"row {2 * i}", f"row {2 * i + 1}") for i in (0, 1)}
        files |= {"data/test-00000-of-00001.parquet": table("of the test"), "README.md": b"x",
                  "other/train.parquet": table("of another config")}
        repository = self.add("org/books", files, kind="datasets", large=[n for n in files if n.endswith("parquet")])
        old = repository.revisions["main"]
        self.assertEqual(self.sentences("hf:org/books"), [f"row {i}" for i in range(4)])
        self.assertEqual(self.sentences("hf:org/books::test"), ["of the test"])
        self.assertEqual(self.sentences("hf:org/books:other"), ["of another config"])
        # What is there beside it is not read.
        self.assertEqual(self.sentences("hf:org/books"), [f"row {i}" for i in range(4)])
        self.assertEqual(self.sentences("hf:org/books::test:title"), ["OF THE TEST"])
        self.assertEqual(self.sentences("hf:org/books::test", "--column", "title"), ["OF THE TEST"])
        self.assertEqual(self.sentences("hf:org/books", HF_HUB_OFFLINE=1), [f"row {i}" for i in range(4)])
        self.assert_refused(self.call("sentences", "--corpus", "hf:org/books:::none"), "no column none", "label", "text", "title")
        self.assert_refused(self.call("sentences", "--corpus", "hf:org/books:::title", "--column", "text"), "names another column than text")
        self.assert_refused(self.call("sentences", "--corpus", "hf:org/books", "--corpus-format", "csv"), "Parquet")
        repository.commit("main", {"data/train-00000-of-00001.parquet": table("new")})
        self.assertEqual(self.sentences("hf:org/books"), ["new"])
        self.assertEqual(self.sentences(f"hf:org/books@{old}"), [f"row {i}" for i in range(4)])

    def test_run_takes_a_name(self):
        texts = [f"{'a b c ' * (i % 9)}d{i}." for i in range(60)]
        repository = self.add("bookcorpus/bookcorpus", {"bookcorpus.py": b"a loading script"}, kind="datasets")
        repository.commit("refs/convert/parquet", {"plain_text/train/0000.parquet": parquet(texts[:30]),
                                                   "plain_text/train/0001.parquet": parquet(texts[30:])})
        (self.folder / "corpus.txt").write_text("\n".join(texts) + "\n")
        for corpus, out in (("corpus.txt", "local"), ("hf:bookcorpus/bookcorpus", "by-name")):
            done = self.call("run", "--quiet", "--model", "org/tiny", "--corpus", corpus, "--out", out)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual((self.folder / "local/measurements.parquet").read_bytes(),
                         (self.folder / "by-name/measurements.parquet").read_bytes())
        manifest = json.loads((self.folder / "by-name/results.json").read_text())["manifest"]
        self.assertEqual(manifest["corpus"]["name"], "bookcorpus")
        self.assertEqual(manifest["corpus"]["columns"], ["text"])
        self.assertIn(repository.revisions["refs/convert/parquet"], manifest["corpus"]["path"])

    def test_what_is_not_there(self):
        self.assert_refused(self.call("fetch", "hf:org/none"), "org/none", "RepoNotFound")
        self.assert_refused(self.call("run", "--corpus", "hf:org/none"), "org/none", "RepoNotFound")
        self.assert_refused(self.call("run", "--corpus", "org/none"), "is not a file", "hf:")
        self.add("org/books", {"en/train.parquet": b"x", "de/train.parquet": b"x", "de/test.parquet": b"y"}, kind="datasets")
        self.assert_refused(self.call("fetch", "hf:org/books"), "more than one config", "de, en")
        self.assert_refused(self.call("fetch", "hf:org/books:fr"), "'fr'", "de, en")
        self.assert_refused(self.call("fetch", "hf:org/books:de:all"), "'all'", "test, train")
        self.add("org/text", {"a.txt": b"x"}, kind="datasets")
        self.assert_refused(self.call("fetch", "hf:org/text"), "no Parquet files")

    def test_offline_with_a_part_only(self):
        files = {f"default/train/000{i}.parquet": parquet([str(i)]) for i in range(3)}
        self.add("org/books", files, kind="datasets")
        paths = self.fetch("hf:org/books")
        paths[-1].unlink()
        self.assert_refused(self.call("fetch", "hf:org/books", HF_HUB_OFFLINE=1), "0002.parquet", "not in the cache")


class InteroperabilityTest(HubTest):
    SNAPSHOT = """
        import huggingface_hub
        print(huggingface_hub.snapshot_download("org/tiny"))
        """
    FILE = """
        import huggingface_hub, pathlib
        print(pathlib.Path(huggingface_hub.hf_hub_download("org/tiny", "model.safetensors")).parent)
        """

    def test_python_finds_what_normscope_downloaded(self):
        [folder] = self.fetch("org/tiny")
        self.hub.requests.clear()
        self.assertEqual(self.python(self.FILE, HF_HUB_OFFLINE=1), str(folder))
        self.assertEqual(self.python(self.SNAPSHOT, HF_HUB_OFFLINE=1), str(folder))
        self.assertEqual(self.hub.requests, [])
        # Online, nothing is downloaded again.
        self.assertEqual(self.python(self.FILE), str(folder))
        self.assertEqual(self.hub.paths("GET"), [])
        scan = self.python("""
            import huggingface_hub
            info = huggingface_hub.scan_cache_dir()
            [repository] = info.repos
            print(info.warnings, repository.repo_id, list(repository.refs), repository.size_on_disk)
            """)
        size = sum(len(MODEL[path.name]) for path in folder.iterdir())
        self.assertEqual(scan, f"[] org/tiny ['main'] {size}")

    def test_normscope_finds_what_python_downloaded(self):
        folder = self.python(self.SNAPSHOT)
        self.hub.requests.clear()
        self.assertEqual(self.fetch("org/tiny", HF_HUB_OFFLINE=1), [pathlib.Path(folder)])
        self.assertEqual(self.hub.requests, [])
        # Python leaves unknown whether there is a modules.json: that is asked once.
        commit = f"org/tiny@{pathlib.Path(folder).name}"
        self.assertEqual(self.fetch(commit), [pathlib.Path(folder)])
        self.assertEqual(self.hub.paths("GET"), [])
        self.hub.requests.clear()
        self.assertEqual(self.fetch(commit), [pathlib.Path(folder)])
        self.assertEqual(self.hub.requests, [])
        self.assertEqual(self.fetch("org/tiny"), [pathlib.Path(folder)])
        self.assertEqual(self.hub.paths("GET"), [])

    def test_datasets(self):
        content = parquet(["a"])
        self.add("org/books", {"data/train-00000-of-00001.parquet": content}, kind="datasets",
                 large=["data/train-00000-of-00001.parquet"])
        [path] = self.fetch("hf:org/books")
        code = """
            import huggingface_hub
            print(huggingface_hub.hf_hub_download("org/books", "data/train-00000-of-00001.parquet", repo_type="dataset"))
            """
        self.assertEqual(self.python(code, HF_HUB_OFFLINE=1), str(path))
        shutil.rmtree(self.cache)
        self.assertEqual(self.python(code), str(path))
        self.assertEqual(self.fetch("hf:org/books", HF_HUB_OFFLINE=1), [path])

    def test_both_at_once(self):
        self.hub.delay = 0.002
        weights = os.urandom(20 << 20)
        self.add("org/tiny", MODEL | {WEIGHTS: weights}, large=[WEIGHTS])
        commands = [[PROGRAM, "fetch", "org/tiny"]] * 3
        commands += [[sys.executable, "-c", textwrap.dedent(self.SNAPSHOT)]] * 2
        processes = [subprocess.Popen(command, cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, encoding="utf-8") for command in commands]
        outputs = [process.communicate(timeout=120) for process in processes]
        self.assertEqual([process.returncode for process in processes], [0] * 5, outputs)
        self.assertEqual(len({out.strip() for out, _ in outputs}), 1, outputs)
        self.assert_whole(pathlib.Path(outputs[0][0].strip()), MODEL | {WEIGHTS: weights})
        # The locks hold: it was downloaded once.
        self.assertEqual(len(self.hub.paths("GET", "storage")), 1)
        self.assert_no_leftovers()

    def test_waits_for_the_lock(self):
        locks = self.cache / ".locks" / "models--org--tiny"
        locks.mkdir(parents=True)
        with open(locks / (stand_in.sha256(MODEL[WEIGHTS]) + ".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = subprocess.Popen([PROGRAM, "fetch", "org/tiny"], cwd=self.folder, env=self.environment(),
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(2)
            self.assertEqual(self.hub.paths("GET", "storage"), [])
        self.assertEqual(process.wait(30), 0)
        process.stdout.close()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
