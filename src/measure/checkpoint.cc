#include "normscope/checkpoint.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "files/atomic_file.h"
#include "files/json_file.h"
#include "files/sha256.h"
#include "measure/vectors_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr const char* kIdentityFile = "identity.json";
constexpr const char* kShardKey = "normscope.shard";

Json to_json(const MeasuredShard& measured, const std::string& sentences_sha256) {
  Json json{{"sentences_sha256", sentences_sha256},
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
  std::string sentences_sha256;
};

// Throws where it is no natural number: a conversion would take what it cannot hold.
std::uint64_t count_from(const Json& json) { return json.get_ref<const std::uint64_t&>(); }

Stored from_json(const Json& json) {
  Stored stored{.measured = {.measurements = {.rows = {},
                                              .encoded = count_from(json.at("encoded")),
                                              .tokenize_s = json.at("tokenize_s"),
                                              .encode_s = json.at("encode_s")},
                             .precision_error = {}},
                .sentences_sha256 = json.at("sentences_sha256")};
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

std::string_view entry(const Identity& identity, const std::string& name) {
  const auto found = identity.find(name);
  return found == identity.end() ? std::string_view("nothing") : found->second;
}

void require_same(const std::filesystem::path& folder, const Identity& stored,
                  const Identity& wanted) {
  if (stored == wanted) return;
  Identity names = stored;
  names.insert(wanted.begin(), wanted.end());
  for (const auto& [name, unused] : names) {
    const std::string_view was = entry(stored, name);
    const std::string_view is = entry(wanted, name);
    if (was != is) {
      throw Error(folder, fmt::format("belongs to another run, whose {} is {}, not {}; repeat that "
                                      "run, or remove the folder",
                                      name, was, is));
    }
  }
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

Checkpoint::Checkpoint(std::filesystem::path folder, const Identity& identity,
                       MeasuredColumns columns)
    : folder_(std::move(folder)), columns_(std::move(columns)) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) throw Error(folder_, fmt::format("cannot make the folder: {}", error.message()));
  const auto path = folder_ / kIdentityFile;
  if (std::filesystem::exists(path, error)) {
    require_same(folder_, read_identity(folder_), identity);
  } else {
    write_atomically(path,
                     Json(identity).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }
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
  // First, for the shard is finished once its table is there.
  if (has_vectors(measured)) write_vectors(vectors_of(file(shard)), measured);
  write_atomically(file(shard), [&](const std::filesystem::path& aside) {
    MeasurementWriter writer(aside, columns_);
    writer.append(measured.measurements.rows);
    writer.close({{kShardKey, to_json(measured, sentences_sha256).dump()}});
  });
}

MeasuredShard Checkpoint::read(std::uint64_t shard) const {
  Stored stored = read_stored(file(shard));
  read_vectors(vectors_of(file(shard)), stored.measured);
  return std::move(stored.measured);
}

MeasuredShard Checkpoint::read(std::uint64_t shard, const std::string& sentences_sha256) const {
  Stored stored = read_stored(file(shard));
  if (stored.sentences_sha256 != sentences_sha256) {
    throw Error(file(shard), "was measured on other sentences: the corpus has changed since");
  }
  read_vectors(vectors_of(file(shard)), stored.measured);
  return std::move(stored.measured);
}

void Checkpoint::remove() const {
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
  if (error) throw Error(folder_, error.message());
}

Identity read_identity(const std::filesystem::path& folder) {
  const auto path = folder / kIdentityFile;
  try {
    return read_json_object(path).get<Identity>();
  } catch (const Json::exception&) {
    throw Error(path, "is not the identity of a run");
  }
}

}  // namespace normscope
