#!/usr/bin/env python3
"""Writes src/tokenizer/generated/unicode_tables.cc: what Hugging Face `tokenizers` takes each character for.

The reference's tables of categories are older than its tables of decompositions and of letter case,
and no Unicode version has both, so the package itself is asked about every scalar value. Needs the
versions of `tokenizers` and `sentencepiece` that tests/requirements.txt names; tests/tokenizer/parity_test.py compares
the outcome with it.

    generate_unicode_tables.py > src/tokenizer/generated/unicode_tables.cc
"""

import pathlib
import sys
import unicodedata

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordLevel

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "tokenizer"))
from charsmap import charsmap  # noqa: E402

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
BLOCK = 64
HANGUL = range(0xAC00, 0xD7A4)

# As in unicode.h.
(DROPPED, SPACE, PUNCTUATION, IDEOGRAPH, NONSPACING_MARK, WORD, DECOMPOSES, HAS_LOWER, COMBINING_MARK,
 HAS_COMPATIBILITY, COMPOSES, NUMERIC, LETTER, NUMBER) = (1 << i for i in range(14))
GRAPHEME_SHIFT = 16
CLASS_SHIFT = 24
(OTHER, CONTROL, PREPEND, EXTEND, SPACING, LEAD, VOWEL, TRAIL, LEAD_VOWEL, LEAD_VOWEL_TRAIL, CONSONANT, LINKER,
 CONJUNCT_EXTEND, PICTOGRAPHIC) = range(14)


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


def matches(pattern):
    """The characters that a regular expression of the pre-tokenizers takes."""
    split = pre_tokenizers.Split(Regex(pattern), "removed").pre_tokenize_str
    return {c for c in SCALARS if not split(chr(c))}


def grapheme_classes():
    """How Precompiled sees a character in extended grapheme clusters. Of a cluster of less than six bytes it takes what
    the map has for its start and loses the rest, so that a mark that the map lacks tells where a cluster ends: the map
    here makes X of every other character."""
    mark, first, zwj, copyright, trademark = "\u0301", "\u0300", "\u200d", "\u00a9", "\u2122"
    ka, virama, lead, vowel, trail, syllable = "\u0915", "\u094d", "\u1100", "\u1161", "\u11a8", "\uac00"
    normalize = normalizers.Precompiled(
        charsmap(rules={chr(c): "X" for c in SCALARS if chr(c) not in (mark, "X", "\0")})).normalize_str

    def keeps(text):
        return normalize(text + mark).endswith(mark)

    def of(char):
        if normalize("a" + char) == "X":
            if keeps(ka + char + ka):
                return LINKER
            if keeps(ka + virama + char + ka):
                return CONJUNCT_EXTEND
            return EXTEND if keeps(copyright + char + zwj + trademark) else SPACING
        if normalize(char + first + mark) == "XX":
            return CONTROL
        if normalize(char + "a") == "X":
            return PREPEND
        if keeps(char + zwj + trademark):
            return PICTOGRAPHIC
        if keeps(char + virama + ka):
            return CONSONANT
        joins = [keeps(char + after) for after in (lead, vowel, trail)]
        if joins[0]:
            return LEAD
        if joins[1]:
            # A vowel is joined to one before it. Vowels of four bytes are no syllables.
            return VOWEL if len(char.encode()) == 4 or keeps(vowel + char) else LEAD_VOWEL
        if joins[2]:
            return TRAIL if keeps(trail + char) else LEAD_VOWEL_TRAIL
        return OTHER

    classes = {c: of(chr(c)) for c in SCALARS if chr(c) not in (mark, "X", "\0")}
    assert classes[ord(syllable)] == LEAD_VOWEL and classes[ord(first)] == CONJUNCT_EXTEND
    return {**classes, ord(mark): classes[ord(first)], ord("X"): classes[ord("Y")], 0: CONTROL}


def properties():
    clean, ideographs, strip, lower = bert(clean=True), bert(ideographs=True), bert(strip=True), bert(lower=True)
    decompose = normalizers.NFD().normalize_str
    compose, decompose_fully = normalizers.NFC().normalize_str, normalizers.NFKD().normalize_str
    strip_accents = normalizers.StripAccents().normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    digits = pre_tokenizers.Digits(individual_digits=True).pre_tokenize_str
    words = word_characters()
    letters, numbers, graphemes = matches(r"\p{L}"), matches(r"\p{N}"), grapheme_classes()
    assert matches(r"\s") == {c for c in SCALARS if split(f"a{chr(c)}a") == [("a", (0, 1)), ("a", (2, 3))]}
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
        if c in letters:
            bits |= LETTER
        if c in numbers:
            bits |= NUMBER
        bits |= graphemes[c] << GRAPHEME_SHIFT
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
