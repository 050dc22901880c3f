#include "measure/vectors_file.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <vector>

#include "base/atomic_file.h"
#include "base/mapped_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

// Levels of a shard's vectors; a parser of any depth could be led to use up its stack.
constexpr int kDepth = 5;

// Reads without keeping anything, as deep as that.
class DepthCheck : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return ++depth_ <= kDepth; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return --depth_ >= 0; }
  bool start_array(std::size_t) override { return ++depth_ <= kDepth; }
  bool end_array() override { return --depth_ >= 0; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  int depth_ = 0;
};

template <typename Number>
Json bytes_of(std::span<const Number> numbers) {
  const auto bytes = std::as_bytes(numbers);
  std::vector<std::uint8_t> copy(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
  return Json::binary(std::move(copy));
}

template <typename Number>
std::vector<Number> numbers_of(const Json& json) {
  const std::vector<std::uint8_t>& bytes = json.get_binary();
  if (bytes.size() % sizeof(Number) != 0) throw std::invalid_argument("a number cut short");
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

Json to_json(const KeptVectors& vectors) {
  Json points = Json::array();
  for (const std::vector<float>& point : vectors.points) {
    points.push_back(bytes_of(std::span(point)));
  }
  return {{"indices", bytes_of(std::span(vectors.indices))}, {"points", std::move(points)}};
}

KeptVectors vectors_from(const Json& json) {
  KeptVectors vectors{.indices = numbers_of<std::uint64_t>(json.at("indices")), .points = {}};
  for (const Json& point : json.at("points")) {
    vectors.points.push_back(numbers_of<float>(point));
    const std::size_t count = vectors.indices.size();
    if (vectors.points.back().size() != vectors.points.front().size() ||
        (count == 0 ? !vectors.points.back().empty() : vectors.points.back().size() % count != 0)) {
      throw std::invalid_argument("vectors of different sizes");
    }
  }
  return vectors;
}

Json to_json(const ControlRows& control) {
  std::vector<double> statistics;
  for (const auto& row : control.statistics) {
    statistics.insert(statistics.end(), row.begin(), row.end());
  }
  return {{"name", control.name},
          {"indices", bytes_of(std::span(control.indices))},
          {"statistics", bytes_of(std::span(std::as_const(statistics)))},
          {"vectors", to_json(control.vectors)}};
}

ControlRows control_from(const Json& json) {
  ControlRows control{.name = json.at("name"),
                      .indices = numbers_of<std::uint64_t>(json.at("indices")),
                      .statistics = {},
                      .vectors = vectors_from(json.at("vectors"))};
  const auto numbers = numbers_of<double>(json.at("statistics"));
  const std::size_t rows = control.indices.size();
  if (rows == 0) return control;
  if (numbers.size() % rows != 0) throw std::invalid_argument("rows of different sizes");
  const auto columns = static_cast<std::ptrdiff_t>(numbers.size() / rows);
  for (auto row = numbers.begin(); row != numbers.end(); row += columns) {
    control.statistics.emplace_back(row, row + columns);
  }
  return control;
}

}  // namespace

bool has_vectors(const MeasuredShard& shard) {
  const auto is_kept = [](const KeptVectors& kept) { return !kept.points.empty(); };
  return std::ranges::any_of(shard.measurements.vectors, is_kept) || !shard.controls.empty();
}

void write_vectors(const std::filesystem::path& path, const MeasuredShard& shard,
                   const std::string& label) {
  Json controls = Json::array();
  for (const ControlRows& control : shard.controls) controls.push_back(to_json(control));
  Json vectors = Json::array();
  for (const KeptVectors& kept : shard.measurements.vectors) vectors.push_back(to_json(kept));
  const std::vector<std::uint8_t> bytes =
      Json::to_cbor({{"label", label},
                     {"vectors", std::move(vectors)},
                     {"shift", bytes_of(std::span(shard.shift))},
                     {"controls", std::move(controls)}});
  write_atomically(path, std::string(bytes.begin(), bytes.end()));
}

void read_vectors(const std::filesystem::path& path, MeasuredShard& shard,
                  const std::string& label) {
  try {
    const MappedFile file(path);
    const std::span<const std::byte> bytes = file.bytes();
    const std::span stored(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    DepthCheck depth;
    if (!Json::sax_parse(stored.begin(), stored.end(), &depth, Json::input_format_t::cbor)) {
      throw Error(path, "does not hold the vectors of a shard");
    }
    const Json json = Json::from_cbor(stored.begin(), stored.end());
    for (const Json& kept : json.at("vectors")) {
      shard.measurements.vectors.push_back(vectors_from(kept));
    }
    shard.shift = numbers_of<float>(json.at("shift"));
    for (const Json& control : json.at("controls")) {
      shard.controls.push_back(control_from(control));
    }
    if (json.at("label") != label) throw Error(path, "holds the vectors of another shard");
  } catch (const Json::exception&) {
    throw Error(path, "does not hold the vectors of a shard");
  } catch (const std::invalid_argument&) {
    throw Error(path, "does not hold the vectors of a shard");
  }
}

}  // namespace normscope
