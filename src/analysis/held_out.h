#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

#include "normscope/relation.h"

namespace normscope {

/// R² of guesses on rows that they were not learned from: 1 - Σ error² / Σ constant_error², where
/// the errors are those of the guess and of the training mean, row by row. The interval is the
/// normal one of a ratio of means (linearised), 95 %. Nothing if the constant guesses make no
/// error.
std::optional<Estimate> held_out_r_squared(std::span<const double> errors,
                                           std::span<const double> constant_errors);

/// `fold[i]` in [0, folds) is the part from whose complement the guess for row i is learned.
/// Nothing if all properties are equal or a complement has fewer than two rows.
std::optional<HeldOut> read_off(std::span<const double> property, std::span<const double> statistic,
                                std::span<const std::uint32_t> fold, std::uint32_t folds,
                                const std::stop_token& stop = {});

}  // namespace normscope
