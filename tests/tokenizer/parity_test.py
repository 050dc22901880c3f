#!/usr/bin/env python3
"""Compares token ids with Hugging Face `tokenizers`: on the prose of the cache, on every Unicode
scalar value in several contexts, and on hostile strings, for several settings. Every difference
fails the test.

parity_test.py PROGRAM TRAINED SETTING [--quick]
TRAINED is the folder that train_models.py wrote. With --quick it sees some of them; NORMSCOPE_PARITY=full
overrides that.
"""

import base64
import inspect
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unicodedata

from charsmap import charsmap
from tokenizers import AddedToken, BertWordPieceTokenizer, Tokenizer

CACHE = pathlib.Path(os.environ.get("NORMSCOPE_CACHE") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "normscope")
MODEL = CACHE / "models" / "all-MiniLM-L6-v2"
SMALL_CORPUS = {"moby-dick": 9_000}
CORPORA = {"austen": 31_000, "anarchist-faq": 78_000, **SMALL_CORPUS}
MOST_SHOWN = 5
LONGEST_PIECE = 60
TRAINED = pathlib.Path(sys.argv[2])


def prose(program, corpora):
    """All sentences of the corpora, as normscope splits them, and their raw lines."""
    sentences = []
    for name, least in corpora.items():
        printed = subprocess.run([program, "sentences", "--corpus", name], capture_output=True, check=True).stdout
        split = printed.decode().split("\n")[:-1]
        assert len(split) >= least, (name, len(split))
        sentences += split
        for path in sorted((CACHE / "corpora" / name).glob("**/*.txt")):
            sentences += path.read_text(encoding="utf-8").split("\n")
    return sentences


def scalars():
    """Every scalar value alone, inside a word, beside other characters that it may combine with."""
    for c in range(0x110000):
        if not 0xD800 <= c <= 0xDFFF:
            char = chr(c)
            yield char
            yield f"ab{char}cd"
            yield f"e{char}\u0301"
            yield f"e\u0301{char}\u0316x"


def joined_scalars():
    """The same in one string for each scalar value."""
    alike = scalars()
    for four in zip(alike, alike, alike, alike):
        yield " ".join(four)


def hostile(count, rng):
    """Strings of what tokenizers get wrong."""
    words = ["hello", "Unaffable", "[SEP]", "[CLS]", "[MASK]", "[sep]", "[UNK]", "[PAD]", "##ing", "don't", "naïve",
             "ﬁ", "ß", "İstanbul", "ΌΣΟΣ", "ǅ", "한국어", "각", "가", "ᄀ\u1161\u11a8", "中文", "漢字かな", "ﾊﾝｶｸ", "👩‍👩‍👧‍👦", "🇩🇪",
             "e\u0301\u0327", "a\u0316\u0301\u0316", "\u0301", "x\u200dy", "\u00ad", "\u200b", "\ufeff", "\ufffd", "\x00",
             "\x0b", "\x85", "\u2028", "\u3000", "\xa0", "\t", "\n", "\r\n", "\x1c", "\u180e", "\u2060", "€", "$5.00", "a+b=c",
             "`^~|<>", "«»", "—", "…", "٣", "हिन्दी", "தமிழ்", "עברית", "العربية", "ไทย", "\U0001d400", "\U000e0001", "\U0010ffff",
             "ﬁ\u0301", "½\u0301", "Ａ\u0300", "\u2126\u0301", "ｶ\uff9e", "\u00a9\u200d\u2122\u0301", "\u0915\u094d\u0958\u0301",
             "\u0600a", "\u1100\u1161\u0301",
             "\u2e43", "\u166d", "x" * 99, "x" * 100, "x" * 101, "é" * 100, "é" * 101, "supercalifragilisticexpialidocious",
             "<new>", "<mask>", "<s>", "<pad>", "\u2581", "\u2581hello", "<0x41>", "AAAA", "hello  world", "<NEW>", "<strip>", "<solo>", "<e\u0301>", "<É>", "[", "]", "[SE", "P]", "", " ", "  "]
    ranges = [(0, 0x80), (0x80, 0x250), (0x300, 0x370), (0x370, 0x600), (0x900, 0x0E00), (0x1100, 0x1200),
              (0x1E00, 0x2100), (0x2000, 0x2070), (0x3000, 0x3100), (0x4DB0, 0x4E10), (0xAC00, 0xAD00),
              (0xF900, 0xFB10), (0xFE00, 0x10000), (0x1F300, 0x1F700), (0x20000, 0x20010), (0x2A6D0, 0x2A710),
              (0x2CEA0, 0x2CEC0), (0x2F800, 0x2F820), (0, 0x110000)]
    for _ in range(count):
        parts = []
        for _ in range(rng.randrange(1, 12)):
            if rng.random() < 0.6:
                parts.append(rng.choice(words))
            else:
                low, high = rng.choice(ranges)
                parts.append("".join(chr(c) for c in (rng.randrange(low, high) for _ in range(rng.randrange(1, 6)))
                                     if not 0xD800 <= c <= 0xDFFF))
            parts.append(rng.choice(["", "", " ", " ", "\t", "  ", "\u2003"]))
        yield "".join(parts)


def with_normalizer(**changes):
    def write(folder):
        tokenizer = json.loads((MODEL / "tokenizer.json").read_text(encoding="utf-8"))
        tokenizer["normalizer"].update(changes)
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    return write


def of_model(name):
    """The tokenizer of a model of the cache, as it is."""
    def write(folder):
        shutil.copy(CACHE / "models" / name / "tokenizer.json", folder)
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    return write


def with_parts(**parts):
    """MiniLM's tokenizer with other parts, given as tokenizer.json has them."""
    def write(folder):
        tokenizer = json.loads((MODEL / "tokenizer.json").read_text(encoding="utf-8"))
        tokenizer.update(parts)
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    return write


BERT_NORMALIZER = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                   "lowercase": True}
BERT_PRE_TOKENIZER = {"type": "BertPreTokenizer"}


def normalizers(*parts):
    return {"type": "Sequence", "normalizers": list(parts)}


def pre_tokenizers(*parts):
    return {"type": "Sequence", "pretokenizers": list(parts)}


def all_characters():
    return [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF and
            (c < 0x20000 or unicodedata.category(chr(c)) not in ("Cn", "Co"))]


def characters_of(texts):
    """What is in them, and what may come out of them."""
    text = "".join(texts)
    forms = (unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD"))
    return sorted(set(text).union(text.lower(), *forms))


def of_characters(normalizer=None, pre_tokenizer=None):
    """Parts whose result shows: every character that is asked has an id of its own where a piece begins and another one
    inside it."""
    def write(folder, characters):
        ids = {token: i for i, token in enumerate(["[UNK]", *characters, *("##" + c for c in characters)])}
        model = {"type": "WordPiece", "vocab": ids, "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                 "max_input_chars_per_word": 1_000_000}
        return with_parts(added_tokens=[], normalizer=normalizer, pre_tokenizer=pre_tokenizer, post_processor=None,
                          model=model)(folder)
    return write


def split_at(pattern, behavior, invert=False):
    return {"type": "Split", "pattern": {"String": pattern}, "behavior": behavior, "invert": invert}


def punctuation(behavior):
    return {"type": "Punctuation", "behavior": behavior}


def digits(individual):
    return {"type": "Digits", "individual_digits": individual}


def replacement(pattern, content):
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


def word_level():
    def write(folder):
        tokenizer = json.loads((MODEL / "tokenizer.json").read_text(encoding="utf-8"))
        model = tokenizer["model"]
        return with_parts(model={"type": "WordLevel", "vocab": model["vocab"], "unk_token": "[UNK]"})(folder)
    return write


def with_added_tokens(folder):
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.add_tokens([AddedToken("<new>", normalized=False), AddedToken("<solo>", single_word=True, normalized=False),
                          AddedToken("<strip>", lstrip=True, rstrip=True, normalized=False),
                          AddedToken("<e\u0301>", normalized=True), AddedToken("don't", normalized=True, single_word=True),
                          AddedToken("<new>er", normalized=False), AddedToken("Unaff", normalized=True, rstrip=True)])
    tokenizer.save(str(folder / "tokenizer.json"))
    return tokenizer


def from_vocabulary(**options):
    def write(folder):
        shutil.copy(MODEL / "vocab.txt", folder)
        names = {"lowercase": "do_lower_case", "strip_accents": "strip_accents",
                 "handle_chinese_chars": "tokenize_chinese_chars"}
        (folder / "tokenizer_config.json").write_text(json.dumps({names[k]: v for k, v in options.items()}))
        return Tokenizer.from_str(BertWordPieceTokenizer(str(folder / "vocab.txt"), **options).to_str())
    return write


def precompiled(map_of_characters):
    return {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(map_of_characters).decode()}


def replacement_of(regex, content):
    return {"type": "Replace", "pattern": {"Regex": regex}, "content": content}


def metaspace(scheme="always", split=True):
    return {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": scheme, "split": split}


def added(number, content, **changes):
    return {"id": number, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": True, **changes}


def unigram(normalizer, pre_tokenizer, added_tokens=(), byte_fallback=False):
    """The trained model with XLM-RoBERTa's first tokens."""
    def write(folder):
        pieces = json.loads((TRAINED / "unigram.json").read_text(encoding="utf-8"))
        names = ["<s>", "<pad>", "</s>", "<unk>"]
        vocabulary = [[name, 0.0] for name in names] + pieces[4:] + [["<mask>", 0.0]]
        if byte_fallback:
            vocabulary += [[f"<0x{byte:02X}>", -20.0] for byte in range(256)]
        ids = {token: i for i, (token, _) in enumerate(vocabulary)}
        tokenizer = {
            "version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [*(added(i, name) for i, name in enumerate(names)),
                             added(ids["<mask>"], "<mask>", lstrip=True),
                             *(added(len(vocabulary) + i, **token) for i, token in enumerate(added_tokens))],
            "normalizer": normalizer() if callable(normalizer) else normalizer, "pre_tokenizer": pre_tokenizer,
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                           {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
                "special_tokens": {name: {"id": name, "ids": [ids[name]], "tokens": [name]} for name in names}},
            "decoder": metaspace(),
            "model": {"type": "Unigram", "unk_id": 3, "vocab": vocabulary, "byte_fallback": byte_fallback}}
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    return write


def trained(name, **changes):
    """A trained tokenizer.json, with other settings of its model."""
    def write(folder):
        tokenizer = json.loads((TRAINED / name).read_text(encoding="utf-8"))
        tokenizer["model"].update(changes)
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    return write


def every_character_mapped():
    """A map of all short characters but a few marks, so that a cluster's end shows by what is lost of it."""
    marks = "\u0301\u0327\u0903\u3099"
    ranges = [range(1, 0x3100), range(0xA960, 0xA980), range(0xAC00, 0xAC40), range(0xD7B0, 0xD800), range(0xFE00, 0xFF70)]
    mapped = [chr(c) for scalars_of in ranges for c in scalars_of if chr(c) not in marks]
    return precompiled(charsmap(rules={char: "x" + char for char in mapped}))


SETTINGS = {
    "uncased": with_normalizer(),
    "mpnet": of_model("all-mpnet-base-v2"),
    "cased": with_normalizer(lowercase=False, strip_accents=None),
    "accents_kept": with_normalizer(strip_accents=False),
    "accents_stripped_cased": with_normalizer(lowercase=False, strip_accents=True),
    "not_cleaned": with_normalizer(clean_text=False, handle_chinese_chars=False),
    "added_tokens": with_added_tokens,
    "no_normalizer": with_parts(normalizer=None),
    "no_pre_tokenizer": with_parts(pre_tokenizer=None),
    "sequences": with_parts(
        normalizer=normalizers({**BERT_NORMALIZER, "lowercase": False}, normalizers(BERT_NORMALIZER), normalizers()),
        pre_tokenizer=pre_tokenizers(BERT_PRE_TOKENIZER, pre_tokenizers(BERT_PRE_TOKENIZER))),
    "word_level": word_level(),
    **{name.lower(): of_characters({"type": name}) for name in ("Lowercase", "NFC", "NFD", "NFKC", "NFKD")},
    "strip_accents": of_characters({"type": "StripAccents"}),
    "other_normalizers": of_characters(normalizers(
        replacement("``", '"'), replacement("''", '"'), {"type": "NFKD"}, {"type": "StripAccents"},
        {"type": "Lowercase"},
        {"type": "Strip", "strip_left": False, "strip_right": True}, {"type": "Prepend", "prepend": "\u2581"},
        replacement(" ", "\u2581"), replacement("hello", ""),
        {"type": "Strip", "strip_left": True, "strip_right": True})),
    "whitespace": of_characters(pre_tokenizer={"type": "Whitespace"}),
    "punctuation_and_digits": of_characters(pre_tokenizer=pre_tokenizers(
        {"type": "WhitespaceSplit"}, punctuation("MergedWithNext"), digits(individual=True))),
    "other_pre_tokenizers": of_characters(pre_tokenizer=pre_tokenizers(
        split_at(" ", "MergedWithNext"), punctuation("MergedWithPrevious"), split_at("e", "Contiguous"),
        digits(individual=False), split_at("an", "MergedWithPrevious", invert=True), punctuation("Removed"),
        split_at("s", "Removed"))),
    "post_processors": with_parts(post_processor={"type": "Sequence", "processors": [
        {"type": "RobertaProcessing", "sep": ["[PAD]", 0], "cls": ["[MASK]", 103], "trim_offsets": True,
         "add_prefix_space": False},
        {"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}]}),
    "unigram": unigram(lambda: precompiled(charsmap()), pre_tokenizers({"type": "WhitespaceSplit"}, metaspace())),
    "unigram_metaspace": unigram(
        lambda: normalizers(precompiled(charsmap()), {"type": "Strip", "strip_left": False, "strip_right": True},
                            replacement_of(" {2,}", "\u2581")), metaspace()),
    "unigram_bytes": unigram(
        normalizers({"type": "Nmt"}, {"type": "NFC"}, {"type": "Strip", "strip_left": True, "strip_right": False},
                    replacement_of(r"\s{2,}|[\n\r\t]", " "), replacement("hello", "")),
        metaspace("first"), byte_fallback=True,
        added_tokens=[{"content": "<new>", "special": False}, {"content": "<e\u0301>", "normalized": True}]),
    "byte_bpe": trained("byte_bpe.json"),
    "byte_bpe_nfc": trained("byte_bpe_nfc.json"),
    "character_bpe": trained("character_bpe.json"),
    "character_bpe_options": trained("character_bpe.json", byte_fallback=False, fuse_unk=False, ignore_merges=True),
    "byte_level": of_characters(normalizers({"type": "NFKD"}, {"type": "ByteLevel"})),
    "byte_level_words": of_characters(pre_tokenizer={"type": "ByteLevel", "add_prefix_space": True,
                                                     "trim_offsets": True, "use_regex": True}),
    "nmt": of_characters({"type": "Nmt"}, metaspace("never")),
    "metaspace_whole": of_characters({"type": "StripAccents"}, pre_tokenizers(
        {"type": "WhitespaceSplit"}, punctuation("Isolated"), metaspace("first", split=False))),
    "nmt_nfkc": lambda folder, characters: of_characters(precompiled(charsmap()))(folder, characters),
    "clusters": lambda folder, characters: of_characters(every_character_mapped())(folder, characters),
    "vocabulary": from_vocabulary(),
    "vocabulary_cased": from_vocabulary(lowercase=False, strip_accents=False),
}
# Every scalar value is asked in these; all see the prose and the hostile strings.
SCALAR_SETTINGS = {"uncased": scalars, "mpnet": joined_scalars, "cased": joined_scalars,
                   "accents_kept": joined_scalars,
                   "not_cleaned": joined_scalars,
                   "lowercase": joined_scalars, "nfc": joined_scalars, "nfd": joined_scalars, "nfkc": joined_scalars,
                   "nfkd": joined_scalars, "strip_accents": joined_scalars, "whitespace": joined_scalars,
                   "punctuation_and_digits": joined_scalars, "unigram": scalars, "unigram_metaspace": joined_scalars,
                   "unigram_bytes": joined_scalars, "byte_bpe": scalars,
                   "byte_bpe_nfc": joined_scalars, "character_bpe": joined_scalars, "byte_level_words": scalars,
                   "nmt": joined_scalars, "nmt_nfkc": scalars, "clusters": scalars}


class Comparison:
    """Sends texts to the program in one stream and compares its ids with the reference's."""

    def __init__(self, program, folder, reference):
        self.command = [program, "tokenize", "--model", str(folder), "--input-format", "jsonl"]
        self.reference = reference
        self.reference.no_truncation()
        self.reference.no_padding()
        self.compared = self.different = 0

    def compare(self, texts, size=200_000):
        batch = []
        for text in texts:
            batch.append(text)
            if len(batch) == size:
                self._compare(batch)
                batch = []
        self._compare(batch)

    def _compare(self, texts):
        if not texts:
            return
        lines = "".join(json.dumps(text) + "\n" for text in texts).encode()
        done = subprocess.run(self.command, input=lines, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        ours = done.stdout.decode().split("\n")
        assert len(ours) == len(texts) + 1, (len(ours), len(texts))
        for text, line, encoding in zip(texts, ours, self.reference.encode_batch_fast(texts)):
            self.compared += 1
            if line != " ".join(map(str, encoding.ids)):
                self.different += 1
                if self.different <= MOST_SHOWN:
                    print(f"  {text!r}\n    expected {encoding.ids}\n    got      {line}")


def main():
    program, setting = sys.argv[1], sys.argv[3]
    quick = "--quick" in sys.argv[4:] and os.environ.get("NORMSCOPE_PARITY") != "full"
    texts = prose(program, SMALL_CORPUS)[::5] if quick else prose(program, CORPORA)
    texts += hostile(5_000 if quick else 100_000, random.Random(setting))
    with tempfile.TemporaryDirectory() as folder:
        write = SETTINGS[setting]
        given = [pathlib.Path(folder)]
        if "characters" in inspect.signature(write).parameters:
            # The reference's time grows with the cube of a piece's length.
            texts = [text[i:i + LONGEST_PIECE] for text in texts for i in range(0, len(text), LONGEST_PIECE)]
            given.append(characters_of(texts) if quick else all_characters())
        comparison = Comparison(program, folder, write(*given))
        comparison.compare(texts)
        if setting in SCALAR_SETTINGS and not quick:
            comparison.compare(SCALAR_SETTINGS[setting]())
    print(f"{setting}: {comparison.compared} strings, {comparison.different} differ")
    sys.exit(comparison.different > 0)


if __name__ == "__main__":
    main()
