#pragma once

#include <string>

#include "normscope/results.h"

namespace normscope {

/// The first statistic, "the norm of the [CLS] embedding", with its layer if that is not the
/// model's last; and the first property, "the length".
QuestionWords question_words(const Manifest& manifest);

/// The question: "Does the norm of the [CLS] embedding encode the length of the sentence?"
std::string question(const Manifest& manifest);

}  // namespace normscope
