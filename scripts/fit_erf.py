#!/usr/bin/env python3
"""Fits the polynomial of src/encoder/cpu/erf_polynomial.h and prints that header.

erf(z) = z * P(t), t = 2 (z / limit)^2 - 1, for |z| <= limit; beyond it erf is 1 to within fp32.
P is the minimax fit of the absolute error of erf, found by iteratively reweighted least squares in
a Chebyshev basis (Lawson's method). Needs numpy. Run: scripts/fit_erf.py > src/encoder/cpu/erf_polynomial.h
"""
import math
import sys

import numpy as np

LIMIT = 3.9
DEGREE = 14


def fit():
    t = np.cos((2 * np.arange(4000) + 1) / 8000 * np.pi)
    z = np.sqrt((t + 1) / 2) * LIMIT
    target = np.array([math.erf(v) / v for v in z])
    basis = np.polynomial.chebyshev.chebvander(t, DEGREE)
    weight = np.ones_like(t)
    for _ in range(60):
        scale = weight * np.maximum(z, 0.02)
        coefficients, *_ = np.linalg.lstsq(basis * scale[:, None], target * scale, rcond=None)
        error = np.abs((basis @ coefficients - target) * z)
        weight *= (0.3 + error / error.max()) ** 0.7
        weight /= weight.max()
    return np.polynomial.chebyshev.cheb2poly(coefficients), error.max()


def main():
    coefficients, error = fit()
    print(f"largest error of erf: {error:.2e}", file=sys.stderr)
    print("// Made by scripts/fit_erf.py.")
    print("#pragma once\n\n#include <array>\n\nnamespace normscope {\n")
    print("/// erf(z) = z * P(t), t = 2 (z / kErfLimit)^2 - 1, for |z| <= kErfLimit, to within "
          f"{error:.0e};\n/// kErfPolynomial holds P's coefficients, the constant one first.")
    print(f"inline constexpr float kErfLimit = {LIMIT}F;")
    print(f"inline constexpr std::array<float, {DEGREE + 1}> kErfPolynomial = {{")
    for c in coefficients:
        print(f"    {np.float32(c)!s}F,")
    print("};\n\n}  // namespace normscope")


if __name__ == "__main__":
    main()
