#!/usr/bin/env python3
"""CPU time of one thread for 20,000 lines of Austen's novels: `normscope tokenize`, its printing included and its
start not, against the package `tokenizers`. Both must give the same ids.

tokenizer_time.py PROGRAM FOLDER...     each FOLDER has a tokenizer.json that AutoTokenizer takes as it is
"""

import os
import pathlib
import resource
import subprocess
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer  # noqa: E402

CACHE = pathlib.Path(os.environ.get("NORMSCOPE_CACHE") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "normscope")
ROUNDS = 3
LINES = 20_000


def ours(program, folder, text):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    printed = subprocess.run([program, "tokenize", "--model", folder], input=text, capture_output=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime, [[int(i) for i in line.split()] for line in printed.decode().split("\n")[:-1]]


def theirs(tokenizer, lines):
    before = time.process_time()
    encodings = tokenizer.encode_batch_fast(lines)
    return time.process_time() - before, [encoding.ids for encoding in encodings]


def main():
    program, *folders = sys.argv[1:]
    lines = [line for path in sorted((CACHE / "corpora" / "austen").glob("**/*.txt"))
             for line in path.read_text(encoding="utf-8").split("\n") if line.strip()][:LINES]
    text = "".join(line + "\n" for line in lines).encode()
    for folder in folders:
        tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
        tokenizer.no_padding()
        tokenizer.no_truncation()
        start = min(ours(program, folder, b"")[0] for _ in range(ROUNDS))
        if ours(program, folder, text)[1] != theirs(tokenizer, lines)[1]:
            sys.exit(f"{folder}: the ids differ")
        our_time = min(ours(program, folder, text)[0] for _ in range(ROUNDS)) - start
        their_time = min(theirs(tokenizer, lines)[0] for _ in range(ROUNDS))
        print(f"{folder}: {len(text) / our_time / 1e6:.1f} MB/s, tokenizers {len(text) / their_time / 1e6:.2f} MB/s: "
              f"{their_time / our_time:.1f}x")


if __name__ == "__main__":
    main()
