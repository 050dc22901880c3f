#!/usr/bin/env python3
"""Wrong command lines: each gets one plain line, before anything is read or written.

usage_test.py PROGRAM SMALL_MODELS (the folder that tests/reference/small_models.py writes)
"""

import sys
import unittest

from cli_test import MODEL, CliTest

COMMANDS = ["run", "merge", "report", "compare", "sentences", "tokenize", "fetch", "models", "corpora"]


class UsageTest(CliTest):
    def refused(self, *arguments, code=2):
        """The line, without the program's name."""
        done = self.call(*arguments)
        self.assert_refused(done, code=code)
        error = done.stderr.decode()
        self.assertEqual(done.stdout, b"")
        for internal in ("REQUIRED", "Could not convert", "FAILED", "received", "At Most", "subcommand"):
            self.assertNotIn(internal, error)
        return error.removeprefix("normscope: ").removesuffix("\n")

    def test_whole_numbers(self):
        for option, least in (("--sentences", 1), ("--seed", 0), ("--min-words", 1), ("--length-below", 1),
                              ("--threads", 1), ("--max-length", 1)):
            for value in ("-1", "x", "1.5", "1e3", "+5", "0x10", "5 ", "1,000", "nan", *(["0"] if least else [])):
                self.assertEqual(self.refused("run", option, value),
                                 f"{option}: {value} is not a whole number of at least {least}")
            self.assertEqual(self.refused("run", option, ""),
                             f"{option}: an empty value is not a whole number of at least {least}")
            most = 1024 if option == "--threads" else 2**64 - 1
            for value in (most + 1, 99999999999999999999, 10**40):
                self.assertEqual(self.refused("run", option, value), f"{option}: {value} is more than {most}")
        self.assertEqual(self.refused("tokenize", "--max-length", "0"),
                         "--max-length: 0 is not a whole number of at least 1")
        done = self.run_corpus("--seed", 2**64 - 1, "--sentences", 2**64 - 1, "--quiet")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        manifest = self.results()["manifest"]
        self.assertEqual(manifest["seed"], 2**64 - 1)

    def test_until(self):
        for value in ("nan", "inf", "-inf", "0", "2", "-1", "x", "1e-7", "0.5x", "1e999"):
            self.assertEqual(self.refused("run", "--until", value),
                             f"--until: {value} is not a number from 0.000001 to 1")

    def test_names(self):
        readouts = "cls, mean, max, pooler, model"
        for command, option, names in (
                ("run", "--readout", readouts), ("run", "--save-vectors", readouts),
                ("run", "--statistic", "l2, l1, linf, centered_l2"),
                ("sentences", "--sample", "uniform, head, stratified, blocks"),
                ("sentences", "--corpus-format", "auto, text, jsonl, csv, tsv, parquet, arrow"),
                ("run", "--isa", "avx2, avx512"), ("run", "--precision", "fp32, bf16"),
                ("report", "--style", "notebook, paper"), ("compare", "--style", "notebook, paper"),
                ("tokenize", "--format", "ids, tokens, json"), ("tokenize", "--input-format", "text, jsonl"),
                ("sentences", "--format", "text, jsonl")):
            for value in ("foo", "0", "1", "2", names.split(", ")[0].upper(), "{}"):
                self.assertEqual(self.refused(command, option, value), f"{option}: {value} is not one of {names}")
            self.assertEqual(self.refused(command, option, ""), f"{option}: an empty name is not one of {names}")
        self.assertEqual(self.refused("run", "--readout", "cls,,max"),
                         f"--readout: an empty name is not one of {readouts}")
        self.assertEqual(self.refused("run", "--readout", "cls", "--readout", "mean,most"),
                         f"--readout: most is not one of {readouts}")
        self.assertEqual(self.refused("run", "--property", "mood"),
                         "--property: mood is not one of tokens, words, characters, tokens_per_word, mean_word_rank, "
                         "rarest_word_rank, punctuation_share, capital_share, position, all, column:NAME")

    def test_names_that_come_one_by_one_or_in_lists(self):
        done = self.run_corpus("--readout", "mean", "--readout", "cls,max", "--property", "words", "--property",
                               "position", "--quiet")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        manifest = self.results()["manifest"]["options"]
        layers = self.results()["manifest"]["model"]["config"]["layers"]
        self.assertEqual(manifest["statistics"], [f"layer{layers}.{name}.l2" for name in ("mean", "cls", "max")])
        self.assertEqual(manifest["properties"], ["tokens", "words", "position"])

    def test_what_there_is_not(self):
        tells_more = " (normscope run --help tells more)"
        for arguments, line in (
                ([], "no command is given (normscope --help lists the commands)"),
                (["walk"], "there is no command walk (normscope --help lists the commands)"),
                (["walk", "--fast"], "there is no command walk (normscope --help lists the commands)"),
                (["--fast"], "there is no option --fast (normscope --help lists the commands)"),
                (["run", "--fast"], "there is no option --fast" + tells_more),
                (["run", "-x"], "there is no option -x" + tells_more),
                (["run", "fast"], "the argument fast is one too many" + tells_more),
                (["run", "--readout", "cls", "mean"], "the argument mean is one too many" + tells_more),
                (["run", "merge"], "the argument merge is one too many" + tells_more),
                (["run", "--seed"], "--seed needs a value" + tells_more),
                (["run", "--seed", "1", "--seed", "2"], "--seed is given more than once" + tells_more),
                (["run", "--quiet=3"], "--quiet takes no value" + tells_more),
                (["run", "--quiet=yes"], "--quiet takes no value" + tells_more),
                (["run", "--prose=no"], "--prose takes no value" + tells_more),
                (["run", "--sample", "head"], "--sample needs --sentences"),
                (["run", "--shard", "1/2"], "--shard: needs --out, the same folder for all parts"),
                (["run", "--shard", "1/2", "--out", "x", "--until", "0.1"], "--shard: does not go with --until"),
                (["run", "--shard", "3/2"], "--shard: 3/2 names a part that does not exist"),
                (["report"], "the argument RUN is missing (normscope report --help tells more)"),
                (["report", "a", "b"], "the argument b is one too many (normscope report --help tells more)"),
                (["compare", "a"], "at least 2 RUN arguments are needed, not 1 (normscope compare --help tells more)"),
                (["models", "x"], "the argument x is one too many (normscope models --help tells more)"),
                (["fetch"], "the argument NAME is missing (normscope fetch --help tells more)")):
            self.assertEqual(self.refused(*arguments), line)

    def test_hostile_words_stay_on_one_line(self):
        for arguments in (["a\nb\x1b[2J"], ["run", "--x\ny"], ["run", "--readout", "a\nb"], ["run", "--seed", "\x1b"],
                          ["run", "x" * 100_000]):
            line = self.refused(*arguments)
            self.assertNotIn("\x1b", line)
            self.assertLess(len(line), 1000)

    def test_layers(self):
        for wanted, layers in (("last", [3]), ("all", [3, 2, 1, 0]), ("0", [0]), ("1-2", [2, 1]), ("0,2-3", [3, 2, 0]),
                               ("2-2,2,1", [2, 1]), ("last,0", [3, 0]), ("0-3,all", [3, 2, 1, 0])):
            done = self.run_corpus("--layers", wanted, "--quiet", out="layers" + wanted)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(self.results("layers" + wanted)["manifest"]["options"]["statistics"],
                             [f"layer{layer}.cls.l2" for layer in layers])
        has = "the model has the layers 0 (the embeddings) to 3"
        for wanted, reason in (("3-1", "layers 3-1: the range runs backwards"),
                               ("1-99", "layers 1-99: there is no such layer"), ("7", "layer 7: there is no such layer"),
                               ("0-18446744073709551615", "layers 0-18446744073709551615: there is no such layer"),
                               ("18446744073709551615", "layer 18446744073709551615: there is no such layer")):
            self.assert_refused(self.run_corpus("--layers", wanted), f"{reason}; {has}")
        for wanted, item in (*((item, item) for item in ("-", "1--3", "-1", "1-", "1-2-3", "one", "1.5", " 1",
                                                         "99999999999999999999")),
                             ("", "an empty name"), ("1,,2", "an empty name")):
            done = self.run_corpus(f"--layers={wanted}" if wanted else "--layers", *([] if wanted else [""]))
            self.assert_refused(done, f"--layers: {item} is not last, all, a layer, or a range such as 1-3", code=2)

    def test_empty_names(self):
        self.assert_refused(self.call("run", "--model", ""), "model: the name is empty")
        self.assert_refused(self.call("run", "--model", MODEL, "--corpus", ""), "corpus: the name is empty")
        self.assert_refused(self.call("sentences", "--corpus", ""), "corpus: the name is empty")
        self.assert_refused(self.call("fetch", ""), "fetch: one of the names is empty")

    def test_names_that_mean_nothing(self):
        error = self.refused("run", "--model", "no such/model/at all", code=1)
        self.assertTrue(error.startswith("no such/model/at all: is not a folder or a built-in model "
                                         "(all-MiniLM-L6-v2, all-mpnet-base-v2), and cannot be had from the hub: "), error)
        self.assertNotIn("hub: no such/model/at all:", error)
        self.assertEqual(self.refused("sentences", "--corpus", "nowhere", code=1),
                         "nowhere: is not a file, a folder or a built-in corpus (austen, moby-dick, anarchist-faq); "
                         "the name of a dataset on the hub begins with hf:")

    def test_help_of_every_command(self):
        for command in ([], *([command] for command in COMMANDS)):
            text = self.call(*command, "--help").stdout.decode()
            self.assertIn("Exit status: 0 finished, 1 failed, 2 wrong usage, 3 finished, but some figures", text)
            self.assertNotIn("[default]", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
