#pragma once

#include <string>

namespace normscope {

/// With its first letter (of ASCII) in upper case, to begin a sentence with.
inline std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

}  // namespace normscope
