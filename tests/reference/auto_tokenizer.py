#!/usr/bin/env python3
"""Compares token ids with AutoTokenizer of transformers, for each class that rebuilds a tokenizer from
its settings, and for the real models of the cache.

    auto_tokenizer.py PROGRAM TRAINED [--strings N]

PROGRAM is normscope, TRAINED the folder that tests/tokenizer/train_models.py wrote (in the build folder,
tests/tokenizer/trained). Needs what requirements.txt asks for. Prints a line for each folder; every
difference fails.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tokenizer"))

import parity_test  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

MOST_SHOWN = 5
BERT = {"lower": {"do_lower_case": True}, "cased": {"do_lower_case": False},
        "accents": {"do_lower_case": False, "strip_accents": True},
        "chinese": {"tokenize_chinese_chars": False, "split_special_tokens": True}}
UNIGRAM = parity_test.unigram(lambda: parity_test.precompiled(parity_test.charsmap()), parity_test.metaspace())


def bert(folder):
    shutil.copy(parity_test.MODEL / "tokenizer.json", folder)


def vocabulary(folder):
    shutil.copy(parity_test.MODEL / "vocab.txt", folder)


def mpnet(folder):
    """all-mpnet-base-v2's own, whose settings are replaced."""
    shutil.copy(parity_test.CACHE / "models" / "all-mpnet-base-v2" / "tokenizer.json", folder)


def byte_bpe(folder):
    shutil.copy(parity_test.TRAINED / "byte_bpe.json", folder / "tokenizer.json")


def merges(folder):
    model = json.loads((parity_test.TRAINED / "byte_bpe.json").read_text(encoding="utf-8"))["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]), encoding="utf-8")
    lines = [pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(lines) + "\n", encoding="utf-8")


def spm(folder):
    shutil.copy(parity_test.TRAINED / "spm.model", folder)


def albert(folder):
    """XLM-RoBERTa's first tokens, with ALBERT's names."""
    UNIGRAM(folder)
    path = folder / "tokenizer.json"
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    names = {"<s>": "[CLS]", "</s>": "[SEP]", "<mask>": "[MASK]"}
    for piece in tokenizer["model"]["vocab"]:
        piece[0] = names.get(piece[0], piece[0])
    for token in tokenizer["added_tokens"]:
        token["content"] = names.get(token["content"], token["content"])
    tokenizer["post_processor"] = None
    path.write_text(json.dumps(tokenizer), encoding="utf-8")


# model_type, how its folder is written, and settings by name.
CLASSES = {
    "bert": (bert, BERT),
    "bert vocab.txt": (vocabulary, BERT),
    "distilbert": (bert, {"default": {}}),
    "electra": (bert, {"default": {}}),
    "mpnet": (mpnet, BERT),
    "roberta": (byte_bpe, {"default": {}, "prefix": {"add_prefix_space": True}}),
    "roberta merges.txt": (merges, {"default": {}, "prefix": {"add_prefix_space": True}}),
    "xlm-roberta": (UNIGRAM, {"default": {}, "no prefix": {"add_prefix_space": False}}),
    "camembert": (UNIGRAM, {"default": {}}),
    "albert": (albert, {"default": {}, "accents": {"keep_accents": True, "do_lower_case": False}}),
    "deberta-v2 spm.model": (spm, {"default": {}, "punctuation": {"split_by_punct": True, "do_lower_case": True}}),
    "modernbert": (byte_bpe, {"default": {}, "another class": {"tokenizer_class": "RobertaTokenizer"}}),
}


def compare(program, folder, texts):
    reference = AutoTokenizer.from_pretrained(folder)
    lines = "".join(json.dumps(text) + "\n" for text in texts).encode()
    done = subprocess.run([program, "tokenize", "--model", str(folder), "--input-format", "jsonl"], input=lines,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    ours = done.stdout.decode().split("\n")[:-1]
    assert len(ours) == len(texts), (len(ours), len(texts))
    expected = reference(texts, truncation=False, padding=False)["input_ids"]
    wrong = [(text, ids, line) for text, ids, line in zip(texts, expected, ours) if " ".join(map(str, ids)) != line]
    for text, ids, line in wrong[:MOST_SHOWN]:
        print(f"  {text!r}\n    expected {ids}\n    got      {line}")
    return type(reference).__name__, len(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("trained")
    parser.add_argument("--strings", type=int, default=100_000)
    options = parser.parse_args()
    texts = list(parity_test.hostile(options.strings, random.Random(0)))
    texts += parity_test.prose(options.program, parity_test.SMALL_CORPUS)[:options.strings]
    # Special tokens that only a class names.
    texts += ["<s>NOTUSED x", "x</s>NOTUSED", "<unk>NOTUSED"]
    failed = False

    def report(label, folder):
        nonlocal failed
        name, wrong = compare(options.program, folder, texts)
        failed = failed or wrong > 0
        print(f"{label} ({name}): {len(texts)} strings, {wrong} differ", flush=True)

    for model in ("all-MiniLM-L6-v2", "all-mpnet-base-v2"):
        report(model, parity_test.CACHE / "models" / model)
    for label, (write, settings) in CLASSES.items():
        for setting, values in settings.items():
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                write(folder)
                (folder / "config.json").write_text(json.dumps({"model_type": label.split()[0]}))
                (folder / "tokenizer_config.json").write_text(json.dumps(values))
                report(f"{label}, {setting}", folder)
    sys.exit(failed)


if __name__ == "__main__":
    main()
