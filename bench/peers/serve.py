"""A peer as a resident process for bench/compare: loads a model once, then answers requests on
standard input, a JSON object a line, with one on standard output.

    {"do": "configure", "streams": S}       share the threads out to S batches at a time
    {"do": "run", "sentences": FILE, "batch": B, "repeats": N}
                                            text to norms, in batches of B
    {"do": "tokenize", "sentences": FILE, "repeats": N}
                                            text to token ids (the program "tokenizers")

A file has a sentence a line; reading it is not timed. bench/normscope_worker.cc speaks the same.
"""

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("program", help="name of the module that runs the model")
    parser.add_argument("--model", required=True, help="Hugging Face folder")
    parser.add_argument("--converted", help="folder with what convert.py made of it")
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--threads", type=int, required=True)
    return parser.parse_args()


def read_sentences(path):
    # splitlines() would also part at form feeds and the like.
    return Path(path).read_bytes().decode().removesuffix("\n").split("\n")


def main():
    # What libraries print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(what):
        answers.write(json.dumps(what) + "\n")
        answers.flush()

    options = parse_options()
    loading = time.perf_counter()
    program = importlib.import_module(f"programs.{options.program}").Program(options)
    answer({"load_s": time.perf_counter() - loading})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "configure":
            program.configure(request["streams"])
            answer({})
            continue
        sentences = read_sentences(request["sentences"])
        seconds = []
        for _ in range(request["repeats"]):
            start = time.perf_counter()
            if request["do"] == "tokenize":
                result = {"ids": program.tokenize(sentences)}
            else:
                result = {"norms": program.norms(sentences, request["batch"]).tolist()}
            seconds.append(time.perf_counter() - start)
        answer({"seconds": seconds, **result})


if __name__ == "__main__":
    main()
