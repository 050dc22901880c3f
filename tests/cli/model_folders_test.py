#!/usr/bin/env python3
"""Folders as sentence-transformers writes them: where the encoder lies, whose readout it is, what is
read before a sentence and how much of it.

model_folders_test.py PROGRAM SMALL_MODELS SENTENCE_ENCODERS (the folders that small_models.py and
sentence_encoders.py in tests/reference write)
"""

import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

import numpy
import pyarrow.feather
import pyarrow.parquet

PROGRAM, SMALL_MODELS, SENTENCE_ENCODERS = sys.argv[1], *map(pathlib.Path, sys.argv[2:4])
POOLING = {"word_embedding_dimension": 40, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}


class ModelFoldersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="normscope-model-folders-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.base = self.folder / "base"
        shutil.copytree(SMALL_MODELS / "hidden40", self.base)
        self.corpus = self.folder / "corpus.txt"
        self.corpus.write_text("".join(f"{'a b c ' * (i % 9)}d e{i}.\n" for i in range(60)))

    def write_json(self, path, value):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))

    def write_modules(self, model, names, encoder=""):
        self.write_json(model / "modules.json", [
            {"idx": i, "name": str(i), "path": encoder if i == 0 else f"{i}_{name.split('.')[-1]}",
             "type": name if "." in name else f"sentence_transformers.models.{name}"}
            for i, name in enumerate(names)])

    def call(self, *arguments):
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8")

    def measure(self, model, *arguments, out="out"):
        done = self.call("run", "--model", model, "--corpus", self.corpus, "--out", out, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def refuse(self, model, *arguments):
        done = self.call("run", "--model", model, "--corpus", self.corpus, "--out", "refused", *arguments)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertFalse((self.folder / "refused").exists())
        return done.stderr.splitlines()[-1]

    def rows(self, out="out"):
        return pyarrow.parquet.read_table(self.folder / out / "measurements.parquet").to_pylist()

    def norms(self, out="out"):
        return [row["norm"] for row in self.rows(out)]

    def base_norms(self, *arguments):
        self.measure(self.base, *arguments, out="of base")
        norms = self.norms("of base")
        shutil.rmtree(self.folder / "of base")
        return norms

    def manifest(self, out="out"):
        return json.loads((self.folder / out / "results.json").read_bytes())["manifest"]


class EncoderTest(ModelFoldersTest):
    def test_lies_where_modules_json_says(self):
        expected = self.base_norms()
        model = self.folder / "nested"
        model.mkdir()
        shutil.move(self.base, model / "0_Transformer")
        self.write_modules(model, ["Transformer", "Pooling"], "0_Transformer")
        self.write_json(model / "config.json", {"__version__": "0.2.5"})
        self.write_json(model / "1_Pooling/config.json", POOLING)
        done = self.measure(model)
        self.assertEqual(self.norms(), expected)
        self.assertNotIn("normscope: ", done.stderr)
        self.assertEqual(self.manifest()["model"]["own_readout"], None)
        ids = self.call("tokenize", "--model", model, self.corpus).stdout
        self.assertEqual(ids, self.call("tokenize", "--model", model / "0_Transformer", self.corpus).stdout)
        self.write_modules(model, ["Transformer", "Pooling"], "../elsewhere")
        self.assertIn("modules.json: module 0: has the path '../elsewhere'", self.refuse(model))
        self.assertEqual(self.call("tokenize", "--model", model, self.corpus).returncode, 1)

    def test_word_embeddings_may_have_the_name_of_the_head(self):
        expected = self.base_norms()
        path = self.base / "model.safetensors"
        content = path.read_bytes()
        size = struct.unpack("<Q", content[:8])[0]
        header = {("bert." + name if name != "__metadata__" else name): value
                  for name, value in json.loads(content[8:8 + size]).items()}

        def write():
            text = json.dumps(header).encode()
            text += b" " * (-len(text) % 8)
            path.write_bytes(struct.pack("<Q", len(text)) + text + content[8 + size:])

        header["cls.predictions.decoder.weight"] = header.pop("bert.embeddings.word_embeddings.weight")
        write()
        self.measure(self.base)
        self.assertEqual(self.norms(), expected)
        header["something.else"] = header.pop("cls.predictions.decoder.weight")
        write()
        self.assertIn("tensor 'bert.embeddings.word_embeddings.weight': is missing", self.refuse(self.base))


class ReadoutTest(ModelFoldersTest):
    def setUp(self):
        super().setUp()
        self.write_json(self.base / "1_Pooling/config.json", POOLING)

    def test_other_readouts_are_the_same_with_modules(self):
        expected = self.base_norms()
        sha256 = self.measure(self.base, out="before") and self.manifest("before")["model"]["sha256"]
        for names in (["Transformer", "Pooling", "Normalize"], ["Transformer", "Pooling", "custom_st.Head"],
                      ["Transformer", "WeightedLayerPooling"], ["Router"]):
            self.write_modules(self.base, names)
            done = self.measure(self.base, "--overwrite")
            self.assertEqual(self.norms(), expected)
            self.assertEqual(self.manifest()["model"]["sha256"], sha256)
            self.assertEqual("before the Normalize of sentence-transformers; after it every norm is 1" in
                             done.stderr, names[-1] == "Normalize")

    def test_is_the_vector_before_normalize(self):
        expected = self.base_norms("--readout", "mean")
        self.write_modules(self.base, ["Transformer", "Pooling", "Normalize"])
        done = self.measure(self.base, "--readout", "model", "--save-vectors", "model,mean")
        self.assertEqual(self.norms(), expected)
        self.assertIn("what is measured is the vector before Normalize", done.stderr)
        said = "The norm is that of the vector before Normalize; after it every norm is 1."
        self.assertIn(said, " ".join(done.stdout.split()))
        self.assertIn("Does the norm of the model's own embedding encode", done.stdout)
        for name in ("report.html", "report.md"):
            self.assertIn("before Normalize; after it every norm is 1", (self.folder / "out" / name).read_text())
        readout = self.manifest()["model"]["own_readout"]
        self.assertEqual(readout, {"poolings": ["mean"], "includes_prompt": True, "layers": [],
                                   "normalizes": True, "width": 40})
        table = pyarrow.feather.read_table(self.folder / "out/vectors.arrow")
        self.assertEqual(table["layer3.model"].to_pylist(), table["layer3.mean"].to_pylist())

    def test_without_modules_it_is_the_mean(self):
        expected = self.base_norms("--readout", "mean")
        done = self.measure(self.base, "--readout", "model", "--layers", "all")
        self.assertEqual(self.norms(), expected)
        self.assertIn("as sentence-transformers has it where there is no modules.json", done.stderr)
        self.assertNotIn("layer0.model.l2", self.rows()[0])
        done = self.measure(self.base, "--readout", "model,cls", "--layers", "all", out="all")
        self.assertIn("only the last layer has it", done.stderr)

    def test_dense_changes_the_width(self):
        done = self.measure(SENTENCE_ENCODERS / "dense", "--readout", "model,cls", "--save-vectors", "model,cls",
                            "--probes")
        self.assertIn("Dense 48 to 20 (tanh)", done.stderr)
        vectors = numpy.load(self.folder / "out/vectors.layer2.model.npy")
        self.assertEqual(vectors.shape, (60, 20))
        self.assertEqual(numpy.load(self.folder / "out/vectors.layer2.cls.npy").shape, (60, 48))
        table = pyarrow.feather.read_table(self.folder / "out/vectors.arrow")
        self.assertEqual(table["layer2.model"].to_pylist(), vectors.tolist())
        norms = numpy.linalg.norm(vectors.astype(float), axis=1)
        numpy.testing.assert_allclose(norms, self.norms(), rtol=1e-12)
        markdown = (self.folder / "out/report.md").read_text()
        self.assertIn("the model's own embedding: the first token's vector, then Dense 48 to 20", markdown)

    def test_what_is_not_known_is_refused_by_name(self):
        for names, word in ((["Transformer", "Pooling", "custom_st.Head"], "custom_st.Head is code of the model's"),
                            (["Transformer", "WeightedLayerPooling"], "WeightedLayerPooling is not supported"),
                            (["Router"], "Router is not supported")):
            self.write_modules(self.base, names)
            self.assertIn(word, self.refuse(self.base, "--readout", "model"))
        self.write_modules(self.base, ["Transformer", "Pooling"])
        self.write_json(self.base / "1_Pooling/config.json", POOLING | {"word_embedding_dimension": 41})
        self.assertIn("is 41, where the encoder's vectors have 40", self.refuse(self.base, "--readout", "model"))
        self.write_json(self.base / "1_Pooling/config.json", POOLING)
        self.write_json(self.base / "sentence_bert_config.json", {"do_lower_case": True})
        self.measure(self.base, "--readout", "model", out="lower-cased by the tokenizer")
        self.write_json(self.base / "tokenizer_config.json", {"do_lower_case": False})
        self.assertIn("do_lower_case: is true, which the tokenizer does not do",
                      self.refuse(self.base, "--readout", "model"))
        self.assertIn("model: only the last layer has it", self.refuse(self.base, "--readout", "model",
                                                                       "--layers", "0-1"))


class PromptTest(ModelFoldersTest):
    model = SENTENCE_ENCODERS / "prompt"

    def test_is_read_and_not_counted(self):
        plain = self.measure(self.model) and self.rows()
        done = self.measure(self.model, "--prompt", "query", out="named")
        self.assertIn('the model reads "ask: " before each sentence: prompt "query" in '
                      "config_sentence_transformers.json", done.stderr)
        self.assertIn('prompt     "ask: " (query, 4 tokens)', done.stdout)
        self.assertEqual(self.manifest("named")["options"]["prompt"],
                         {"text": "ask: ", "name": "query", "tokens": 4})
        done = self.measure(self.model, "--prompt", "ask: ", out="given")
        self.assertIn("it is none of the names in config_sentence_transformers.json", done.stderr)
        named, given = self.rows("named"), self.rows("given")
        self.assertEqual(named, given)
        for before, after in zip(plain, named):
            self.assertEqual((before["tokens"], before["text"]), (after["tokens"], after["text"]))
            self.assertNotEqual(before["norm"], after["norm"])
        self.assertIn("ask: ", (self.folder / "named/report.html").read_text())
        done = self.call("run", "--model", self.model, "--corpus", self.corpus, "--out", "named", "--prompt", "x")
        self.assertIn("whose prompt is", done.stderr)

    def test_default_is_taken_with_the_models_own_readout(self):
        done = self.measure(self.model)
        self.assertIn("here nothing is", done.stderr)
        done = self.measure(self.model, "--readout", "model", out="own")
        self.assertIn('before each sentence: the default prompt "query"', done.stderr)
        self.assertEqual(self.manifest("own")["options"]["prompt"]["name"], "query")
        self.measure(self.model, "--readout", "model", "--prompt", "", out="none")
        self.assertEqual(self.manifest("none")["options"]["prompt"], None)
        self.assertNotEqual(self.norms("own"), self.norms("none"))
        self.assertEqual(self.manifest("own")["model"]["own_readout"]["includes_prompt"], False)

    def test_query_and_document_always_exist(self):
        done = self.measure(self.base, "--prompt", "query")
        self.assertIn('the model reads nothing before each sentence: prompt "query" is empty', done.stderr)
        self.assertEqual(self.manifest()["options"]["prompt"], None)

    def test_a_default_that_is_no_name_stops_only_the_models_own_readout(self):
        self.write_json(self.base / "config_sentence_transformers.json", {"default_prompt_name": "passage"})
        self.assertNotIn("prompt", self.measure(self.base).stderr)
        self.assertIn("default_prompt_name: passage is no name of a prompt",
                      self.refuse(self.base, "--readout", "model"))


class LengthTest(ModelFoldersTest):
    """tokenizer.json asks for 16 tokens, sentence_bert_config.json for 32, tokenizer_config.json for 48, and
    there are 64 positions."""

    def setUp(self):
        super().setUp()
        vocabulary = {token: i for i, token in enumerate((self.base / "vocab.txt").read_text().splitlines())}
        special = [{"id": vocabulary[token], "content": token, "single_word": False, "lstrip": False,
                    "rstrip": False, "normalized": False, "special": True}
                   for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
        self.write_json(self.base / "tokenizer.json", {
            "version": "1.0", "padding": None, "added_tokens": special,
            "truncation": {"direction": "Right", "max_length": 16, "strategy": "LongestFirst", "stride": 0},
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                           "strip_accents": None, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
            "decoder": None,
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 100, "vocab": vocabulary}})
        self.write_json(self.base / "tokenizer_config.json",
                        {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 48})
        self.write_json(self.base / "sentence_bert_config.json", {"max_seq_length": 32, "do_lower_case": False})
        self.write_modules(self.base, ["Transformer", "Pooling"])
        self.write_json(self.base / "1_Pooling/config.json", POOLING)
        self.corpus.write_text("".join(" ".join(["a"] * n) + "\n" for n in (3, 20, 40, 55, 70)))

    def lines(self, done):
        return [line for line in done.stderr.splitlines() if "special ones included" in line]

    def check(self, length, why, *arguments):
        [line] = self.lines(self.measure(self.base, *arguments, "--overwrite"))
        self.assertIn(f"the model reads the first {length} tokens of a sentence, special ones included: {why}", line)
        self.assertEqual(self.manifest()["options"]["max_length"], length)
        self.assertEqual([row["tokens"] for row in self.rows()], [3, 20, 40, 55, 70])
        self.assertEqual([row["tokens_read"] for row in self.rows()],
                         [min(tokens, length - 2) for tokens in (3, 20, 40, 55, 70)])

    def test_says_which_it_took_and_which_is_less(self):
        truncation, model_max = "16 (truncation in tokenizer.json)", "48 (model_max_length in tokenizer_config.json)"
        sentence = "32 (max_seq_length in sentence_bert_config.json)"
        self.check(64, "all that the model can read; its folder asks for less: "
                       f"{truncation}, {model_max}, {sentence}")
        self.check(20, f"as asked; its folder asks for less: {truncation}", "--max-length", 20)
        self.check(32, "max_seq_length in sentence_bert_config.json; its folder asks for less: "
                       f"{truncation}", "--readout", "model")
        # sentence-transformers reads its file only where modules.json makes the folder its own.
        (self.base / "modules.json").unlink()
        self.check(48, "model_max_length in tokenizer_config.json; its folder asks for less: "
                       f"{truncation}, {sentence}", "--readout", "model")
        self.assertEqual(self.lines(self.measure(self.base, "--max-length", 16, out="16")), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
