#!/usr/bin/env python3
"""Makes the golden hidden states: transformers' models, eager attention, float32, one sentence
at a time, on the CPU.

    hidden_states.py --out golden --small-models FOLDER
    hidden_states.py --out golden --minilm FOLDER --corpus FOLDER [--corpus FOLDER ...]

One JSON file a model:

    {"model": name, "model_sha256": ..., "made_with": {...}, "sentences": [
      {"ids": [token ids, the special ones included],
       "layers": [{"cls_norm": L2 norm of row 0, "norm": Frobenius norm of the hidden state,
                   "sketch": [8 numbers], "values": [16 numbers]}, one for each layer 0..L]}]}

A hidden state h is [tokens, hidden_size] float32; all sums are in float64.
    sketch[k] = sum over t, d of sign(k, t, d) * h[t, d],
    where sign(k, t, d) is -1 where bit k of splitmix64(t * 2^32 + d) is set, else +1,
    values[j] = h.flat[splitmix64(2^63 + j) mod (tokens * hidden_size)].
For two hidden states a and b, mean over k of (sketch_a[k] - sketch_b[k])^2 estimates the squared
Frobenius norm of a - b: its expectation over the signs is exact (Alon, Matias, Szegedy 1999).
model_sha256 is what normscope's model_sha256() gives.
"""

import argparse
import hashlib
import inspect
import json
import pathlib
import random
import re
import zlib

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer
from transformers import MODEL_MAPPING, AutoConfig

SKETCHES, VALUES = 8, 16
MINILM_SENTENCES, TRUNCATED_SENTENCES, MAX_LENGTH = 200, 10, 512
SMALL_SENTENCES = 20


def splitmix64(x):
    """The output function of SplitMix64 (Steele, Lea, Flood 2014) for the state x, uint64."""
    with np.errstate(over="ignore"):
        x = np.asarray(x, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def signs(tokens, hidden):
    """[SKETCHES, tokens, hidden] of -1.0 and +1.0."""
    element = np.arange(tokens, dtype=np.uint64)[:, None] << np.uint64(32)
    bits = splitmix64(element | np.arange(hidden, dtype=np.uint64)[None, :])
    k = np.arange(SKETCHES, dtype=np.uint64)[:, None, None]
    return 1.0 - 2.0 * ((bits[None] >> k) & np.uint64(1)).astype(np.float64)


def number(value):
    return float(f"{value:.9g}")  # enough to tell any two float32 apart


def describe(hidden_state):
    h = hidden_state.astype(np.float64)
    position = splitmix64(np.uint64(1 << 63) + np.arange(VALUES, dtype=np.uint64))
    values = h.reshape(-1)[(position % np.uint64(h.size)).astype(np.int64)]
    return {
        "cls_norm": number(np.linalg.norm(h[0])),
        "norm": number(np.linalg.norm(h)),
        "sketch": [number(x) for x in np.einsum("ktd,td->k", signs(*h.shape), h)],
        "values": [number(x) for x in values],
    }


def load(folder):
    model_class = MODEL_MAPPING[type(AutoConfig.from_pretrained(folder, local_files_only=True))]
    options = {"add_pooling_layer": False}
    if not options.keys() <= inspect.signature(model_class).parameters.keys():
        options = {}  # a class without a pooler
    model, info = model_class.from_pretrained(
        folder, attn_implementation="eager", dtype=torch.float32, output_loading_info=True,
        local_files_only=True, **options)
    assert not info["missing_keys"] and not info["mismatched_keys"], info
    return model.eval()


def hidden_states(model, ids):
    """Layers 0..L of one sentence, each [tokens, hidden_size] float32."""
    with torch.inference_mode():
        output = model(input_ids=torch.tensor([ids]), output_hidden_states=True)
    layers = output.hidden_states
    assert len(layers) == model.config.num_hidden_layers + 1
    assert torch.equal(layers[-1], output.last_hidden_state)
    return [layer[0].numpy() for layer in layers]


def model_sha256(folder):
    names = {"config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt",
             "special_tokens_map.json", "added_tokens.json",
             "model.safetensors.index.json"} | {p.name for p in folder.glob("*.safetensors")}
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
             for name in sorted(names) if (folder / name).exists()]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_golden(path, folder, sentences):
    model = load(folder)
    head = {
        "model": path.stem,
        "model_sha256": model_sha256(folder),
        "made_with": {"transformers": transformers.__version__, "torch": torch.__version__},
    }
    lines = [json.dumps({"ids": ids, "layers": [describe(h) for h in hidden_states(model, ids)]},
                        separators=(",", ":")) for ids in sentences]
    text = json.dumps(head)[:-1] + ', "sentences": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text)
    print(f"{path}: {len(sentences)} sentences, float32 differs from float64 by at most "
          f"{float32_error(model, sentences):.1e}")


def float32_error(model, sentences):
    """How far the reference itself is from exact: the largest relative difference of a [CLS] norm
    between float32 and float64."""
    double = load(model.name_or_path).double()
    worst = 0.0
    for ids in sentences[::10]:
        for single, exact in zip(hidden_states(model, ids), hidden_states(double, ids)):
            norm = np.linalg.norm(exact[0])
            worst = max(worst, abs(np.linalg.norm(single[0].astype(np.float64)) - norm) / norm)
    return worst


def random_sentences(config, seed):
    """[CLS] anything [SEP], 1 to max_position_embeddings ids, both ends included."""
    stream = random.Random(seed).random
    longest = config["max_position_embeddings"]
    for i in range(SMALL_SENTENCES):
        length = 1 + round((longest - 1) * i / (SMALL_SENTENCES - 1))
        ids = [int(stream() * config["vocab_size"]) for _ in range(length)]
        ids[0], ids[-1] = 2, (3 if length > 1 else 2)
        yield ids


def candidates(corpora):
    """Paragraphs and roughly cut sentences, in the order of the text."""
    for corpus in corpora:
        for path in sorted(corpus.glob("*.txt")):
            for paragraph in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
                paragraph = " ".join(paragraph.split())
                yield paragraph
                yield from re.split(r"(?<=[.?!])\s+(?=[A-Z])", paragraph)


def real_sentences(tokenizer_path, corpora):
    """Ids of sentences whose lengths cover 1 to MAX_LENGTH - 2 tokens, the short ones more densely
    (as in prose), and of the longest ones of all, truncated to MAX_LENGTH ids."""
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts = list(dict.fromkeys(text for text in candidates(corpora) if text))
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    by_length = {}
    for index, sentence in enumerate(ids):
        by_length.setdefault(len(sentence), []).append(index)

    chosen = []
    count = MINILM_SENTENCES - TRUNCATED_SENTENCES
    for i in range(count):
        target = 3 + (MAX_LENGTH - 3) * (i / (count - 1)) ** 1.5
        length = min((n for n in by_length if n <= MAX_LENGTH and by_length[n]),
                     key=lambda n: (abs(n - target), n))
        chosen.append(by_length[length].pop(0))
    truncated = sorted((i for i in range(len(ids)) if len(ids[i]) > MAX_LENGTH),
                       key=lambda i: (-len(ids[i]), i))[:TRUNCATED_SENTENCES]
    separator = ids[0][-1]
    return [ids[i] if len(ids[i]) <= MAX_LENGTH else ids[i][:MAX_LENGTH - 1] + [separator]
            for i in chosen + truncated]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--small-models", type=pathlib.Path)
    parser.add_argument("--minilm", type=pathlib.Path)
    parser.add_argument("--corpus", type=pathlib.Path, action="append", default=[])
    arguments = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.small_models:
        for folder in sorted(arguments.small_models.iterdir()):
            config = json.loads((folder / "config.json").read_text())
            write_golden(arguments.out / f"{folder.name}.json", folder,
                         list(random_sentences(config, zlib.crc32(folder.name.encode()))))
    if arguments.minilm:
        write_golden(arguments.out / "all-MiniLM-L6-v2.json", arguments.minilm,
                     real_sentences(arguments.minilm / "tokenizer.json", arguments.corpus))


if __name__ == "__main__":
    main()
