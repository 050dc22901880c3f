#pragma once

#include "normscope/study.h"

namespace normscope {

/// What follows from the study's other fields.
Conclusion conclude(const Study& study, const QuestionWords& words);

}  // namespace normscope
