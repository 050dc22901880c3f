#pragma once

#include <string>

#include "normscope/experiment.h"

namespace normscope {

inline void tell(const ExperimentListener& listener, const StageProgress& progress) {
  if (listener.progress) listener.progress(progress);
}

inline void tell(const ExperimentListener& listener, const std::string& notice) {
  if (listener.notice) listener.notice(notice);
}

}  // namespace normscope
