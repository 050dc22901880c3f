#!/usr/bin/env python3
"""Makes the golden frequencies of rotary positions: what torch gives for transformers' formula.

    rotary_frequencies.py >golden/rotary_frequencies.json

torch computes powers of many numbers at once by SLEEF's powf, of a few by the C library's.
"""

import json

import torch

SIZES = [2, 8, 10, 16, 24, 32, 48, 64, 80, 96, 128, 256]
# The bases of ModernBERT, NomicBERT and GTE, and some others.
BASES = [10000.0, 160000.0, 1000.0, 20000.0, 80000.0, 500000.0, 1000000.0, 7.5, 123456.7]
# GTE's: base, factor, size.
SCALED = [(20000.0, 8.0, 64), (500000.0, 2.0, 64), (160000.0, 1.7, 32)]


def frequencies(base, divisor, size):
    values = 1.0 / (base ** (torch.arange(0, size, 2, dtype=torch.int64).float() / size))
    return {"base": base, "divisor": divisor, "head_size": size,
            "values": [float(f"{value:.9g}") for value in (values / divisor).tolist()]}


def main():
    table = [frequencies(base, 1.0, size) for base in BASES for size in SIZES]
    table += [frequencies(base * factor, factor ** (2 / size), size)
              for base, factor, size in SCALED]
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in table)
    print(f'{{"made_with": {{"torch": "{torch.__version__}"}}, "frequencies": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
