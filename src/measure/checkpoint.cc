#include "normscope/checkpoint.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/atomic_file.h"
#include "base/sha256.h"
#include "measure/vectors_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr const char* kShardKey = "normscope.shard";

/// Which shard of which run a file is, and of which sentences.
struct Label {
  std::string run;
  std::uint64_t shard = 0;
  std::string sentences_sha256;
};

Json to_json(const MeasuredShard& measured, const Label& label) {
  Json json{{"run", label.run},
            {"shard", label.shard},
            {"sentences_sha256", label.sentences_sha256},
            {"vectors", has_vectors(measured)},
            {"encoded", measured.measurements.encoded},
            {"tokenize_s", measured.measurements.tokenize_s},
            {"encode_s", measured.measurements.encode_s}};
  if (const auto& error = measured.precision_error) {
    json["precision_error"] = {{"sentences", error->sentences},
                               {"largest", error->largest},
                               {"mean", error->mean},
                               {"bias", error->bias}};
  }
  return json;
}

struct Stored {
  MeasuredShard measured;
  Label label;
  /// Whether vectors lie beside it.
  bool vectors = false;
};

// Throws where it is no natural number: a conversion would take what it cannot hold.
std::uint64_t count_from(const Json& json) { return json.get_ref<const std::uint64_t&>(); }

Stored from_json(const Json& json) {
  Stored stored{.measured = {.measurements = {.rows = {},
                                              .encoded = count_from(json.at("encoded")),
                                              .tokenize_s = json.at("tokenize_s"),
                                              .encode_s = json.at("encode_s")},
                             .precision_error = {}},
                .label = {.run = json.at("run"),
                          .shard = count_from(json.at("shard")),
                          .sentences_sha256 = json.at("sentences_sha256")},
                .vectors = json.at("vectors")};
  if (json.contains("precision_error")) {
    const Json& error = json.at("precision_error");
    stored.measured.precision_error = {.sentences = count_from(error.at("sentences")),
                                       .largest = error.at("largest"),
                                       .mean = error.at("mean"),
                                       .bias = error.at("bias")};
  }
  return stored;
}

Stored read_stored(const std::filesystem::path& path) {
  MeasurementFile file = read_measurements(path);
  try {
    Stored stored = from_json(Json::parse(file.metadata[kShardKey]));
    stored.measured.measurements.rows = std::move(file.rows);
    return stored;
  } catch (const Json::exception&) {
    throw Error(path, "is not a finished shard");
  }
}

/// Names a shard's other file.
std::string sha256_of_label(const Label& label) {
  Sha256 hash;
  hash.update(fmt::format("{} {} {}", label.run, label.shard, label.sentences_sha256));
  return hash.finish();
}

std::filesystem::path vectors_of(std::filesystem::path shard) {
  return shard.replace_extension(".vectors");
}

}  // namespace

std::string sha256_of(std::span<const Sentence> sentences) {
  Sha256 hash;
  for (const Sentence& sentence : sentences) {
    hash.update(fmt::format("{} {}\n", sentence.index, sentence.text.size()));
    hash.update(sentence.text);
    for (const double number : sentence.numbers) hash.update(fmt::format(" {}", number));
  }
  return hash.finish();
}

std::string sha256_of(const Identity& identity) {
  Sha256 hash;
  for (const auto& [name, value] : identity) {
    hash.update(fmt::format("{} {} {}={}\n", name.size(), value.size(), name, value));
  }
  return hash.finish();
}

Checkpoint::Checkpoint(std::filesystem::path folder, const Identity& identity,
                       MeasuredColumns columns)
    : folder_(std::move(folder)), run_(sha256_of(identity)), columns_(std::move(columns)) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) throw Error(folder_, fmt::format("cannot make the folder: {}", error.message()));
}

std::filesystem::path Checkpoint::file(std::uint64_t shard) const {
  return folder_ / fmt::format("{:08}.parquet", shard);
}

bool Checkpoint::has(std::uint64_t shard) const {
  std::error_code ignored;
  return std::filesystem::exists(file(shard), ignored);
}

void Checkpoint::write(std::uint64_t shard, const MeasuredShard& measured,
                       const std::string& sentences_sha256) const {
  const Label label{.run = run_, .shard = shard, .sentences_sha256 = sentences_sha256};
  // First, for the shard is finished once its table is there.
  if (has_vectors(measured)) {
    write_vectors(vectors_of(file(shard)), measured, sha256_of_label(label));
  }
  write_atomically(file(shard), [&](const std::filesystem::path& aside) {
    MeasurementWriter writer(aside, columns_);
    writer.append(measured.measurements.rows);
    writer.close({{kShardKey, to_json(measured, label).dump()}});
  });
}

MeasuredShard Checkpoint::read(std::uint64_t shard) const { return read(shard, nullptr); }

MeasuredShard Checkpoint::read(std::uint64_t shard, const std::string& sentences_sha256) const {
  return read(shard, &sentences_sha256);
}

MeasuredShard Checkpoint::read(std::uint64_t shard, const std::string* sentences_sha256) const {
  const std::filesystem::path path = file(shard);
  Stored stored = read_stored(path);
  const Label& label = stored.label;
  if (label.run != run_) throw Error(path, "is a shard of another run");
  if (label.shard != shard) {
    throw Error(path, fmt::format("is shard {}, not the shard that its name says", label.shard));
  }
  if (sentences_sha256 != nullptr && label.sentences_sha256 != *sentences_sha256) {
    throw Error(path, "was measured on other sentences: the corpus has changed since");
  }
  if (stored.vectors) read_vectors(vectors_of(path), stored.measured, sha256_of_label(label));
  return std::move(stored.measured);
}

}  // namespace normscope
