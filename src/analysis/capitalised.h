#pragma once

#include <string>

namespace normscope {

/// The text with its first letter (if it is ASCII) in upper case, for the start of a sentence.
inline std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

}  // namespace normscope
