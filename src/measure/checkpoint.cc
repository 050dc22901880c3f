#include "normscope/checkpoint.h"

#include <fmt/format.h>

#include <string_view>
#include <system_error>
#include <utility>

#include "base/atomic_file.h"
#include "base/json_fields.h"
#include "base/sha256.h"
#include "measure/precision_error_fields.h"
#include "measure/vectors_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr const char* kShardKey = "normscope.shard";

/// Which shard of which run a file holds, and which sentences.
struct Label {
  std::string run;
  std::uint64_t shard = 0;
  std::string sentences_sha256;
};

/// What the table of a shard says about itself, besides its rows.
struct Stored {
  Label label;
  /// Whether there is a file of vectors beside it.
  bool vectors = false;
  std::uint64_t encoded = 0;
  double tokenize_s = 0;
  double encode_s = 0;
  std::optional<PrecisionError> precision_error;
};

template <class Fields>
void describe(Fields& fields, Of<Stored> auto& stored) {
  fields("run", stored.label.run);
  fields("shard", stored.label.shard);
  fields("sentences_sha256", stored.label.sentences_sha256);
  fields("vectors", stored.vectors);
  fields("encoded", stored.encoded);
  fields("tokenize_s", stored.tokenize_s);
  fields("encode_s", stored.encode_s);
  fields("precision_error", stored.precision_error);
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
  const Measurements& measurements = measured.measurements;
  const Stored stored{.label = {.run = run_, .shard = shard, .sentences_sha256 = sentences_sha256},
                      .vectors = has_vectors(measured),
                      .encoded = measurements.encoded,
                      .tokenize_s = measurements.tokenize_s,
                      .encode_s = measurements.encode_s,
                      .precision_error = measured.precision_error};
  // Written first, because the shard is finished once its table is there.
  if (stored.vectors) {
    write_vectors(vectors_of(file(shard)), measured, sha256_of_label(stored.label));
  }
  write_atomically(file(shard), [&](const std::filesystem::path& aside) {
    MeasurementWriter writer(aside, columns_);
    writer.append(measured.measurements.rows);
    writer.close({{kShardKey, json_text(stored)}});
  });
}

MeasuredShard Checkpoint::read(std::uint64_t shard) const { return read(shard, nullptr); }

MeasuredShard Checkpoint::read(std::uint64_t shard, const std::string& sentences_sha256) const {
  return read(shard, &sentences_sha256);
}

MeasuredShard Checkpoint::read(std::uint64_t shard, const std::string* sentences_sha256) const {
  const std::filesystem::path path = file(shard);
  MeasurementFile table = read_measurements(path);
  const auto said = table.metadata.find(kShardKey);
  if (said == table.metadata.end()) throw Error(path, "is not a finished shard");
  const auto stored = parse_json<Stored>(path, said->second);
  const Label& label = stored.label;
  if (label.run != run_) throw Error(path, "is a shard of another run");
  if (label.shard != shard) {
    throw Error(path, fmt::format("is shard {}, not the shard that its name says", label.shard));
  }
  if (sentences_sha256 != nullptr && label.sentences_sha256 != *sentences_sha256) {
    throw Error(path, "was measured on other sentences: the corpus has changed since");
  }
  MeasuredShard measured{.measurements = {.rows = std::move(table.rows),
                                          .encoded = stored.encoded,
                                          .tokenize_s = stored.tokenize_s,
                                          .encode_s = stored.encode_s},
                         .precision_error = stored.precision_error};
  if (stored.vectors) read_vectors(vectors_of(path), measured, sha256_of_label(label));
  return measured;
}

}  // namespace normscope
