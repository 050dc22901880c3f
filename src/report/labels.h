#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace normscope {

// What a statistic and a property are called in figures, tables and text. Names come out of files:
// what is not known is shown as it is, made safe.

/// "norm of the [CLS] embedding" or, with a layer, "L1 norm of the mean embedding, layer 3".
std::string statistic_label(const std::string& statistic, const std::string& readout,
                            std::optional<std::uint64_t> layer);

/// "norm", "L1 norm", "largest component" or "norm about the mean".
std::string number_label(const std::string& statistic);

/// "length in tokens", "mean word rank", "column rating"
std::string property_label(const std::string& name);

/// With a capital letter, where it begins with one of a to z.
std::string capital(std::string text);

}  // namespace normscope
