"""Writes a Hugging Face folder with a model of a popular shape and random weights.

    random_models.py SHAPE TOKENIZER_FOLDER OUT

SHAPE is bert-base, xlm-roberta-base or modernbert-base. All get the tokenizer of TOKENIZER_FOLDER,
a BERT model's, so that every program reads the same ids. Hence XLM-RoBERTa has BERT's vocabulary
(its own 250,002 tokens would only make the file larger), and its padding is BERT's id 0, not 1: its
positions begin one row after that, and its table has 513 rows, not 514. ModernBERT keeps its own
number of tokens; the last ones never occur.

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

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json")
RANDOM = numpy.random.RandomState(0)


def normal(shape, scale, mean=0.0):
    return (mean + scale * RANDOM.standard_normal(shape)).astype(numpy.float32)


def matrix(outputs, inputs, gain):
    return normal((outputs, inputs), gain / numpy.sqrt(inputs))


def linear(name, outputs, inputs, gain):
    return {f"{name}.weight": matrix(outputs, inputs, gain), f"{name}.bias": normal(outputs, 0.1)}


def layer_norm(name, size):
    return {f"{name}.weight": normal(size, 0.3, mean=1.0), f"{name}.bias": normal(size, 0.3)}


def bert(config):
    """The tensors of BERT, and of XLM-RoBERTa, whose names and shapes are the same."""
    hidden, intermediate = config["hidden_size"], config["intermediate_size"]
    tensors = {
        "embeddings.word_embeddings.weight": normal((config["vocab_size"], hidden), 0.05),
        "embeddings.position_embeddings.weight":
            normal((config["max_position_embeddings"], hidden), 0.02),
        "embeddings.token_type_embeddings.weight": normal((config["type_vocab_size"], hidden), 0.02),
        **layer_norm("embeddings.LayerNorm", hidden),
    }
    for layer in range(config["num_hidden_layers"]):
        prefix = f"encoder.layer.{layer}"
        for name in ("query", "key"):
            tensors |= linear(f"{prefix}.attention.self.{name}", hidden, hidden, 1.2)
        tensors |= linear(f"{prefix}.attention.self.value", hidden, hidden, 1.0)
        tensors |= linear(f"{prefix}.attention.output.dense", hidden, hidden, 1.0)
        tensors |= layer_norm(f"{prefix}.attention.output.LayerNorm", hidden)
        tensors |= linear(f"{prefix}.intermediate.dense", intermediate, hidden, 1.0)
        tensors |= linear(f"{prefix}.output.dense", hidden, intermediate, 1.5)
        tensors |= layer_norm(f"{prefix}.output.LayerNorm", hidden)
    return tensors


def modernbert(config):
    """The tensors of ModernBERT, none of which is a bias; the first layer has no attn_norm."""
    hidden, intermediate = config["hidden_size"], config["intermediate_size"]

    def scale():
        return normal(hidden, 0.3, mean=1.0)

    tensors = {"embeddings.tok_embeddings.weight": normal((config["vocab_size"], hidden), 0.05),
               "embeddings.norm.weight": scale()}
    for layer in range(config["num_hidden_layers"]):
        prefix = f"layers.{layer}"
        if layer > 0:
            tensors[f"{prefix}.attn_norm.weight"] = scale()
        tensors[f"{prefix}.attn.Wqkv.weight"] = numpy.concatenate(
            [matrix(hidden, hidden, gain) for gain in (1.2, 1.2, 1.0)])
        tensors[f"{prefix}.attn.Wo.weight"] = matrix(hidden, hidden, 1.0)
        tensors[f"{prefix}.mlp_norm.weight"] = scale()
        tensors[f"{prefix}.mlp.Wi.weight"] = matrix(2 * intermediate, hidden, 1.0)
        tensors[f"{prefix}.mlp.Wo.weight"] = matrix(hidden, intermediate, 1.5)
    tensors["final_norm.weight"] = scale()
    return tensors


BERT_BASE = {
    "architectures": ["BertModel"], "model_type": "bert", "hidden_size": 768,
    "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072,
    "hidden_act": "gelu", "layer_norm_eps": 1e-12, "max_position_embeddings": 512,
    "type_vocab_size": 2, "position_embedding_type": "absolute",
}
# Where it says nothing of the vocabulary, that is the tokenizer's.
SHAPES = {
    "bert-base": (bert, BERT_BASE),
    "xlm-roberta-base": (bert, BERT_BASE | {
        "architectures": ["XLMRobertaModel"], "model_type": "xlm-roberta", "layer_norm_eps": 1e-5,
        "max_position_embeddings": 513, "type_vocab_size": 1}),
    "modernbert-base": (modernbert, {
        "architectures": ["ModernBertModel"], "model_type": "modernbert", "vocab_size": 50368,
        "hidden_size": 768, "num_hidden_layers": 22, "num_attention_heads": 12,
        "intermediate_size": 1152, "hidden_activation": "gelu", "norm_eps": 1e-5,
        "max_position_embeddings": 8192, "global_attn_every_n_layers": 3, "local_attention": 128,
        "global_rope_theta": 160000.0, "local_rope_theta": 10000.0, "norm_bias": False,
        "attention_bias": False, "mlp_bias": False}),
}


def of_tokenizer(folder):
    """What config.json says of the tokenizer. [CLS] and [SEP] have a pair of names each."""
    vocabulary = (folder / "vocab.txt").read_bytes().decode().removesuffix("\n").split("\n")
    padding, first, last = map(vocabulary.index, ("[PAD]", "[CLS]", "[SEP]"))
    return {"vocab_size": len(vocabulary), "pad_token_id": padding, "bos_token_id": first,
            "cls_token_id": first, "eos_token_id": last, "sep_token_id": last}


def main(shape, tokenizer_folder, out):
    tensors, config = SHAPES[shape]
    config = of_tokenizer(tokenizer_folder) | config
    out.mkdir(parents=True)
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    for name in TOKENIZER_FILES:
        shutil.copy(tokenizer_folder / name, out / name)
    save_file(tensors(config), out / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
