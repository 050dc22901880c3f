#!/usr/bin/env python3
"""Writes seeds for the fuzz targets into FOLDER/<target>/: small files as real programs write them."""

import base64
import io
import json
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import pyarrow
import pyarrow.parquet

sys.path.insert(0, str(Path(__file__).parent.parent / "report"))
from synthetic_run import synthetic_run  # noqa: E402

FOLDER = Path(sys.argv[1])


def write(target, name, content):
    path = FOLDER / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def safetensors(tensors, padding=0):
    header = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, dtype, shape, content in tensors:
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode() + b" " * padding
    return struct.pack("<Q", len(text)) + text + data


def pickled(value):
    """In protocol 2, with ("global", module, name) and ("call", global, arguments) and ("persistent", id)."""
    if isinstance(value, str):
        return b"X" + struct.pack("<I", len(value)) + value.encode()
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value)
    if isinstance(value, list):
        return b"](" + b"".join(map(pickled, value)) + b"e"
    if isinstance(value, dict):
        return b"}(" + b"".join(pickled(key) + pickled(entry) for key, entry in value.items()) + b"u"
    if value and value[0] == "global":
        return f"c{value[1]}\n{value[2]}\n".encode()
    if value and value[0] == "call":
        return pickled(value[1]) + pickled(value[2]) + b"R"
    if value and value[0] == "persistent":
        return pickled(value[1]) + b"Q"
    return b"(" + b"".join(map(pickled, value)) + b"t"


def torch_state_dict(tensors):
    """Of (name, storage's key, type, elements, offset, shape, strides)."""
    return pickled({name: ("call", ("global", "torch._utils", "_rebuild_tensor_v2"), (
        ("persistent", ("storage", ("global", "torch", kind), key, "cpu", count)), offset, shape, strides))
        for name, key, kind, count, offset, shape, strides in tensors})


def torch_zip(state_dict, storages):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02" + state_dict + b".")
        for key, content in storages.items():
            archive.writestr(f"archive/data/{key}", content)
    return file.getvalue()


def torch_row_of_pickles(state_dict, storages, width):
    magic = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"
    machine = b"}" + pickled("little_endian") + b"\x88s"
    pickles = (magic, pickled(1001), machine, state_dict, pickled(list(storages)))
    return b"".join(b"\x80\x02" + pickle + b"." for pickle in pickles) + b"".join(
        struct.pack("<Q", len(content) // width) + content for content in storages.values())


CONFIG = {"architectures": ["BertModel"], "model_type": "bert", "vocab_size": 30522,
          "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12,
          "intermediate_size": 1536, "hidden_act": "gelu", "max_position_embeddings": 512,
          "type_vocab_size": 2, "layer_norm_eps": 1e-12, "position_embedding_type": "absolute"}
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##a", "##b", "hello", "!", ",",
              "中", "##é"]


def tokenizer_json(**changes):
    special = [{"id": i, "content": VOCABULARY[i], "single_word": False, "lstrip": False,
                "rstrip": False, "normalized": False, "special": True} for i in range(5)]
    pair = {"cls": ["[CLS]", 2], "sep": ["[SEP]", 3]}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                       {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
            "special_tokens": {name: {"id": name, "ids": [number], "tokens": [name]}
                               for name, number in pair.values()}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100,
                  "vocab": {token: i for i, token in enumerate(VOCABULARY)}},
        **changes}


def parquet(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pyarrow.table({
        "index": pyarrow.array(range(rows), pyarrow.uint64()),
        "text": pyarrow.array([f"sentence {i}" for i in range(rows)], pyarrow.string()),
        "tokens": pyarrow.array([i % 7 for i in range(rows)], pyarrow.uint32()),
        "truncated": pyarrow.array([False] * rows, pyarrow.bool_()),
        "norm": pyarrow.array([13 + i / 10 for i in range(rows)], pyarrow.float64())})
    shard = {"sentences_sha256": "", "encoded": rows, "tokenize_s": 0.1, "encode_s": 0.2,
             "precision_error": {"sentences": 1, "largest": 0.1, "mean": 0.1, "bias": -0.1}}
    table = table.cast(pyarrow.schema([field.with_nullable(False) for field in table.schema],
                                      {"normscope.shard": json.dumps(shard)}))
    pyarrow.parquet.write_table(table, path)


write("safetensors", "one", safetensors([("a", "F32", [2, 2], bytes(16))]))
write("safetensors", "many", safetensors([("a", "F16", [3], bytes(6)), ("b", "BF16", [1, 2], bytes(4)),
                                          ("c", "I64", [], bytes(8)), ("d", "F32", [0], b"")], 5))
TORCH = torch_state_dict([("a", "0", "FloatStorage", 6, 0, (2, 3), (3, 1)), ("b", "0", "FloatStorage", 6, 1, (2, 2), (1, 3))])
write("torch_file", "zip", torch_zip(TORCH, {"0": bytes(24)}))
write("torch_file", "pickles", torch_row_of_pickles(TORCH, {"0": bytes(24)}, 4))
write("safetensors", "short", b"\x02\0\0\0\0\0\0\0{}")
write("config", "minilm", json.dumps(CONFIG))
write("config", "few", json.dumps({k: v for k, v in CONFIG.items()
                                   if k.endswith("size") or k.startswith("num") or k[:3] == "max"}))
write("config", "distilbert", json.dumps(
    {"model_type": "distilbert", "dim": 4, "n_heads": 2, "n_layers": 1, "hidden_dim": 6,
     "vocab_size": 9, "max_position_embeddings": 8, "activation": "relu"}))
write("config", "deberta", json.dumps({
    **CONFIG, "architectures": None, "model_type": "deberta-v2", "relative_attention": True, "position_buckets": 256,
    "norm_rel_ebd": "layer_norm", "share_att_key": True, "pos_att_type": "p2c|c2p", "max_relative_positions": -1,
    "position_biased_input": False, "type_vocab_size": 0, "embedding_size": 128, "conv_kernel_size": 3, "conv_act": "gelu"}))
write("modules", "modules", json.dumps([
    {"idx": 0, "name": "0", "path": "0_Transformer", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]))
write("modules", "pooling", json.dumps({"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True,
                                        "pooling_mode": ["cls", "max"], "include_prompt": False}))
write("modules", "prompts", json.dumps({"prompts": {"query": "query: "}, "default_prompt_name": "query",
                                        "max_seq_length": 256, "do_lower_case": False}))
write("config", "large", json.dumps({**CONFIG, "vocab_size": 10**18, "hidden_size": 2**31}))
write("tokenizer_json", "bert", json.dumps(tokenizer_json()))
write("tokenizer_json", "bert-processing", json.dumps(tokenizer_json(
    post_processor={"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
    truncation={"max_length": 128, "strategy": "LongestFirst", "stride": 0})))
write("tokenizer_json", "parts", json.dumps(tokenizer_json(
    normalizer={"type": "Sequence", "normalizers": [
        {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}, {"type": "NFKC"}, {"type": "NFD"},
        {"type": "StripAccents"}, {"type": "Lowercase"}, {"type": "Strip", "strip_left": True, "strip_right": False},
        {"type": "Prepend", "prepend": "a"}]},
    pre_tokenizer={"type": "Sequence", "pretokenizers": [
        {"type": "WhitespaceSplit"}, {"type": "Whitespace"}, {"type": "Punctuation", "behavior": "MergedWithNext"},
        {"type": "Split", "pattern": {"String": "a"}, "behavior": "Contiguous", "invert": True},
        {"type": "Digits", "individual_digits": True}, {"type": "BertPreTokenizer"}]},
    post_processor={"type": "Sequence", "processors": [
        {"type": "RobertaProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2], "trim_offsets": True}]},
    model={"type": "WordLevel", "vocab": {token: i for i, token in enumerate(VOCABULARY)}, "unk_token": "[UNK]"})))
# A map of characters: a trie in which "a" (0x61) leads to the text "b".
CHARACTERS = struct.pack("<I", 4 * 128) + struct.pack("<128I", *(
    {0: 1 << 10, 1 ^ 0x61: 0x61 | 1 << 8 | (2 ^ 1 ^ 0x61) << 10, 2: 1 << 31}.get(i, 0) for i in range(128))) + b"b\0"
write("tokenizer_json", "unigram", json.dumps(tokenizer_json(
    normalizer={"type": "Sequence", "normalizers": [
        {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(CHARACTERS).decode()}, {"type": "Nmt"},
        {"type": "Replace", "pattern": {"Regex": "\\s{2,}|[\\n\\r\\t]"}, "content": " "}]},
    pre_tokenizer={"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": True},
    model={"type": "Unigram", "unk_id": 1, "byte_fallback": True,
           "vocab": [[token, -1.5 * i] for i, token in enumerate([*VOCABULARY, "\u2581a", "<0x41>"])]})))
write("tokenizer_json", "bpe", json.dumps(tokenizer_json(
    normalizer={"type": "ByteLevel"},
    pre_tokenizer={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    post_processor={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
    model={"type": "BPE", "unk_token": "[UNK]", "byte_fallback": True, "fuse_unk": True, "ignore_merges": False,
           "continuing_subword_prefix": "##", "end_of_word_suffix": None,
           "vocab": {token: i for i, token in enumerate([*VOCABULARY, "a##b", "ab", "aa"])},
           "merges": [["a", "##b"], "a ##a"]})))


def message(*fields):
    """A protobuf message of bytes, floats and small numbers."""
    kinds = {bytes: (2, lambda value: bytes([len(value)]) + value), float: (5, lambda value: struct.pack("<f", value)),
             int: (0, lambda value: bytes([value]))}
    return b"".join(bytes([number << 3 | kinds[type(value)][0]]) + kinds[type(value)][1](value)
                    for number, value in fields)


write("sentencepiece", "pieces", message(*(
    (1, message((1, piece.encode()), (2, score), (3, kind)))
    for piece, score, kind in (("[PAD]", 0.0, 3), ("[CLS]", 0.0, 3), ("[SEP]", 0.0, 3), ("[UNK]", 0.0, 2),
                               ("\u2581", -2.0, 1), ("a", -2.5, 1), ("user", -3.0, 4))),
    (2, b"\x18\x01\xc0\x02\x03"), (3, b"\x12\x0a" + struct.pack("<2I", 4, 0) + b"a\0")))
write("vocabulary", "lines", "\n".join(VOCABULARY) + "\n")
write("vocabulary", "settings", "\r\n".join(VOCABULARY) + "\0" + json.dumps(
    {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False,
     "cls_token": {"content": "[CLS]"}, "added_tokens_decoder": {"4": {"content": "[MASK]"}}}))
write("text", "words", "The abba, a baab! [MASK] abing")
write("text", "unicode", "e\u0301 \u4e2d\u6587 \u200b\u00ad\u3000 \U0001f600 \u0130 \ufb01 \u1e9e")
write("index", "two", json.dumps({"metadata": {"total_size": 100}, "weight_map": {
    "embeddings.word_embeddings.weight": "model-00001-of-00002.safetensors",
    "encoder.layer.0.output.dense.weight": "model-00002-of-00002.safetensors"}}))
write("index", "elsewhere", json.dumps({"weight_map": {"a": "../model.safetensors", "b": "/etc/passwd"}}))
write("corpus", "lines", b"\0one line\r\nanother\n\n\xff\xfe bad\nlast")
write("corpus", "mark", b"\0\xef\xbb\xbffirst\n \t\nsecond")
write("corpus", "prose", '\1Mr. Darcy came. "Is it so?" cried his wife.\n\nSt. Ives, p. 47.\nA. B. C. e.g. this!')
ROWS = pyarrow.table({"a": [{"b": "one two"}, {"b": None}], "text": ["x", "\u4e2d"]})
NUMBERS = '{"a": {"b": "z", "n": 1}, "text": "x", "n": -2.5}\n{"text": "y", "a": null, "n": null}\n'
NUMBER_ROWS = pyarrow.table({"a": [{"n": 1, "b": "y"}, {"n": None, "b": ""}], "text": ["x", "y"],
                             "n": pyarrow.array([True, None])})
JSON_ROWS = '{"a": {"b": "one"}, "text": "x\\u00e9"}\n\n{"text": null, "n": 1}\n'


def arrow_file(rows):
    stream = io.BytesIO()
    with pyarrow.ipc.new_file(stream, rows.schema) as writer:
        writer.write_table(rows)
    return stream.getvalue()


def parquet_file(rows):
    stream = io.BytesIO()
    pyarrow.parquet.write_table(rows, stream, row_group_size=1)
    return stream.getvalue()


# The first byte: the format's number among six, where a column is asked for 128 and more, and where
# columns of numbers are, 64 to 127 of what is left.
for first, content in ((0, JSON_ROWS.encode()), (132, JSON_ROWS.encode()),
                       (1, b'text,n\r\n"a ""b""\nc",1\n,2\n'), (2, b"text\tn\nx y\t1\n"),
                       (3, parquet_file(ROWS)), (129, parquet_file(ROWS)),
                       (4, arrow_file(ROWS)), (130, arrow_file(ROWS)), (5, JSON_ROWS.encode()),
                       (66, NUMBERS.encode()), (67, b"text,n,a.n\nx,1,\ny,-2.5e3,NA\n"),
                       (68, b"text\tn\ta.n\nx\t0\t1\n"), (69, parquet_file(NUMBER_ROWS)),
                       (64, arrow_file(NUMBER_ROWS)), (195, parquet_file(NUMBER_ROWS)),
                       (196, arrow_file(NUMBER_ROWS)), (192, NUMBERS.encode())):
    write("tables", f"format{first}", bytes([first]) + content)
for plain in (True, False):
    with tempfile.TemporaryDirectory() as run:
        results = synthetic_run(run, sentences=40, layers=1, plain=plain)
    results["sentences"] = 12
    if not plain:  # A small grid: of a large one most inputs would be spent on numbers.
        grid, results["probes"] = results["grid"], results["probes"][:2]
        results["dimensions"]["shares"] = results["dimensions"]["shares"][:3]
        grid["statistics"], grid["properties"] = grid["statistics"][:2], grid["properties"][:1]
        names = {statistic["name"] for statistic in grid["statistics"]}
        grid["relations"] = [relation for relation in grid["relations"]
                             if relation["statistic"] in names and relation["property"] in grid["properties"]]
        for relation in grid["relations"]:
            relation["funnel"] = relation["funnel"][:3]
    write("results", "plain" if plain else "grid", json.dumps(results))
write("run_folder", "claim", json.dumps({"identity": {"version": "0.1.0", "model": "ab", "--seed": "0"},
                                        "files": ["results.json", "vectors.layer6.cls.npy"], "leftover": ["figure.png"]}))
write("run_folder", "part", json.dumps({"part": 0, "parts": 2, "shards": 3, "manifest": results["manifest"]}))
interval = {"r_squared_width": 0.1, "reached": False, "look": 1, "looks": 2, "confidence_of_each_look": 0.99}
error = {"sentences": 32, "largest": 0.1, "mean": 0.01, "bias": -0.01}
results["manifest"]["options"]["blocks"] = {"read": 1, "all": 2}
write("run_folder", "part_stopped", json.dumps({"part": 1, "parts": 2, "shards": 3, "manifest": {
    **results["manifest"], "early_stop": interval,
    "machine": {**results["manifest"]["machine"], "precision": "bf16", "precision_error": error}}}))
kept = {"sentences": 1, "widths": [2, 2]}
header = json.dumps({"label": "ab", "vectors": [kept, {"sentences": 0, "widths": []}], "shift": 2, "controls": [
    {"name": "shuffled_words", "sentences": 1, "statistics": 2, "vectors": kept}]}).encode()
write("run_folder", "vectors", len(header).to_bytes(8, "little") + header + bytes(24 + 8 + 24 + 24))
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {"data/train-00000-of-00001.parquet": {"size": 9, "blobId": COMMIT},
         "data/test-00000-of-00001.parquet": {"size": 9, "blobId": COMMIT, "lfs": {
             "sha256": "ab" * 32, "size": 9000, "pointerSize": 130}}}
write("hub", "headers", "\0HTTP/1.1 200 OK\r\nX-Repo-Commit: " + COMMIT + '\r\nETag: W/"' + COMMIT +
      '"\r\nContent-Length: 612\r\n\r\n')
write("hub", "redirect", "\0HTTP/2 302\r\nx-repo-commit: " + COMMIT + '\r\nx-linked-etag: "' + "ab" * 32 +
      '"\r\nx-linked-size: 90000\r\nlocation: https://storage.example:8443/a/../b?signature=x%2F#y\r\n\r\n')
write("hub", "relative", "\0HTTP/1.1 307 Moved\nLocation: //user:word@other.example/api/resolve/main\n")
write("hub", "description", "\1" + json.dumps({"id": "org/name", "sha": COMMIT, "siblings": [
    {"rfilename": path, **entry} for path, entry in FILES.items()]}))
write("hub", "outside", "\1" + json.dumps({"sha": COMMIT, "siblings": [{"rfilename": "../evil.parquet"}]}))
write("hub", "converted", "\1" + json.dumps({"sha": COMMIT, "siblings": [
    {"rfilename": f"plain_text/partial-train/000{i}.parquet"} for i in range(3)]}))
write("hub", "ref", "\2" + COMMIT)
write("hub", "tree", "\2" + json.dumps({"format_version": 1, "files": {
    path: {"size": entry["size"], "blob_id": COMMIT} for path, entry in FILES.items()}}))
write("hub", "model", "\3sentence-transformers/all-mpnet-base-v2@refs/pr/1")
write("hub", "dataset", "\3hf:bookcorpus/bookcorpus:plain_text:train:text@main")
parquet(FOLDER / "measurements" / "five", 5)
parquet(FOLDER / "measurements" / "none", 0)
(FOLDER / "done").write_text("")
