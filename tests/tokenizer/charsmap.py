"""Character maps as `sentencepiece` compiles them, for the normalizer Precompiled."""

import io
import tempfile

import sentencepiece


def fields(message):
    """The fields of a protobuf message: number and value, bytes or an integer."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        kind = key & 7
        if kind == 0:
            yield key >> 3, varint()
            continue
        size = varint() if kind == 2 else {1: 8, 5: 4}[kind]
        yield key >> 3, message[at:at + size]
        at += size


def charsmap(rule="nmt_nfkc", rules=None):
    """The bytes of a named map, or of one that maps the strings `rules` as given."""
    model = io.BytesIO()
    options = {"normalization_rule_name": rule}
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        if rules is not None:
            file.writelines("{}\t{}\n".format(*(" ".join(f"{ord(c):X}" for c in side) for side in pair))
                            for pair in rules.items())
            file.flush()
            options = {"normalization_rule_tsv": file.name}
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["abc def"]), model_writer=model, model_type="char", vocab_size=10,
            hard_vocab_limit=False, minloglevel=2, **options)
    normalizer = dict(fields(dict(fields(model.getvalue()))[3]))
    return normalizer[2]
