#!/usr/bin/env python3
"""Makes the golden hidden states: transformers' models, eager attention, float32, one sentence
at a time, on the CPU. all-mpnet-base-v2 is computed in float64: it has sentences whose attention is so
near a tie that float32 alone moves a norm by 2e-6.

    hidden_states.py --out golden --small-models FOLDER
    hidden_states.py --out golden --minilm FOLDER --mpnet FOLDER --corpus FOLDER [--corpus FOLDER ...]

One JSON file a model:

    {"model": name, "model_sha256": ..., "made_with": {...}, "sentences": [
      {"ids": [token ids, the special ones included],
       "layers": [{"cls_norm": L2 norm of row 0, "norm": Frobenius norm of the hidden state,
                   "sketch": [8 numbers], "values": [16 numbers]}, one for each layer 0..L]}]}

A hidden state h is [tokens, hidden_size]; all sums are in float64.
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
from dataclasses import dataclass

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer
from transformers import MODEL_MAPPING, AutoConfig, GteConfig

SKETCHES, VALUES = 8, 16
SMALL_SENTENCES = 20


@dataclass(frozen=True)
class RealSentences:
    """How many sentences a real model reads, how many of them are truncated, and to how many ids."""
    count: int
    truncated: int
    longest: int


MINILM = RealSentences(200, 10, 512)
# Few, for it is some twenty times as slow; as long as sentence-transformers lets them be.
MPNET = RealSentences(16, 2, 384)


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


def read_config(folder):
    """The type "new" is known to AutoConfig only with code from the hub; it is "gte" under another
    name, and what that code makes of "ntk" (see also TEI, layers/rotary.rs) is this."""
    config = json.loads((folder / "config.json").read_text())
    if config["model_type"] != "new":
        return AutoConfig.from_pretrained(folder, local_files_only=True)
    del config["model_type"]
    scaling = config.pop("rope_scaling")
    assert scaling["type"] == "ntk"
    size = config["hidden_size"] // config["num_attention_heads"]
    rotary = {"rope_type": "linear", "factor": scaling["factor"] ** (2 / size),
              "rope_theta": config.pop("rope_theta") * scaling["factor"]}
    return GteConfig(rope_parameters=rotary, **config)


def load(folder, dtype=torch.float32):
    config = read_config(folder)
    model_class = MODEL_MAPPING[type(config)]
    options = {"add_pooling_layer": False}
    if not options.keys() <= inspect.signature(model_class).parameters.keys():
        options = {}  # a class without a pooler
    model, info = model_class.from_pretrained(
        folder, config=config, attn_implementation="eager", dtype=dtype,
        output_loading_info=True, local_files_only=True, **options)
    assert not info["missing_keys"] and not info["mismatched_keys"], info
    return model.eval()


def hidden_states(model, ids):
    """Layers 0..L of one sentence, each [tokens, hidden_size]."""
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


def write_golden(path, folder, sentences, dtype=torch.float32):
    model = load(folder, dtype)
    head = {
        "model": path.stem,
        "model_sha256": model_sha256(folder),
        "made_with": {"transformers": transformers.__version__, "torch": torch.__version__,
                      "dtype": str(dtype).removeprefix("torch.")},
    }
    lines = [json.dumps({"ids": ids, "layers": [describe(h) for h in hidden_states(model, ids)]},
                        separators=(",", ":")) for ids in sentences]
    text = json.dumps(head)[:-1] + ', "sentences": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text)
    print(f"{path}: {len(sentences)} sentences, float32 differs from float64 by at most "
          f"{float32_error(folder, sentences):.1e}")


def float32_error(folder, sentences):
    """How far the reference itself is from exact: the largest relative difference of a [CLS] norm
    between float32 and float64."""
    model, double = load(folder), load(folder, torch.float64)
    worst = 0.0
    for ids in sentences[::10]:
        for single, exact in zip(hidden_states(model, ids), hidden_states(double, ids)):
            norm = np.linalg.norm(exact[0])
            worst = max(worst, abs(np.linalg.norm(single[0].astype(np.float64)) - norm) / norm)
    return worst


def longest_sentence(config):
    """Ids of the longest sentence that the model can read."""
    rows = config["max_position_embeddings"]
    if config["model_type"] in ("roberta", "xlm-roberta", "camembert"):
        return rows - config["pad_token_id"] - 1
    return rows - 2 if config["model_type"] == "mpnet" else rows


def random_sentences(config, seed):
    """[CLS] anything [SEP], 1 to as many ids as the model can read, both ends included. Among them
    are the ids of padding, as a text's literal "<pad>" gives them."""
    stream = random.Random(seed).random
    longest = longest_sentence(config)
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


def real_sentences(tokenizer_path, corpora, wanted):
    """Ids of sentences whose lengths cover 1 to wanted.longest - 2 tokens, the short ones more densely
    (as in prose), and of the longest ones of all, truncated to wanted.longest ids."""
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts = list(dict.fromkeys(text for text in candidates(corpora) if text))
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    by_length = {}
    for index, sentence in enumerate(ids):
        by_length.setdefault(len(sentence), []).append(index)

    chosen = []
    count, longest = wanted.count - wanted.truncated, wanted.longest
    for i in range(count):
        target = 3 + (longest - 3) * (i / (count - 1)) ** 1.5
        length = min((n for n in by_length if n <= longest and by_length[n]),
                     key=lambda n: (abs(n - target), n))
        chosen.append(by_length[length].pop(0))
    truncated = sorted((i for i in range(len(ids)) if len(ids[i]) > longest),
                       key=lambda i: (-len(ids[i]), i))[:wanted.truncated]
    separator = ids[0][-1]
    return [ids[i] if len(ids[i]) <= longest else ids[i][:longest - 1] + [separator]
            for i in chosen + truncated]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--small-models", type=pathlib.Path)
    parser.add_argument("--minilm", type=pathlib.Path)
    parser.add_argument("--mpnet", type=pathlib.Path)
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
    for folder, name, wanted, dtype in (
            (arguments.minilm, "all-MiniLM-L6-v2", MINILM, torch.float32),
            (arguments.mpnet, "all-mpnet-base-v2", MPNET, torch.float64)):
        if folder:
            write_golden(arguments.out / f"{name}.json", folder,
                         real_sentences(folder / "tokenizer.json", arguments.corpus, wanted), dtype)


if __name__ == "__main__":
    main()
