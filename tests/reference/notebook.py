#!/usr/bin/env python3
"""Makes the golden numbers of the whole experiment the way the notebook did it, with transformers:
padded batches of 8 with their attention mask, the last hidden state's [CLS] row, its L2 norm, the
attention mask's sum less 2 as the length, lengths below 80 kept, scikit-learn's LinearRegression.

    normscope sentences --corpus austen --sentences 2000 --seed 0 > sentences.txt
    notebook.py --model FOLDER --sentences sentences.txt --out golden/notebook.json

sentences.txt holds a sentence a line (LF), UTF-8. It is not committed; the golden file names its
SHA-256:

    {"sentences_sha256": ..., "model_sha256": ..., "made_with": {...},
     "batch_size": 8, "max_length": 512, "length_below": 80,
     "kept": sentences in the regression, "slope": ..., "intercept": ..., "r2": ...,
     "tokens": [one a sentence], "norms": [one a sentence]}
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np
import sklearn
import torch
import transformers
from sklearn.linear_model import LinearRegression
from transformers import AutoTokenizer

from hidden_states import load, model_sha256, number

BATCH_SIZE, MAX_LENGTH, LENGTH_BELOW = 8, 512, 80


def measure(model, tokenizer, sentences):
    """Lengths and norms, float64 arrays of one element a sentence."""
    lengths, norms = [], []
    for first in range(0, len(sentences), BATCH_SIZE):
        batch = tokenizer(sentences[first:first + BATCH_SIZE], padding=True, truncation=True,
                          max_length=MAX_LENGTH, return_tensors="pt")
        with torch.inference_mode():
            output = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
        cls = output.last_hidden_state[:, 0].double()
        norms += torch.linalg.vector_norm(cls, dim=1).tolist()
        lengths += (batch["attention_mask"].sum(dim=1) - 2).tolist()
    return np.array(lengths, dtype=np.float64), np.array(norms)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--sentences", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()

    content = arguments.sentences.read_bytes()
    sentences = content.decode().removesuffix("\n").split("\n")
    tokenizer = AutoTokenizer.from_pretrained(arguments.model, local_files_only=True)
    lengths, norms = measure(load(arguments.model), tokenizer, sentences)

    kept = lengths < LENGTH_BELOW
    x, y = lengths[kept, None], norms[kept]
    regression = LinearRegression().fit(x, y)
    golden = {
        "sentences_sha256": hashlib.sha256(content).hexdigest(),
        "model_sha256": model_sha256(arguments.model),
        "made_with": {"transformers": transformers.__version__, "torch": torch.__version__,
                      "scikit-learn": sklearn.__version__},
        "batch_size": BATCH_SIZE,
        "max_length": MAX_LENGTH,
        "length_below": LENGTH_BELOW,
        "kept": int(kept.sum()),
        "slope": float(regression.coef_[0]),
        "intercept": float(regression.intercept_),
        "r2": regression.score(x, y),
        "tokens": [int(length) for length in lengths],
        "norms": [number(norm) for norm in norms],
    }
    arguments.out.write_text(json.dumps(golden) + "\n")
    print(f"{arguments.out}: {len(sentences)} sentences, {golden['kept']} kept, "
          f"R² {golden['r2']:.9f}, slope {golden['slope']:.9g}")


if __name__ == "__main__":
    main()
