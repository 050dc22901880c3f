// Made by scripts/fit_erf.py.
#pragma once

#include <array>

namespace normscope {

/// erf(z) = z * P(t), t = 2 (z / kErfLimit)^2 - 1, for |z| <= kErfLimit, to within 8e-08;
/// kErfPolynomial holds P's coefficients, the constant one first.
inline constexpr float kErfLimit = 3.9F;
inline constexpr std::array<float, 15> kErfPolynomial = {
    0.362584F,     -0.1810115F,   0.13468893F,   -0.109515764F, 0.09070903F,
    -0.073997326F, 0.05764394F,   -0.041785486F, 0.029963218F,  -0.022151822F,
    0.012248174F,  -0.003479533F, 0.0029610489F, -0.004042676F, 0.0015960471F,
};

}  // namespace normscope
