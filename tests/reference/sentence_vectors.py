#!/usr/bin/env python3
"""Makes the golden sentence vectors: what encode() of sentence-transformers returns for the models
of sentence_encoders.py, in float32 with eager attention, one sentence at a time, on the CPU.

    sentence_vectors.py --out golden/sentence_vectors.json --encoders FOLDER

    {"made_with": {...}, "encoders": [
      {"name": ..., "model_sha256": ..., "max_length": ids of the longest sentence that is not cut off,
       "prompt": what stands before each sentence, "sentences": [
         {"text": ..., "norm": L2 norm before a Normalize at the end, "vector": what encode() returns}]}]}

model_sha256 is what normscope's model_sha256() gives once the own readout is loaded.
"""

import argparse
import hashlib
import json
import pathlib
import random

import numpy as np
import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer

from hidden_states import number

SENTENCES = 6


def texts(seed):
    """Words of letters that the small vocabularies hold, from none to more than fit."""
    stream = random.Random(seed)
    for i in range(SENTENCES):
        words = ["".join(stream.choice("etaoinshr") for _ in range(stream.randint(1, 4)))
                 for _ in range(5 * i)]
        yield " ".join(words)


def model_sha256(folder):
    wanted = ("config.json", "tokenizer_config.json", "vocab.txt", "model.safetensors", "modules.json",
              "sentence_bert_config.json")
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name in wanted)
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def load(folder):
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True,
                               model_kwargs={"attn_implementation": "eager", "dtype": torch.float32})


def without_normalize(model):
    modules = list(model)
    while type(modules[-1]).__name__ == "Normalize":
        modules.pop()
    return SentenceTransformer(modules=modules, device="cpu")


def golden(folder, seed):
    model = load(folder)
    prompt = model.prompts[model.default_prompt_name] if model.default_prompt_name else ""
    if not prompt and model.prompts.get("query"):
        prompt = model.prompts["query"]
    raw = without_normalize(model)
    sentences = []
    for text in texts(seed):
        vector = model.encode(text, prompt=prompt, show_progress_bar=False)
        before = raw.encode(text, prompt=prompt, show_progress_bar=False).astype(np.float64)
        sentences.append({"text": text, "norm": number(np.linalg.norm(before)),
                          "vector": [number(x) for x in vector]})
    return {"name": folder.name, "model_sha256": model_sha256(folder), "max_length": model.max_seq_length,
            "prompt": prompt, "sentences": sentences}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--encoders", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    transformers.utils.logging.set_verbosity_error()
    encoders = [json.dumps(golden(folder, seed))
                for seed, folder in enumerate(sorted(path for path in arguments.encoders.iterdir() if path.is_dir()))]
    head = {"made_with": {"sentence-transformers": sentence_transformers.__version__,
                          "transformers": transformers.__version__, "torch": torch.__version__}}
    arguments.out.write_text(json.dumps(head)[:-1] + ', "encoders": [\n' + ",\n".join(encoders) + "\n]}\n")
    print(f"{arguments.out}: {len(encoders)} encoders")


if __name__ == "__main__":
    main()
