#pragma once

#include <string>

#include "normscope/report.h"

namespace normscope {

/// The run's first statistic: "the norm of the [CLS] embedding", and in which layer where it is not
/// the last one.
std::string statistic_words(const Manifest& manifest);

/// What it is asked: "Does the norm of the [CLS] embedding encode …?"
std::string question(const Manifest& manifest);

}  // namespace normscope
