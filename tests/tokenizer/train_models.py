#!/usr/bin/env python3
"""Trains the tokenizers that parity_test.py compares with, on the novels of the cache, with the reference packages.

train_models.py FOLDER

Writes FOLDER/unigram.json (pieces and scores of a SentencePiece Unigram model) with its spm.model, and
FOLDER/byte_bpe.json, FOLDER/byte_bpe_nfc.json and FOLDER/character_bpe.json, each a tokenizer.json.
"""

import json
import os
import pathlib
import struct
import sys

import sentencepiece
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from charsmap import fields

CACHE = pathlib.Path(os.environ.get("NORMSCOPE_CACHE") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "normscope")
NOVELS = sorted(str(path) for name in ("austen", "moby-dick") for path in (CACHE / "corpora" / name).glob("**/*.txt"))
SIZE = 8000


def pieces_of(model):
    """Pieces, their scores and their types, of a SentencePiece model."""
    for number, value in fields(model):
        if number == 1:
            piece = dict(fields(value))
            yield piece[1].decode(), struct.unpack("<f", piece.get(2, bytes(4)))[0], piece.get(3, 1)


def unigram(folder):
    sentencepiece.SentencePieceTrainer.train(
        input=",".join(NOVELS), model_prefix=str(folder / "spm"), model_type="unigram", vocab_size=SIZE, minloglevel=2,
        max_sentence_length=100_000, num_threads=2, pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]",
        bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]")
    pieces = [(piece, score) for piece, score, kind in pieces_of((folder / "spm.model").read_bytes())]
    (folder / "unigram.json").write_text(json.dumps(pieces, ensure_ascii=False), encoding="utf-8")


def byte_bpe(folder, name, prefix, normalizer, special, added):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train(NOVELS, trainers.BpeTrainer(vocab_size=SIZE, special_tokens=special, show_progress=False,
                                                initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_tokens(added)
    cls, sep = special[0], special[2]
    tokenizer.post_processor = processors.RobertaProcessing((sep, 2), (cls, 0), add_prefix_space=prefix)
    tokenizer.save(str(folder / name))


def character_bpe(folder):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
    tokenizer.pre_tokenizer = pre_tokenizers.Split("\u2581", "merged_with_next")
    special = ["<pad>", "<eos>", "<bos>", "<unk>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokenizer.train(NOVELS, trainers.BpeTrainer(vocab_size=SIZE, special_tokens=special, show_progress=False))
    tokenizer.save(str(folder / "character_bpe.json"))


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    unigram(folder)
    byte_bpe(folder, "byte_bpe.json", False, None, ["<s>", "<pad>", "</s>", "<unk>"],
             [AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    byte_bpe(folder, "byte_bpe_nfc.json", False, normalizers.NFC(), ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]"],
             [AddedToken(" " * n, normalized=True, special=False) for n in range(24, 1, -1)])
    character_bpe(folder)


if __name__ == "__main__":
    main()
