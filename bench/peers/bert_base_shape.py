"""Writes a Hugging Face folder with a model of bert-base's shape and random weights.

    bert_base_shape.py TOKENIZER_FOLDER OUT

A LayerNorm of weight 1 and bias 0 would give every [CLS] vector the norm sqrt(hidden), whatever
came before it; so LayerNorm weights and biases are random too. Linear weights keep activations at
the scale of their inputs, and spread the attention. The same bytes on every machine.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy
from safetensors.numpy import save_file

HIDDEN, LAYERS, HEADS, INTERMEDIATE, POSITIONS = 768, 12, 12, 3072, 512
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json")


def weights(vocabulary):
    random = numpy.random.RandomState(0)

    def normal(shape, scale, mean=0.0):
        return (mean + scale * random.standard_normal(shape)).astype(numpy.float32)

    def linear(name, outputs, inputs, gain):
        return {f"{name}.weight": normal((outputs, inputs), gain / numpy.sqrt(inputs)),
                f"{name}.bias": normal(outputs, 0.1)}

    def layer_norm(name):
        return {f"{name}.weight": normal(HIDDEN, 0.3, mean=1.0), f"{name}.bias": normal(HIDDEN, 0.3)}

    tensors = {
        "embeddings.word_embeddings.weight": normal((vocabulary, HIDDEN), 0.05),
        "embeddings.position_embeddings.weight": normal((POSITIONS, HIDDEN), 0.02),
        "embeddings.token_type_embeddings.weight": normal((2, HIDDEN), 0.02),
        **layer_norm("embeddings.LayerNorm"),
    }
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}"
        for name in ("query", "key"):
            tensors |= linear(f"{prefix}.attention.self.{name}", HIDDEN, HIDDEN, 1.2)
        tensors |= linear(f"{prefix}.attention.self.value", HIDDEN, HIDDEN, 1.0)
        tensors |= linear(f"{prefix}.attention.output.dense", HIDDEN, HIDDEN, 1.0)
        tensors |= layer_norm(f"{prefix}.attention.output.LayerNorm")
        tensors |= linear(f"{prefix}.intermediate.dense", INTERMEDIATE, HIDDEN, 1.0)
        tensors |= linear(f"{prefix}.output.dense", HIDDEN, INTERMEDIATE, 1.5)
        tensors |= layer_norm(f"{prefix}.output.LayerNorm")
    return tensors


def main(tokenizer_folder, out):
    config = json.loads((tokenizer_folder / "config.json").read_text())
    config |= {"_name_or_path": "", "hidden_size": HIDDEN, "num_hidden_layers": LAYERS,
               "num_attention_heads": HEADS, "intermediate_size": INTERMEDIATE,
               "max_position_embeddings": POSITIONS}
    out.mkdir(parents=True)
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    for name in TOKENIZER_FILES:
        shutil.copy(tokenizer_folder / name, out / name)
    save_file(weights(config["vocab_size"]), out / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
