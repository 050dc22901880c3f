#include "tokenizer/sentencepiece_model.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/mapped_file.h"
#include "normscope/error.h"
#include "normscope/text.h"
#include "tokenizer/protobuf_message.h"

namespace normscope::tokenizer {
namespace {

constexpr std::size_t kMostModelBytes = std::size_t{64} << 20U;

// The numbers of sentencepiece_model.proto.
enum class ModelField : std::uint8_t { pieces = 1, trainer = 2, normalizer = 3 };
enum class PieceField : std::uint8_t { text = 1, score = 2, type = 3 };
enum class TrainerField : std::uint8_t { model_type = 3, unk_id = 40 };
constexpr std::uint64_t kCharactersMap = 2;
constexpr std::uint64_t kUnigram = 1;
constexpr std::uint64_t kControl = 3;
constexpr std::uint64_t kUserDefined = 4;

void read_piece(std::string_view message, const std::filesystem::path& file,
                SentencePieceModel& model) {
  std::string text;
  float score = 0;
  std::uint64_t type = 1;
  ProtobufMessage fields(message, file);
  while (const auto field = fields.next()) {
    if (field->number == static_cast<std::uint64_t>(PieceField::text)) {
      text = field->bytes;
    } else if (field->number == static_cast<std::uint64_t>(PieceField::score)) {
      if (field->bytes.size() != sizeof score) throw Error(file, "a score is not a float");
      std::memcpy(&score, field->bytes.data(), sizeof score);
    } else if (field->number == static_cast<std::uint64_t>(PieceField::type)) {
      type = field->value;
    }
  }
  if (!is_utf8(text)) throw Error(file, "a piece is not UTF-8");
  if (!std::isfinite(score)) throw Error(file, fmt::format("the score of {} is {}", text, score));
  if (model.pieces.size() == static_cast<std::size_t>(kMostTokens)) {
    throw Error(file, fmt::format("has more than {} pieces", kMostTokens));
  }
  if (type == kControl || type == kUserDefined) {
    model.added_tokens.push_back({.content = text,
                                  .id = static_cast<TokenId>(model.pieces.size()),
                                  .special = type == kControl});
  }
  model.pieces.push_back(std::move(text));
  model.scores.push_back(score);
}

void read_trainer_spec(std::string_view message, const std::filesystem::path& file,
                       SentencePieceModel& model) {
  ProtobufMessage fields(message, file);
  while (const auto field = fields.next()) {
    if (field->number == static_cast<std::uint64_t>(TrainerField::model_type) &&
        field->value != kUnigram) {
      throw Error(file, "is a SentencePiece model of another kind than Unigram");
    }
    if (field->number == static_cast<std::uint64_t>(TrainerField::unk_id)) {
      if (field->value >= static_cast<std::uint64_t>(kMostTokens)) {
        throw Error(file, fmt::format("unk_id is not a token id: {}", field->value));
      }
      model.unknown = static_cast<TokenId>(field->value);
    }
  }
}

void read_normalizer_spec(std::string_view message, const std::filesystem::path& file,
                          SentencePieceModel& model) {
  ProtobufMessage fields(message, file);
  const nlohmann::json nothing;
  while (const auto field = fields.next()) {
    if (field->number == kCharactersMap && !field->bytes.empty()) {
      model.characters =
          read_charsmap(field->bytes, JsonNode(file, nothing, "precompiled_charsmap"));
    }
  }
}

}  // namespace

SentencePieceModel read_sentencepiece_model(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  const std::string_view bytes(reinterpret_cast<const char*>(mapped.bytes().data()),
                               mapped.bytes().size());
  if (bytes.size() > kMostModelBytes) {
    throw Error(file, fmt::format("is larger than {} MiB", kMostModelBytes >> 20U));
  }
  SentencePieceModel model;
  ProtobufMessage fields(bytes, file);
  while (const auto field = fields.next()) {
    if (field->number == static_cast<std::uint64_t>(ModelField::pieces)) {
      read_piece(field->bytes, file, model);
    } else if (field->number == static_cast<std::uint64_t>(ModelField::trainer)) {
      read_trainer_spec(field->bytes, file, model);
    } else if (field->number == static_cast<std::uint64_t>(ModelField::normalizer)) {
      read_normalizer_spec(field->bytes, file, model);
    }
  }
  if (static_cast<std::size_t>(model.unknown) >= model.pieces.size()) {
    throw Error(file, fmt::format("has {} pieces and the unknown one is {}", model.pieces.size(),
                                  model.unknown));
  }
  return model;
}

}  // namespace normscope::tokenizer
