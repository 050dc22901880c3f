#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Unicode's normalization forms, with the reference's tables, which are older than Unicode 13.
enum class Form { nfc, nfd, nfkc, nfkd };

/// Appends `text` in a form.
void normalize_to(Form form, std::string_view text, std::string& normalized);

constexpr std::string_view name(Form form) {
  constexpr std::string_view kNames[] = {"NFC", "NFD", "NFKC", "NFKD"};
  return kNames[static_cast<int>(form)];
}

template <Form kForm>
struct NormalizationForm {
  static constexpr std::string_view kType = name(kForm);
  static NormalizationForm read(const JsonNode& /*node*/) { return {}; }

  void normalize(std::string_view text, std::string& normalized) const {
    normalize_to(kForm, text, normalized);
  }
};

using Nfc = NormalizationForm<Form::nfc>;
using Nfd = NormalizationForm<Form::nfd>;
using Nfkc = NormalizationForm<Form::nfkc>;
using Nfkd = NormalizationForm<Form::nfkd>;

}  // namespace normscope::tokenizer
