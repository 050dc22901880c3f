#include "model/zip_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "model/model_files.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::uint32_t kLocalEntry = 0x04034b50;
constexpr std::uint32_t kListedEntry = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kEnd64Locator = 0x07064b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEnd64LocatorBytes = 20;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kListedBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kLongestComment = 0xffff;
// The value of a field that is too small for its number, which zip64 then holds.
constexpr std::uint32_t kElsewhere32 = 0xffffffff;
constexpr std::uint16_t kZip64Field = 1;

/// Reads numbers and names from a zip file; throws if it ends before them.
class Reader {
 public:
  Reader(std::span<const std::byte> content, const std::filesystem::path& file)
      : content_(content), file_(&file) {}

  [[nodiscard]] std::span<const std::byte> bytes(std::uint64_t at, std::uint64_t size) const {
    if (at > content_.size() || size > content_.size() - at) {
      fail("lists what lies behind its end");
    }
    return content_.subspan(at, size);
  }
  template <typename Number>
  [[nodiscard]] Number number(std::uint64_t at) const {
    Number value{};
    std::memcpy(&value, bytes(at, sizeof value).data(), sizeof value);
    return value;
  }
  [[nodiscard]] std::string_view text(std::uint64_t at, std::uint64_t size) const {
    const auto found = bytes(at, size);
    return {reinterpret_cast<const char*>(found.data()), found.size()};
  }
  [[nodiscard]] std::size_t size() const { return content_.size(); }
  [[noreturn]] void fail(std::string_view reason) const {
    throw Error(*file_, fmt::format("is a zip file that {}", reason));
  }

 private:
  std::span<const std::byte> content_;
  const std::filesystem::path* file_;
};

/// Where the list of the entries begins, and how long it is.
struct Directory {
  std::uint64_t at = 0;
  std::uint64_t entries = 0;
};

Directory directory_of(const Reader& zip) {
  if (zip.size() < kEndBytes) zip.fail("is cut short");
  // It comes before a comment of any length.
  std::size_t end = zip.size() - kEndBytes;
  const std::size_t first = end > kLongestComment ? end - kLongestComment : 0;
  while (zip.number<std::uint32_t>(end) != kEnd) {
    if (end == first) zip.fail("has no list of its files; it may be cut short");
    --end;
  }
  if (end >= kEnd64LocatorBytes &&
      zip.number<std::uint32_t>(end - kEnd64LocatorBytes) == kEnd64Locator) {
    const auto at = zip.number<std::uint64_t>(end - kEnd64LocatorBytes + 8);
    static_cast<void>(zip.bytes(at, kEnd64Bytes));
    if (zip.number<std::uint32_t>(at) != kEnd64) zip.fail("has no list of its files");
    return {.at = zip.number<std::uint64_t>(at + 48),
            .entries = zip.number<std::uint64_t>(at + 32)};
  }
  return {.at = zip.number<std::uint32_t>(end + 16),
          .entries = zip.number<std::uint16_t>(end + 10)};
}

/// An entry as the list describes it.
struct Listed {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t at = 0;
};

// Replaces the numbers that are too large, in their order.
void read_zip64_field(const Reader& zip, std::uint64_t at, std::uint64_t end, Listed& entry,
                      std::uint64_t& stored) {
  while (end - at >= 4) {
    const auto kind = zip.number<std::uint16_t>(at);
    const auto size = zip.number<std::uint16_t>(at + 2);
    at += 4;
    if (size > end - at) zip.fail("is damaged");
    if (kind != kZip64Field) {
      at += size;
      continue;
    }
    const std::uint64_t field_end = at + size;
    for (std::uint64_t* const number : {&entry.size, &stored, &entry.at}) {
      if (*number != kElsewhere32) continue;
      if (field_end - at < 8) zip.fail("is damaged");
      *number = zip.number<std::uint64_t>(at);
      at += 8;
    }
    return;
  }
}

std::span<const std::byte> bytes_of(const Reader& zip, const Listed& entry) {
  if (zip.number<std::uint32_t>(entry.at) != kLocalEntry) zip.fail("is damaged");
  const std::uint64_t names = zip.number<std::uint16_t>(entry.at + 26);
  const std::uint64_t extras = zip.number<std::uint16_t>(entry.at + 28);
  return zip.bytes(entry.at + kLocalBytes + names + extras, entry.size);
}

}  // namespace

bool is_zip(std::span<const std::byte> content) {
  std::uint32_t signature = 0;
  if (content.size() < sizeof signature) return false;
  std::memcpy(&signature, content.data(), sizeof signature);
  return signature == kLocalEntry;
}

std::vector<ZipEntry> read_zip(std::span<const std::byte> content,
                               const std::filesystem::path& file) {
  const Reader zip(content, file);
  const Directory directory = directory_of(zip);
  if (directory.entries > content.size() / kListedBytes) zip.fail("lists what lies behind its end");
  std::vector<ZipEntry> entries;
  std::uint64_t at = directory.at;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    static_cast<void>(zip.bytes(at, kListedBytes));
    if (zip.number<std::uint32_t>(at) != kListedEntry) zip.fail("is damaged");
    const auto flags = zip.number<std::uint16_t>(at + 8);
    const auto method = zip.number<std::uint16_t>(at + 10);
    std::uint64_t stored = zip.number<std::uint32_t>(at + 20);
    Listed entry{.name = {},
                 .size = zip.number<std::uint32_t>(at + 24),
                 .at = zip.number<std::uint32_t>(at + 42)};
    const std::uint64_t names = zip.number<std::uint16_t>(at + 28);
    const std::uint64_t extras = zip.number<std::uint16_t>(at + 30);
    const std::uint64_t comments = zip.number<std::uint16_t>(at + 32);
    entry.name = zip.text(at + kListedBytes, names);
    at += kListedBytes + names;
    read_zip64_field(zip, at, at + extras, entry, stored);
    at += extras + comments;
    if ((flags & 1U) != 0) zip.fail("is encrypted");
    if (method != 0 || stored != entry.size)
      zip.fail(fmt::format("is compressed; torch.save does not compress{}", kOtherWeights));
    const auto bytes = bytes_of(zip, entry);
    entries.push_back({.name = std::move(entry.name), .bytes = bytes});
  }
  std::ranges::sort(entries, {}, [](const ZipEntry& entry) { return entry.bytes.data(); });
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i - 1].bytes.data() + entries[i - 1].bytes.size() > entries[i].bytes.data()) {
      zip.fail(fmt::format("holds {} and {} in one place", entries[i - 1].name, entries[i].name));
    }
  }
  std::ranges::sort(entries, {}, &ZipEntry::name);
  const auto twice = std::ranges::adjacent_find(entries, {}, &ZipEntry::name);
  if (twice != entries.end()) zip.fail(fmt::format("holds {} twice", twice->name));
  return entries;
}

}  // namespace normscope
