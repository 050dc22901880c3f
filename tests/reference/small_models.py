#!/usr/bin/env python3
"""Writes small random models of odd shapes, one Hugging Face folder each.

    small_models.py FOLDER

Needs the standard library only. random.random() gives the same numbers for the same seed in every
Python 3, and what is done to them is exact or correctly rounded, so that every machine writes the
same bytes: the golden numbers name the SHA-256 of each model (see hidden_states.py).

The weights are such that a mistake shows: attention scores have a standard deviation of about 2,
activations lie where gelu is curved, and no LayerNorm weight is one and no bias zero (with ones and
zeros every norm would be the square root of the hidden size). One epsilon is large, since the usual
ones change a norm by less than the tolerance.
"""

import array
import json
import math
import pathlib
import random
import struct
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class SmallModel:
    name: str
    seed: int
    architecture: str = "bert"
    hidden: int = 48
    heads: int = 3
    layers: int = 2
    intermediate: int = 96
    vocabulary: int = 90
    positions: int = 64
    token_types: int = 2
    activation: str = "gelu"
    epsilon: float = 1e-12
    dtype: str = "F32"
    prefix: str = ""
    old_norm_names: bool = False
    shards: int = 1


MODELS = [
    SmallModel("heads1", 1, hidden=24, heads=1, intermediate=37, vocabulary=50, positions=30,
               token_types=1),
    SmallModel("hidden40", 2, hidden=40, heads=5, layers=3, intermediate=100),
    SmallModel("layers1", 3, layers=1),
    SmallModel("relu", 4, activation="relu"),
    SmallModel("gelu_new", 5, activation="gelu_new"),
    SmallModel("head_size64", 6, hidden=128, heads=2, intermediate=200, positions=130),
    SmallModel("head_size1", 7, hidden=7, heads=7, layers=4, intermediate=5, vocabulary=31,
               positions=17),
    SmallModel("old_names", 8, prefix="bert.", old_norm_names=True),
    SmallModel("float16", 9, dtype="F16"),
    SmallModel("bfloat16", 10, dtype="BF16"),
    SmallModel("sharded", 11, layers=3, shards=3, prefix="bert."),
    SmallModel("epsilon", 12, epsilon=1e-3, hidden=33, heads=3, intermediate=65),
    SmallModel("deep", 13, layers=12, hidden=32, heads=4, intermediate=64),
    SmallModel("wide", 14, hidden=1000, heads=10, intermediate=1100, vocabulary=300),
    SmallModel("distilbert", 15, architecture="distilbert", token_types=0, layers=3),
    SmallModel("distilbert_head", 16, architecture="distilbert", token_types=0, hidden=40, heads=5,
               intermediate=100, positions=33, activation="relu", prefix="distilbert."),
]

# What transformers calls the parts of a layer.
LAYERS = {
    "bert": {
        "layer": "encoder.layer",
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "attention_output": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm",
        "intermediate": "intermediate.dense",
        "output": "output.dense",
        "output_norm": "output.LayerNorm",
    },
    "distilbert": {
        "layer": "transformer.layer",
        "query": "attention.q_lin",
        "key": "attention.k_lin",
        "value": "attention.v_lin",
        "attention_output": "attention.out_lin",
        "attention_norm": "sa_layer_norm",
        "intermediate": "ffn.lin1",
        "output": "ffn.lin2",
        "output_norm": "output_layer_norm",
    },
}


def tensors(model):
    """Yields (name, shape, values), the names as transformers writes them."""
    stream = random.Random(model.seed).random

    def noise(count, deviation, center=0.0):
        scale = 2 * math.sqrt(3) * deviation
        return [center + scale * (stream() - 0.5) for _ in range(count)]

    def linear(name, out, inputs, gain):
        yield f"{name}.weight", [out, inputs], noise(out * inputs, gain / math.sqrt(inputs))
        yield f"{name}.bias", [out], noise(out, 0.3)

    def norm(name):
        weight, bias = ("gamma", "beta") if model.old_norm_names else ("weight", "bias")
        yield f"{name}.{weight}", [model.hidden], noise(model.hidden, 0.25, 1.0)
        yield f"{name}.{bias}", [model.hidden], noise(model.hidden, 0.25)

    def table(name, rows, deviation):
        yield f"embeddings.{name}.weight", [rows, model.hidden], noise(rows * model.hidden,
                                                                       deviation)

    yield from table("word_embeddings", model.vocabulary, 1.0)
    yield from table("position_embeddings", model.positions, 0.5)
    if model.token_types:
        yield from table("token_type_embeddings", model.token_types, 0.5)
    yield from norm("embeddings.LayerNorm")
    names = LAYERS[model.architecture]
    for i in range(model.layers):
        def name(role):
            return f"{names['layer']}.{i}.{names[role]}"
        for role, gain in (("query", 1.4), ("key", 1.4), ("value", 1.0)):
            yield from linear(name(role), model.hidden, model.hidden, gain)
        yield from linear(name("attention_output"), model.hidden, model.hidden, 1.0)
        yield from norm(name("attention_norm"))
        yield from linear(name("intermediate"), model.intermediate, model.hidden, 1.2)
        yield from linear(name("output"), model.hidden, model.intermediate, 1.0)
        yield from norm(name("output_norm"))


def to_bytes(values, dtype):
    if dtype == "F32":
        return array.array("f", values).tobytes()
    if dtype == "F16":
        return struct.pack(f"<{len(values)}e", *values)
    words = array.array("I", array.array("f", values).tobytes())
    rounded = ((word + 0x7FFF + ((word >> 16) & 1)) >> 16 for word in words)  # to nearest, even
    return array.array("H", rounded).tobytes()


def write_safetensors(path, named):
    """named: a list of (name, shape, bytes, dtype)."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape, data, dtype in named:
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, data, _ in named:
            file.write(data)


def write_weights(folder, model):
    named = [(model.prefix + name, shape, to_bytes(values, model.dtype), model.dtype)
             for name, shape, values in tensors(model)]
    if model.shards == 1:
        write_safetensors(folder / "model.safetensors", named)
        return
    weight_map = {}
    for shard in range(model.shards):
        file = f"model-{shard + 1:05}-of-{model.shards:05}.safetensors"
        part = named[shard::model.shards]
        write_safetensors(folder / file, part)
        weight_map |= {name: file for name, *_ in part}
    index = {"metadata": {"total_size": sum(len(data) for _, _, data, _ in named)},
             "weight_map": dict(sorted(weight_map.items()))}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")


def vocabulary(size):
    letters = "etaoinshrdlcumwfgypbvkjxqz"
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ","]
    for letter in letters:
        tokens += [letter, f"##{letter}"]
    tokens += [f"{a}{b}" for a in letters for b in letters]
    return tokens[:size]


def bert_config(model):
    return {
        "architectures": ["BertForMaskedLM" if model.prefix else "BertModel"],
        "model_type": "bert",
        "hidden_size": model.hidden,
        "num_attention_heads": model.heads,
        "num_hidden_layers": model.layers,
        "intermediate_size": model.intermediate,
        "vocab_size": model.vocabulary,
        "max_position_embeddings": model.positions,
        "type_vocab_size": model.token_types,
        "hidden_act": model.activation,
        "layer_norm_eps": model.epsilon,
    }


def distilbert_config(model):
    return {
        "architectures": ["DistilBertForMaskedLM" if model.prefix else "DistilBertModel"],
        "model_type": "distilbert",
        "dim": model.hidden,
        "n_heads": model.heads,
        "n_layers": model.layers,
        "hidden_dim": model.intermediate,
        "vocab_size": model.vocabulary,
        "max_position_embeddings": model.positions,
        # The table is stored whatever this says, and here it is random.
        "sinusoidal_pos_embds": bool(model.prefix),
        "activation": model.activation,
    }


def write_model(folder, model):
    folder.mkdir(parents=True, exist_ok=True)
    config = {"bert": bert_config, "distilbert": distilbert_config}[model.architecture](model)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    (folder / "vocab.txt").write_text("\n".join(vocabulary(model.vocabulary)) + "\n")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"do_lower_case": True, "tokenizer_class": "BertTokenizer",
                    "model_max_length": model.positions}) + "\n")
    write_weights(folder, model)


def main():
    folder = pathlib.Path(sys.argv[1])
    for model in MODELS:
        write_model(folder / model.name, model)


if __name__ == "__main__":
    main()
