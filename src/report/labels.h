#pragma once

#include <string>

#include "normscope/measure.h"

namespace normscope {

// The names of statistics and properties in figures, tables and text. Names of properties come from
// files: an unknown one is shown as it is, made safe.

/// "norm", "L1 norm", "largest component" or "norm about the mean".
std::string number_label(Statistic statistic);

/// "norm of the [CLS] embedding", without the layer.
std::string statistic_label(const StatisticColumn& column);

/// "norm of the [CLS] embedding, layer 3"
std::string statistic_in_layer_label(const StatisticColumn& column);

/// "length in tokens", "mean word rank", "column rating"
std::string property_label(const std::string& name);

/// The same within a sentence or a formula, shorter for the usual property: "length" for tokens.
std::string short_property_label(const std::string& name);

/// The label of an axis: "Sentence length (in tokens)", "Mean word rank".
std::string property_axis_label(const std::string& name);

/// The property's unit: "tokens", "words", "characters"; empty if it has none.
std::string property_unit(const std::string& name);

/// With a capital letter, if it begins with one of a to z.
std::string capital(std::string text);

}  // namespace normscope
