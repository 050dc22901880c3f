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
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Relative:
    """DeBERTa's attention to relative positions, by the names of its config.json."""
    pos_att_type: object = "p2c|c2p"
    position_buckets: int = -1
    max_relative_positions: int = -1
    share_att_key: bool = True
    norm_rel_ebd: str = "layer_norm"


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
    padding: int = -1
    """What pad_token_id says; none where it is negative."""
    embedding: int = 0
    """Width of the embeddings where it is not the hidden size."""
    groups: int = 0
    """ALBERT's groups of layers that share weights."""
    buckets: int = 0
    """Rows of the table of biases by relative position."""
    naming: str = ""
    """Whose names of tensors it has, where not its architecture's usual ones."""
    biases: bool = True
    """Where an architecture has them in some models only."""
    more: dict = field(default_factory=dict)
    """What else config.json says."""
    absolute: bool = True
    """Whether positions have vectors that are added to the words'; for DeBERTa alone to say."""
    relative: "Relative | None" = None
    convolution: int = 0
    """Tokens that DeBERTa's convolution of the embeddings reads at once."""
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
    SmallModel("roberta", 17, architecture="roberta", token_types=1, padding=1, hidden=40, heads=5,
               positions=52),
    SmallModel("xlm_roberta", 18, architecture="xlm-roberta", padding=7, heads=1, prefix="roberta.",
               dtype="BF16"),
    SmallModel("camembert", 19, architecture="camembert", padding=0, layers=1, activation="relu",
               positions=33, prefix="roberta.", old_norm_names=True),
    SmallModel("electra", 20, architecture="electra", embedding=20, hidden=40, heads=5,
               prefix="electra."),
    SmallModel("electra_wide", 21, architecture="electra", layers=1, heads=1),
    SmallModel("albert", 24, architecture="albert", embedding=20, groups=1, layers=3, hidden=40,
               heads=5, activation="gelu_new", prefix="albert."),
    SmallModel("albert_groups", 25, architecture="albert", embedding=48, groups=2, layers=4, heads=1,
               dtype="BF16"),
    SmallModel("mpnet", 22, architecture="mpnet", token_types=0, padding=1, buckets=32, hidden=40,
               heads=5, positions=203, prefix="mpnet."),
    SmallModel("mpnet_head", 23, architecture="mpnet", token_types=0, padding=4, buckets=32, heads=1,
               layers=3, positions=40, activation="gelu_new", dtype="BF16"),
    # The last layer is global, the window smaller than most sentences.
    SmallModel("modernbert", 26, architecture="modernbert", token_types=0, layers=4, positions=75,
               intermediate=37, epsilon=1e-5, biases=False, prefix="model.",
               more={"local_attention": 16, "global_attn_every_n_layers": 3,
                     "global_rope_theta": 160000.0, "local_rope_theta": 10000.0}),
    # The first layer and the last one are local, to five tokens.
    SmallModel("modernbert_layer_types", 27, architecture="modernbert", token_types=0, layers=3,
               hidden=50, heads=5, positions=130, activation="gelu_pytorch_tanh", dtype="F16",
               more={"local_attention": 5, "rope_parameters": {
                         "full_attention": {"rope_type": "default", "rope_theta": 500.0},
                         "sliding_attention": {"rope_type": "default", "rope_theta": 7.5}},
                     "layer_types": ["sliding_attention", "full_attention", "sliding_attention"]}),
    SmallModel("modernbert_local", 28, architecture="modernbert", token_types=0, heads=1,
               positions=61, biases=False, dtype="BF16",
               more={"local_attention": 40, "global_attn_every_n_layers": 3}),
    SmallModel("nomic_bert", 29, architecture="nomic_bert", positions=90, layers=3,
               activation="silu", more={"rotary_emb_base": 1000}),
    SmallModel("nomic_bert_own", 30, architecture="nomic_bert", naming="nomic_bert_own", hidden=40,
               heads=5, positions=51, token_types=1, activation="silu", dtype="BF16",
               prefix="nomic_bert.",
               more={"rope_parameters": {"rope_type": "default", "rope_theta": 1000.0}}),
    SmallModel("gte", 31, architecture="new", token_types=0, positions=120, heads=2, layers=3,
               more={"rope_theta": 20000.0, "rope_scaling": {"type": "ntk", "factor": 8.0}}),
    SmallModel("gte_own", 32, architecture="gte", naming="gte_own", hidden=40, heads=5,
               positions=77, token_types=1, dtype="F16", prefix="gte.",
               more={"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}}),
    # As DeBERTa-v3, with sentences that are long enough for buckets of several distances.
    SmallModel("deberta", 26, architecture="deberta-v2", token_types=0, absolute=False, hidden=40,
               heads=5, layers=3, positions=150, relative=Relative(position_buckets=24),
               epsilon=1e-7, prefix="deberta."),
    SmallModel("deberta_own_maps", 27, architecture="deberta-v2", embedding=20, layers=2,
               positions=60, dtype="F16",
               relative=Relative(["c2p", "p2c"], share_att_key=False, max_relative_positions=25,
                                 norm_rel_ebd="none")),
    SmallModel("deberta_c2p", 28, architecture="deberta-v2", token_types=1, absolute=False, heads=1,
               relative=Relative("c2p", position_buckets=7, max_relative_positions=40)),
    SmallModel("deberta_p2c", 29, architecture="deberta-v2", token_types=0, absolute=False,
               embedding=56, activation="gelu_new",
               relative=Relative(["p2c"], share_att_key=False), prefix="deberta."),
    # As DeBERTa-v2's largest.
    SmallModel("deberta_convolution", 30, architecture="deberta-v2", token_types=0, absolute=False,
               hidden=40, heads=5, convolution=3, relative=Relative(position_buckets=16),
               dtype="BF16"),
    SmallModel("deberta_wide_convolution", 31, architecture="deberta-v2", layers=1, convolution=5,
               activation="relu", relative=Relative(position_buckets=200)),
    SmallModel("deberta_plain", 32, architecture="deberta-v2", token_types=0),
]

# What transformers calls the parts of a layer.
LAYERS = {
    "albert": {
        "layer": "encoder.albert_layer_groups",
        "query": "albert_layers.0.attention.query",
        "key": "albert_layers.0.attention.key",
        "value": "albert_layers.0.attention.value",
        "attention_output": "albert_layers.0.attention.dense",
        "attention_norm": "albert_layers.0.attention.LayerNorm",
        "intermediate": "albert_layers.0.ffn",
        "output": "albert_layers.0.ffn_output",
        "output_norm": "albert_layers.0.full_layer_layer_norm",
    },
    "mpnet": {
        "layer": "encoder.layer",
        "query": "attention.attn.q",
        "key": "attention.attn.k",
        "value": "attention.attn.v",
        "attention_output": "attention.attn.o",
        "attention_norm": "attention.LayerNorm",
        "intermediate": "intermediate.dense",
        "output": "output.dense",
        "output_norm": "output.LayerNorm",
    },
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
    # Where one tensor is several maps, their roles are joined by +, in the order of its rows.
    "modernbert": {
        "layer": "layers",
        "query+key+value": "attn.Wqkv",
        "attention_output": "attn.Wo",
        "attention_norm": "attn_norm",
        "intermediate+gate": "mlp.Wi",
        "output": "mlp.Wo",
        "output_norm": "mlp_norm",
    },
    "nomic_bert": {
        "layer": "encoder.layers",
        "query+key+value": "attn.Wqkv",
        "attention_output": "attn.out_proj",
        "attention_norm": "norm1",
        "gate": "mlp.fc11",
        "intermediate": "mlp.fc12",
        "output": "mlp.fc2",
        "output_norm": "norm2",
    },
    "nomic_bert_own": {
        "layer": "layers",
        "query": "self_attn.q_proj",
        "key": "self_attn.k_proj",
        "value": "self_attn.v_proj",
        "attention_output": "self_attn.o_proj",
        "attention_norm": "post_attention_layernorm",
        "intermediate": "mlp.gate_proj",
        "gate": "mlp.up_proj",
        "output": "mlp.down_proj",
        "output_norm": "post_mlp_layernorm",
    },
    "new": {
        "layer": "encoder.layer",
        "query+key+value": "attention.qkv_proj",
        "attention_output": "attention.o_proj",
        "attention_norm": "attn_ln",
        "gate+intermediate": "mlp.up_gate_proj",
        "output": "mlp.down_proj",
        "output_norm": "mlp_ln",
    },
}
LAYERS |= dict.fromkeys(["roberta", "xlm-roberta", "camembert", "electra"], LAYERS["bert"])
LAYERS["deberta-v2"] = LAYERS["bert"] | {
    "query": "attention.self.query_proj",
    "key": "attention.self.key_proj",
    "value": "attention.self.value_proj",
    "position_query": "attention.self.pos_query_proj",
    "position_key": "attention.self.pos_key_proj",
}
LAYERS["gte_own"] = LAYERS["nomic_bert_own"]
# Architectures with rotary positions, and which of their maps have biases.
ROTARY = {
    "modernbert": ["query", "attention_output", "intermediate", "output"],
    "nomic_bert": [],
    "new": ["query", "key", "value", "attention_output", "output"],
    "gte": ["query", "key", "value", "attention_output", "output"],
}
# What is not called "embeddings." and the name of the role.
EMBEDDINGS = {
    "modernbert": {"word_embeddings": "embeddings.tok_embeddings", "LayerNorm": "embeddings.norm"},
    "nomic_bert": {"LayerNorm": "emb_ln"},
}
CLASSES = {"bert": "Bert", "distilbert": "DistilBert", "roberta": "Roberta",
           "xlm-roberta": "XLMRoberta", "camembert": "Camembert", "electra": "Electra",
           "mpnet": "MPNet", "albert": "Albert", "modernbert": "ModernBert",
           "nomic_bert": "NomicBert", "new": "New", "gte": "Gte",
           "deberta-v2": "DebertaV2"}


def tensors(model):
    """Yields (name, shape, values), the names as transformers writes them."""
    stream = random.Random(model.seed).random

    def noise(count, deviation, center=0.0):
        scale = 2 * math.sqrt(3) * deviation
        return [center + scale * (stream() - 0.5) for _ in range(count)]

    def linear(name, out, inputs, gain, bias=True):
        yield f"{name}.weight", [out, inputs], noise(out * inputs, gain / math.sqrt(inputs))
        if bias:
            yield f"{name}.bias", [out], noise(out, 0.3)

    def norm(name, size=model.hidden):
        weight, bias = ("gamma", "beta") if model.old_norm_names else ("weight", "bias")
        yield f"{name}.{weight}", [size], noise(size, 0.25, 1.0)
        if model.biases:
            yield f"{name}.{bias}", [size], noise(size, 0.25)

    width = model.embedding or model.hidden
    naming = model.naming or model.architecture
    names = LAYERS[naming]
    rotary = model.architecture in ROTARY

    def of_embeddings(name):
        return EMBEDDINGS.get(naming, {}).get(name, f"embeddings.{name}")

    def table(name, rows, deviation):
        yield f"{of_embeddings(name)}.weight", [rows, width], noise(rows * width, deviation)

    deberta = model.architecture == "deberta-v2"
    yield from table("word_embeddings", model.vocabulary, 1.0)
    if model.absolute and not rotary:
        yield from table("position_embeddings", model.positions, 0.5)
    if model.token_types:
        yield from table("token_type_embeddings", model.token_types, 0.5)
    yield from norm(of_embeddings("LayerNorm"), model.hidden if deberta else width)
    if deberta:
        yield from deberta_tensors(model, noise, norm)
    elif model.embedding:
        projection = ("encoder.embedding_hidden_mapping_in" if model.architecture == "albert"
                      else "embeddings_project")
        yield from linear(projection, model.hidden, width, 1.0)
    if model.buckets:
        yield ("encoder.relative_attention_bias.weight", [model.buckets, model.heads],
               noise(model.buckets * model.heads, 1.0))
    for i in range(model.groups or model.layers):
        def name(role):
            return f"{names['layer']}.{i}.{names[role]}"
        if rotary:
            yield from rotary_layer(model, i, name, linear, norm)
            continue
        roles = [("query", 1.4), ("key", 1.4), ("value", 1.0)]
        if model.relative and not model.relative.share_att_key:
            if "p2c" in model.relative.pos_att_type:
                roles.append(("position_query", 1.4))
            if "c2p" in model.relative.pos_att_type:
                roles.append(("position_key", 1.4))
        for role, gain in roles:
            yield from linear(name(role), model.hidden, model.hidden, gain)
        yield from linear(name("attention_output"), model.hidden, model.hidden, 1.0)
        yield from norm(name("attention_norm"))
        yield from linear(name("intermediate"), model.intermediate, model.hidden, 1.2)
        yield from linear(name("output"), model.hidden, model.intermediate, 1.0)
        yield from norm(name("output_norm"))
    if model.architecture == "modernbert":
        yield from norm("final_norm")


def rotary_layer(model, layer, name, linear, norm):
    """The tensors of one layer; `name`, `linear` and `norm` are those of tensors()."""
    sizes = {"attention_output": (model.hidden, model.hidden, 1.0),
             "intermediate": (model.intermediate, model.hidden, 1.2),
             "gate": (model.intermediate, model.hidden, 1.2),
             "output": (model.hidden, model.intermediate, 1.0)}
    for roles in list(LAYERS[model.naming or model.architecture])[1:]:
        parts = roles.split("+")
        if parts[0].endswith("norm"):
            if model.architecture != "modernbert" or (layer, roles) != (0, "attention_norm"):
                yield from norm(name(roles))
            continue
        out, inputs, gain = sizes.get(parts[0], (model.hidden, model.hidden, 1.3))
        biased = parts[0] in ROTARY[model.architecture] and model.biases
        yield from linear(name(roles), len(parts) * out, inputs, gain, biased)


def deberta_tensors(model, noise, norm):
    """What comes once a DeBERTa model and not in BERT."""
    if model.embedding:
        yield ("embeddings.embed_proj.weight", [model.hidden, model.embedding],
               noise(model.hidden * model.embedding, 1 / math.sqrt(model.embedding)))
    if model.relative:
        limit = model.relative.max_relative_positions
        span = model.relative.position_buckets
        if span < 1:
            span = limit if limit > 0 else model.positions
        yield ("encoder.rel_embeddings.weight", [2 * span, model.hidden],
               noise(2 * span * model.hidden, 1.0))
        if model.relative.norm_rel_ebd == "layer_norm":
            yield from norm("encoder.LayerNorm")
    if model.convolution:
        inputs = model.hidden * model.convolution
        yield ("encoder.conv.conv.weight", [model.hidden, model.hidden, model.convolution],
               noise(model.hidden * inputs, 1 / math.sqrt(inputs)))
        yield "encoder.conv.conv.bias", [model.hidden], noise(model.hidden, 0.3)
        yield from norm("encoder.conv.LayerNorm")


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


def class_name(model):
    return CLASSES[model.architecture] + ("ForMaskedLM" if model.prefix else "Model")


def bert_config(model):
    config = {
        "architectures": [class_name(model)],
        "model_type": model.architecture,
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
    if model.padding >= 0:
        config["pad_token_id"] = model.padding
    if model.groups:
        config["num_hidden_groups"] = model.groups
    if model.architecture in ("electra", "albert"):
        config["embedding_size"] = model.embedding or model.hidden
    if model.buckets:
        config["relative_attention_num_buckets"] = model.buckets
    if model.architecture == "deberta-v2":
        config |= deberta_config(model)
    return config


def deberta_config(model):
    config = {"position_biased_input": model.absolute}
    if model.relative:
        config |= {"relative_attention": True} | asdict(model.relative)
    if model.embedding:
        config["embedding_size"] = model.embedding
    if model.convolution:
        config |= {"conv_kernel_size": model.convolution, "conv_act": model.activation}
    return config


def distilbert_config(model):
    return {
        "architectures": [class_name(model)],
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


def modernbert_config(model):
    config = bert_config(model)
    del config["type_vocab_size"]
    config["hidden_activation"] = config.pop("hidden_act")
    config["norm_eps"] = config.pop("layer_norm_eps")
    return config | {"norm_bias": model.biases, "attention_bias": model.biases,
                     "mlp_bias": model.biases}


def nomic_bert_config(model):
    """With GPT-2's keys too, as the hub's files have them; transformers reads its own alone."""
    config = bert_config(model)
    if model.naming:
        return config
    return config | {
        "n_embd": model.hidden,
        "n_head": model.heads,
        "n_layer": model.layers,
        "n_inner": model.intermediate,
        "n_positions": model.positions,
        "activation_function": "swiglu",
        "layer_norm_epsilon": model.epsilon,
        "rotary_emb_fraction": 1.0,
        "rotary_emb_interleaved": False,
        "prenorm": False,
        "qkv_proj_bias": False,
        "mlp_fc1_bias": False,
        "mlp_fc2_bias": False,
    }


CONFIGS = {"distilbert": distilbert_config, "modernbert": modernbert_config,
           "nomic_bert": nomic_bert_config}


def write_model(folder, model):
    folder.mkdir(parents=True, exist_ok=True)
    config = CONFIGS.get(model.architecture, bert_config)(model) | model.more
    if model.architecture in ROTARY:
        config["pad_token_id"] = 0
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
