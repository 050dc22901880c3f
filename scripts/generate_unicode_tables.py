#!/usr/bin/env python3
"""Writes src/tokenizer/generated/unicode_tables.cc: what Hugging Face `tokenizers` takes each character for.

The reference's tables of categories are older than its tables of decompositions and of letter case,
and no Unicode version has both, so the package itself is asked about every scalar value. Needs the
version of `tokenizers` that tests/requirements.txt names; tests/tokenizer/parity_test.py compares
the outcome with it.

    generate_unicode_tables.py > src/tokenizer/generated/unicode_tables.cc
"""

import unicodedata

import tokenizers
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordLevel

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
BLOCK = 64
HANGUL = range(0xAC00, 0xD7A4)

# As in unicode.h.
(DROPPED, SPACE, PUNCTUATION, IDEOGRAPH, NONSPACING_MARK, WORD, DECOMPOSES, HAS_LOWER, COMBINING_MARK,
 HAS_COMPATIBILITY, COMPOSES, NUMERIC) = (1 << i for i in range(12))
CLASS_SHIFT = 24


def bert(clean=False, ideographs=False, strip=False, lower=False):
    return normalizers.BertNormalizer(clean_text=clean, handle_chinese_chars=ideographs,
                                      strip_accents=strip, lowercase=lower).normalize_str


def word_characters():
    """Those beside which a single_word token is not found: the regex \\w of the reference."""
    tokenizer = Tokenizer(WordLevel({"[U]": 0, "x": 1}, unk_token="[U]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("x", "isolated")
    tokenizer.add_tokens([AddedToken("\u0001", single_word=True, normalized=False)])
    found = tokenizer.token_to_id("\u0001")
    return {c for c in SCALARS if c != 1 and found not in tokenizer.encode(chr(c) + "\u0001").ids}


def properties():
    clean, ideographs, strip, lower = bert(clean=True), bert(ideographs=True), bert(strip=True), bert(lower=True)
    decompose = normalizers.NFD().normalize_str
    compose, decompose_fully = normalizers.NFC().normalize_str, normalizers.NFKD().normalize_str
    strip_accents = normalizers.StripAccents().normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    digits = pre_tokenizers.Digits(individual_digits=True).pre_tokenize_str
    words = word_characters()
    flags, classes, decompositions, compatibilities, lowers, compositions = {}, {}, {}, {}, {}, {}
    for c in SCALARS:
        char = chr(c)
        pieces = [piece for piece, _ in split(f"a{char}a")]
        bits = 0
        if clean(char) == "":
            bits |= DROPPED
        if pieces == ["a", "a"]:
            bits |= SPACE
        elif pieces == ["a", char, "a"]:
            bits |= PUNCTUATION
        if ideographs(char) == f" {char} ":
            bits |= IDEOGRAPH
        if strip(char) == "":
            bits |= NONSPACING_MARK
        if strip_accents(char) == "":
            bits |= COMBINING_MARK
        if len(digits(f"a{char}a")) == 3:
            bits |= NUMERIC
        if c in words:
            bits |= WORD
        if (whole := decompose(char)) != char and c not in HANGUL:
            bits |= DECOMPOSES
            decompositions[c] = whole
            if compose(char) == char:
                first, second = compose(whole[:-1]), whole[-1]
                compositions[ord(first) << 32 | ord(second)] = c
        if c not in HANGUL and (plain := decompose_fully(char)) != whole:
            bits |= HAS_COMPATIBILITY
            compatibilities[c] = plain
        if (small := lower(char)) != char:
            bits |= HAS_LOWER
            lowers[c] = small
        flags[c] = bits
        classes[c] = combining_class(char, decompose)
        assert clean(char) in ("", " ", char) and (clean(char) == " ") <= bool(bits & SPACE)
    for pair in compositions:
        flags[pair & 0xFFFFFFFF] |= COMPOSES
    return flags, classes, decompositions, compatibilities, lowers, compositions


def combining_class(char, decompose):
    """Unicode's class where the reference orders the character by it, among marks of the classes
    220 and 230; 0 where it is too old to know the class."""
    if decompose(char) != char:
        return 0

    def fits(order):
        for mark in "\u0316\u0301":
            theirs = unicodedata.combining(mark)
            moved = decompose("a" + char + mark) != "a" + char + mark
            overtaken = decompose("a" + mark + char) != "a" + mark + char
            if mark != char and (moved, overtaken) != (order > theirs, 0 < order < theirs):
                return False
        return True

    return next(order for order in (unicodedata.combining(char), 0) if fits(order))


def wrapped(numbers):
    lines, line = [], "   "
    for number in numbers:
        if len(line) + len(str(number)) + 2 > 100:
            lines.append(line)
            line = "   "
        line += f" {number},"
    return "\n".join(lines + [line])


def array(kind, name, numbers):
    numbers = list(numbers)
    print(f"const {kind} {name}[{len(numbers)}] = {{\n{wrapped(numbers)}\n}};\n")


def main():
    flags, classes, decompositions, compatibilities, lowers, compositions = properties()
    blocks, index, numbers = {}, [], []
    for first in range(0, 0x110000, BLOCK):
        block = tuple(classes.get(c, 0) << CLASS_SHIFT | flags.get(c, 0) for c in range(first, first + BLOCK))
        if block not in blocks:
            blocks[block] = len(blocks)
            numbers += block
        index.append(blocks[block])
    print(f"// Made by scripts/generate_unicode_tables.py with tokenizers {tokenizers.__version__}.")
    print("// clang-format off")
    print('#include "tokenizer/generated/unicode_tables.h"\n\nnamespace normscope::unicode {\n')
    array("std::uint16_t", "kBlockIndex", index)
    array("std::uint32_t", "kProperties", numbers)
    for name, mapping in (("Decomposition", decompositions), ("Compatibility", compatibilities), ("Lower", lowers)):
        keys, starts, sequence = [], [0], []
        for key in sorted(mapping):
            keys.append(key)
            sequence += map(ord, mapping[key])
            starts.append(len(sequence))
        array("char32_t", f"k{name}Keys", keys)
        array("std::uint16_t", f"k{name}Starts", starts)
        array("char32_t", f"k{name}Values", sequence)
        print(f"const std::size_t k{name}Count = {len(keys)};\n")
    pairs = sorted(compositions)
    array("std::uint64_t", "kCompositionKeys", pairs)
    array("char32_t", "kCompositionValues", [compositions[pair] for pair in pairs])
    print(f"const std::size_t kCompositionCount = {len(pairs)};\n")
    print("}  // namespace normscope::unicode")


if __name__ == "__main__":
    main()
