#include "model/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::size_t kLengthBytes = sizeof(std::uint64_t);
constexpr std::uint64_t kMaxHeader = 100'000'000;

constexpr std::array<std::pair<std::string_view, std::size_t>, 22> kDtypeBits{{
    {"BOOL", 8},        {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
    {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
    {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
    {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
    {"I64", 64},        {"U64", 64},
}};

struct HeaderEntry {
  std::string name;
  std::string dtype;
  std::vector<std::size_t> shape;
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::string tensor_place(std::string_view name) { return fmt::format("tensor '{}'", name); }

// Takes nlohmann's SAX events, so that a hostile header costs no stack and no more memory than its
// tensors do. Accepts {"__metadata__": {key: string}, name: {dtype, shape, data_offsets}, ...}.
class HeaderReader {
 public:
  explicit HeaderReader(const std::string& file) : file_(file) {}

  std::vector<HeaderEntry> entries() && { return std::move(entries_); }

  bool null() { return unexpected(); }
  bool boolean(bool /*value*/) { return unexpected(); }
  bool number_integer(std::int64_t /*value*/) { return unexpected(); }
  bool number_float(double /*value*/, const std::string& /*text*/) { return unexpected(); }
  bool binary(nlohmann::json::binary_t& /*value*/) { return unexpected(); }

  bool number_unsigned(std::uint64_t value) {
    if (level_ != Level::list) return unexpected();
    if (list_.size() == (field_ == Field::shape ? kMaxRank : 2)) return unexpected();
    list_.push_back(value);
    return true;
  }

  bool string(std::string& value) {
    if (level_ == Level::metadata) return true;
    if (level_ != Level::tensor || field_ != Field::dtype) return unexpected();
    entry().dtype = std::move(value);
    return true;
  }

  bool start_object(std::size_t /*size*/) {
    switch (level_) {
      case Level::file:
        level_ = Level::header;
        return true;
      case Level::header:
        level_ = in_metadata_ ? Level::metadata : Level::tensor;
        seen_ = {};
        return true;
      default:
        return unexpected();
    }
  }

  bool key(std::string& name) {
    switch (level_) {
      case Level::header:
        in_metadata_ = name == "__metadata__";
        if (!in_metadata_) {
          entries_.emplace_back().name = std::move(name);
        } else if (std::exchange(metadata_seen_, true)) {
          fail("header", "__metadata__ is there twice");
        }
        return true;
      case Level::metadata:
        metadata_keys_.push_back(std::move(name));
        return true;
      default:
        start_field(name);
        return true;
    }
  }

  bool end_object() {
    switch (level_) {
      case Level::metadata:
        std::sort(metadata_keys_.begin(), metadata_keys_.end());
        if (std::adjacent_find(metadata_keys_.begin(), metadata_keys_.end()) !=
            metadata_keys_.end()) {
          fail("header", "__metadata__ holds a key twice");
        }
        level_ = Level::header;
        break;
      case Level::tensor:
        if (!std::ranges::all_of(seen_, std::identity())) {
          fail(tensor_place(entry().name), "needs dtype, shape and data_offsets");
        }
        level_ = Level::header;
        break;
      default:
        level_ = Level::file;
    }
    return true;
  }

  bool start_array(std::size_t /*size*/) {
    if (level_ != Level::tensor || field_ == Field::dtype) return unexpected();
    level_ = Level::list;
    return true;
  }

  bool end_array() {
    if (field_ == Field::shape) {
      entry().shape = list_;
    } else {
      if (list_.size() != 2) return unexpected();
      entry().begin = list_[0];
      entry().end = list_[1];
    }
    list_.clear();
    level_ = Level::tensor;
    return true;
  }

  bool parse_error(std::size_t byte, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) {
    return fail("header", fmt::format("is not valid JSON (byte {})", byte));
  }

 private:
  enum class Level { file, header, metadata, tensor, list };
  enum class Field { dtype, shape, offsets };
  static constexpr std::array<std::string_view, 3> field_names{"dtype", "shape", "data_offsets"};

  HeaderEntry& entry() { return entries_.back(); }

  void start_field(std::string_view name) {
    const auto found = std::ranges::find(field_names, name);
    if (found == field_names.end()) {
      fail(tensor_place(entry().name), fmt::format("has the unknown key '{}'", name));
    }
    const auto index = static_cast<std::size_t>(found - field_names.begin());
    if (std::exchange(seen_[index], true)) {
      fail(tensor_place(entry().name), fmt::format("has {} twice", name));
    }
    field_ = static_cast<Field>(index);
  }

  [[noreturn]] bool fail(const std::string& place, const std::string& reason) const {
    throw Error(file_, place, reason);
  }

  bool unexpected() {
    if (level_ == Level::metadata || (level_ == Level::header && in_metadata_)) {
      return fail("header", "__metadata__ is not an object of strings");
    }
    const std::string place = tensor_place(entry().name);
    if (level_ == Level::header) return fail(place, "is not described by an object");
    switch (field_) {
      case Field::dtype:
        return fail(place, "dtype is not a string");
      case Field::shape:
        return fail(place,
                    fmt::format("shape is not a list of at most {} whole numbers", kMaxRank));
      default:
        return fail(place, "data_offsets is not a pair of whole numbers");
    }
  }

  const std::string& file_;
  std::vector<HeaderEntry> entries_;
  std::vector<std::string> metadata_keys_;
  Level level_ = Level::file;
  Field field_ = Field::dtype;
  std::array<bool, field_names.size()> seen_{};
  std::vector<std::size_t> list_;
  bool in_metadata_ = false;
  bool metadata_seen_ = false;
};

// The bytes that shape and dtype need; absent if they overflow or do not fill whole bytes.
std::optional<std::size_t> tensor_bytes(const std::vector<std::size_t>& shape, std::size_t bits) {
  std::size_t product = 1;
  for (const std::size_t extent : shape) {
    if (__builtin_mul_overflow(product, extent, &product)) return std::nullopt;
  }
  if (__builtin_mul_overflow(product, bits, &product) || product % 8 != 0) return std::nullopt;
  return product / 8;
}

std::string_view read_header(std::span<const std::byte> content, const std::string& file) {
  std::uint64_t length = 0;
  if (content.size() < kLengthBytes) {
    throw Error(file, "is too short for a safetensors file");
  }
  std::memcpy(&length, content.data(), kLengthBytes);
  if (length > kMaxHeader) {
    throw Error(
        file, "header",
        fmt::format("is said to have {} bytes; at most {} are allowed", length, kMaxHeader));
  }
  if (length > content.size() - kLengthBytes) {
    throw Error(file, "header",
                fmt::format("is said to have {} bytes, but the file ends after {}", length,
                            content.size() - kLengthBytes));
  }
  const std::string_view header(reinterpret_cast<const char*>(content.data()) + kLengthBytes,
                                length);
  if (!header.starts_with('{')) throw Error(file, "header", "does not begin with '{'");
  // The JSON parser treats a zero byte as the end of its input.
  if (const std::size_t zero = header.find('\0'); zero != std::string_view::npos) {
    throw Error(file, "header", fmt::format("is not valid JSON (byte {})", zero + 1));
  }
  return header;
}

void check_size(const HeaderEntry& entry, const std::string& file) {
  const auto* const type =
      std::find_if(kDtypeBits.begin(), kDtypeBits.end(),
                   [&](const auto& candidate) { return candidate.first == entry.dtype; });
  if (type == kDtypeBits.end()) {
    throw Error(file, tensor_place(entry.name),
                fmt::format("has the unknown dtype '{}'", entry.dtype));
  }
  const auto bytes = tensor_bytes(entry.shape, type->second);
  if (!bytes) {
    throw Error(file, tensor_place(entry.name), "has a shape whose size in bytes is impossible");
  }
  if (*bytes != entry.end - entry.begin) {
    throw Error(file, tensor_place(entry.name),
                fmt::format("has {} bytes, but its shape and dtype make {}",
                            entry.end - entry.begin, *bytes));
  }
}

}  // namespace

std::vector<StoredTensor> parse_safetensors(std::span<const std::byte> content,
                                            const std::string& file) {
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  const std::string_view header = read_header(content, file);
  HeaderReader reader(file);
  nlohmann::json::sax_parse(header, &reader);
  std::vector<HeaderEntry> entries = std::move(reader).entries();

  std::sort(entries.begin(), entries.end(), by_name);
  const auto twice =
      std::adjacent_find(entries.begin(), entries.end(),
                         [](const auto& a, const auto& b) { return a.name == b.name; });
  if (twice != entries.end()) throw Error(file, tensor_place(twice->name), "is there twice");

  const std::span<const std::byte> data = content.subspan(kLengthBytes + header.size());
  std::sort(entries.begin(), entries.end(), [](const HeaderEntry& a, const HeaderEntry& b) {
    return std::tuple(a.begin, a.end) < std::tuple(b.begin, b.end);
  });
  std::vector<StoredTensor> tensors;
  tensors.reserve(entries.size());
  std::size_t end = 0;
  for (HeaderEntry& entry : entries) {
    if (entry.begin != end || entry.end < entry.begin || entry.end > data.size()) {
      throw Error(file, tensor_place(entry.name),
                  fmt::format("claims the bytes {} to {}, but the tensor before it ends at {} and "
                              "the data at {}",
                              entry.begin, entry.end, end, data.size()));
    }
    check_size(entry, file);
    end = entry.end;
    tensors.push_back({std::move(entry.name), std::move(entry.dtype), std::move(entry.shape),
                       data.subspan(entry.begin, entry.end - entry.begin)});
  }
  if (end != data.size()) {
    throw Error(file,
                fmt::format("holds {} bytes of data, but its tensors end at {}", data.size(), end));
  }

  std::sort(tensors.begin(), tensors.end(), by_name);
  return tensors;
}

}  // namespace normscope
