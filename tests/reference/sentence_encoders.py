#!/usr/bin/env python3
"""Writes small sentence-transformers models, one folder each: the encoders of small_models.py with
poolings, dense layers and prompts.

    sentence_encoders.py FOLDER

Needs the standard library only, and writes the same bytes on every machine, as small_models.py does.
"""

import json
import math
import pathlib
import random
import sys
from dataclasses import dataclass, field

from small_models import SmallModel, to_bytes, write_model, write_safetensors

OLD_FLAGS = {"cls": "cls_token", "max": "max_tokens", "mean": "mean_tokens",
             "mean_sqrt_len_tokens": "mean_sqrt_len_tokens", "weightedmean": "weightedmean_tokens",
             "lasttoken": "lasttoken"}
ACTIVATIONS = {"tanh": "torch.nn.modules.activation.Tanh", "relu": "torch.nn.modules.activation.ReLU",
               "gelu": "torch.nn.modules.activation.GELU", "sigmoid": "torch.nn.modules.activation.Sigmoid",
               "identity": "torch.nn.modules.linear.Identity"}


@dataclass(frozen=True)
class SentenceEncoder:
    name: str
    seed: int
    poolings: tuple = ("mean",)
    old_flags: bool = False
    """As files before sentence-transformers 6 say the poolings."""
    include_prompt: bool = True
    layers: tuple = ()
    """After the pooling: ("Dense", width, activation, bias), ("LayerNorm",), ("Normalize",)."""
    folder: str = ""
    """Of the encoder, below the model's."""
    modules: bool = True
    max_length: int = 0
    """What max_seq_length says; nothing where it is 0."""
    prompts: dict = field(default_factory=dict)
    default_prompt: str = None
    architecture: str = "bert"


ENCODERS = [
    SentenceEncoder("mean", 101, old_flags=True, layers=(("Normalize",),), max_length=24),
    SentenceEncoder("dense", 102, ("cls",), old_flags=True, folder="0_Transformer",
                    layers=(("Dense", 20, "tanh", True), ("Normalize",)), max_length=64),
    SentenceEncoder("concatenated", 103, ("cls", "max", "mean", "mean_sqrt_len_tokens"), old_flags=True),
    SentenceEncoder("listed", 104, ("lasttoken", "weightedmean", "cls"),
                    layers=(("Dense", 70, "identity", False), ("Dense", 9, "gelu", True))),
    SentenceEncoder("weightedmean", 105, ("weightedmean",), old_flags=True),
    SentenceEncoder("lasttoken", 106, ("lasttoken",), layers=(("Dense", 13, "sigmoid", True),)),
    SentenceEncoder("sqrt_len", 107, ("mean_sqrt_len_tokens",), layers=(("Normalize",),
                                                                      ("Dense", 16, "relu", True))),
    SentenceEncoder("layer_norm", 108, ("max",), layers=(("LayerNorm",), ("Normalize",))),
    SentenceEncoder("no_modules", 109, modules=False),
    SentenceEncoder("prompt", 110, ("mean", "max"), include_prompt=False, layers=(("Normalize",),),
                    max_length=40, prompts={"query": "ask: ", "document": "", "task": "a task , "},
                    default_prompt="query"),
    SentenceEncoder("prompt_cls", 111, ("cls", "weightedmean"), include_prompt=False,
                    prompts={"query": "ask: "}),
    SentenceEncoder("mpnet", 112, ("mean",), old_flags=True, layers=(("Normalize",),),
                    architecture="mpnet", max_length=40),
]


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def encoder(model):
    shape = {"hidden": 48, "heads": 3, "layers": 2, "intermediate": 96}
    if model.architecture == "mpnet":
        return SmallModel("", model.seed, architecture="mpnet", token_types=0, padding=1, buckets=32,
                          positions=66, **shape)
    return SmallModel("", model.seed, **shape)


def noise(stream, count, deviation, center=0.0):
    scale = 2 * math.sqrt(3) * deviation
    return [center + scale * (stream() - 0.5) for _ in range(count)]


def write_layer(folder, layer, width, stream):
    """The width of what comes out."""
    if layer[0] == "Normalize":
        folder.mkdir(parents=True, exist_ok=True)
        return width
    if layer[0] == "LayerNorm":
        write_json(folder / "config.json", {"dimension": width})
        tensors = [("norm.weight", [width], noise(stream, width, 0.25, 1.0)),
                   ("norm.bias", [width], noise(stream, width, 0.25))]
        out = width
    else:
        _, out, activation, bias = layer
        write_json(folder / "config.json", {"in_features": width, "out_features": out, "bias": bias,
                                            "activation_function": ACTIVATIONS[activation]})
        tensors = [("linear.weight", [out, width], noise(stream, out * width, 1 / math.sqrt(width)))]
        if bias:
            tensors.append(("linear.bias", [out], noise(stream, out, 0.3)))
    write_safetensors(folder / "model.safetensors",
                      [(name, shape, to_bytes(values, "F32"), "F32") for name, shape, values in tensors])
    return out


def write_encoder(folder, model):
    of_encoder = encoder(model)
    write_model(folder / model.folder, of_encoder)
    if model.max_length:
        write_json(folder / model.folder / "sentence_bert_config.json",
                   {"max_seq_length": model.max_length, "do_lower_case": False})
    if not model.modules:
        return
    modules = [("Transformer", model.folder)]
    if model.old_flags:
        config = {"word_embedding_dimension": of_encoder.hidden}
        config |= {f"pooling_mode_{flag}": pooling in model.poolings for pooling, flag in OLD_FLAGS.items()}
    else:
        config = {"embedding_dimension": of_encoder.hidden,
                  "pooling_mode": list(model.poolings) if len(model.poolings) > 1 else model.poolings[0]}
    write_json(folder / "1_Pooling/config.json", config | {"include_prompt": model.include_prompt})
    modules.append(("Pooling", "1_Pooling"))
    stream = random.Random(model.seed).random
    width = of_encoder.hidden * len(model.poolings)
    for layer in model.layers:
        path = f"{len(modules)}_{layer[0]}"
        width = write_layer(folder / path, layer, width, stream)
        modules.append((layer[0], path))
    write_json(folder / "modules.json", [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{name}"}
        for i, (name, path) in enumerate(modules)])
    if model.prompts:
        write_json(folder / "config_sentence_transformers.json",
                   {"prompts": model.prompts, "default_prompt_name": model.default_prompt})


def main():
    folder = pathlib.Path(sys.argv[1])
    for model in ENCODERS:
        write_encoder(folder / model.name, model)


if __name__ == "__main__":
    main()
