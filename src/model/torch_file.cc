#include "model/torch_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/model_files.h"
#include "model/pickle.h"
#include "model/zip_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;
using Kind = PickleValue::Kind;
using Bytes = std::span<const std::byte>;

constexpr std::size_t kMostTensors = 100'000;
// As in the LONG1 of an old file, in hexadecimal.
constexpr std::string_view kOldMagic = "1950a86a20f9469cfc6c";
constexpr std::int64_t kOldProtocol = 1001;

struct ElementType {
  std::string_view storage;
  std::string_view dtype;
  std::size_t bytes;
};
constexpr std::array<ElementType, 10> kElementTypes{{{"torch.FloatStorage", "F32", 4},
                                                     {"torch.HalfStorage", "F16", 2},
                                                     {"torch.BFloat16Storage", "BF16", 2},
                                                     {"torch.DoubleStorage", "F64", 8},
                                                     {"torch.LongStorage", "I64", 8},
                                                     {"torch.IntStorage", "I32", 4},
                                                     {"torch.ShortStorage", "I16", 2},
                                                     {"torch.CharStorage", "I8", 1},
                                                     {"torch.ByteStorage", "U8", 1},
                                                     {"torch.BoolStorage", "BOOL", 1}}};

/// Where a tensor's numbers are, according to its persistent id. The key is in the pickle.
struct Storage {
  std::string_view key;
  ElementType type;
  /// Elements.
  std::size_t count = 0;
};

struct Tensor {
  std::string_view name;
  Storage storage;
  /// In elements.
  std::size_t offset = 0;
  std::vector<std::size_t> shape;
  std::vector<std::size_t> strides;
};

/// The tensors that a pickled state dict describes.
class StateDict {
 public:
  StateDict(const Pickle& pickle, const fs::path& file) : pickle_(&pickle), file_(&file) {}

  [[nodiscard]] std::vector<Tensor> tensors() const {
    const PickleValue& root = pickle_->at(pickle_->root);
    if (root.kind != Kind::dict) throw Error(*file_, "holds no dict of tensors");
    if (root.items.size() / 2 > kMostTensors) {
      throw Error(*file_, fmt::format("holds more than {} tensors", kMostTensors));
    }
    std::map<std::string_view, Tensor> tensors;
    for (std::size_t i = 0; i < root.items.size(); i += 2) {
      const PickleValue& key = pickle_->at(root.items[i]);
      if (key.kind != Kind::string) throw Error(*file_, "holds no dict of tensors by name");
      // As in Python's dict, the last one with a name counts.
      tensors[key.text] = tensor(key.text, pickle_->at(root.items[i + 1]));
    }
    std::vector<Tensor> sorted;
    sorted.reserve(tensors.size());
    for (auto& [name, tensor] : tensors) sorted.push_back(std::move(tensor));
    return sorted;
  }

 private:
  [[noreturn]] void fail(std::string_view name, std::string_view reason) const {
    throw Error(*file_, fmt::format("tensor '{}'", name), std::string(reason));
  }

  /// The arguments, at least `least`, of a call of torch._utils.`function`; null if it is no such
  /// call.
  [[nodiscard]] const PickleValue* arguments(const PickleValue& value, std::string_view function,
                                             std::size_t least) const {
    if (value.kind != Kind::call) return nullptr;
    const PickleValue& arguments = pickle_->at(value.items[1]);
    const bool is_it = pickle_->at(value.items[0]).text == function;
    return is_it && arguments.items.size() >= least ? &arguments : nullptr;
  }

  [[nodiscard]] Tensor tensor(std::string_view name, const PickleValue& value) const {
    const PickleValue* made = &value;
    if (const auto* const parameter = arguments(value, "torch._utils._rebuild_parameter", 1)) {
      made = &pickle_->at(parameter->items[0]);
    }
    const auto* const parts = arguments(*made, "torch._utils._rebuild_tensor_v2", 4);
    if (parts == nullptr) fail(name, fmt::format("is no tensor{}", kOtherWeights));
    Tensor tensor{.name = name,
                  .storage = storage(name, pickle_->at(parts->items[0])),
                  .offset = count(name, pickle_->at(parts->items[1])),
                  .shape = counts(name, pickle_->at(parts->items[2])),
                  .strides = counts(name, pickle_->at(parts->items[3]))};
    if (tensor.shape.size() != tensor.strides.size()) fail(name, "has no shape");
    return tensor;
  }

  // ('storage', type, key, location, elements), and in old files the view, which is None.
  [[nodiscard]] Storage storage(std::string_view name, const PickleValue& value) const {
    if (value.kind != Kind::persistent) fail(name, "has no storage");
    const PickleValue& id = pickle_->at(value.items[0]);
    if (id.kind != Kind::tuple || id.items.size() < 5 ||
        pickle_->at(id.items[0]).text != "storage" ||
        pickle_->at(id.items[2]).kind != Kind::string) {
      fail(name, "has no storage");
    }
    if (id.items.size() > 5 && pickle_->at(id.items[5]).kind != Kind::none) {
      fail(name, "is a view of another storage, which is not read");
    }
    const std::string& type = pickle_->at(id.items[1]).text;
    const auto* const known = std::ranges::find(kElementTypes, type, &ElementType::storage);
    if (known == kElementTypes.end()) fail(name, "has no storage");
    return {.key = pickle_->at(id.items[2]).text,
            .type = *known,
            .count = count(name, pickle_->at(id.items[4]))};
  }

  [[nodiscard]] std::size_t count(std::string_view name, const PickleValue& value) const {
    if (value.kind != Kind::integer || value.integer < 0) fail(name, "has a size that is none");
    return static_cast<std::size_t>(value.integer);
  }

  [[nodiscard]] std::vector<std::size_t> counts(std::string_view name,
                                                const PickleValue& value) const {
    if (value.kind != Kind::tuple || value.items.size() > kMaxRank) fail(name, "has no shape");
    std::vector<std::size_t> counts;
    counts.reserve(value.items.size());
    for (const std::uint32_t item : value.items) counts.push_back(count(name, pickle_->at(item)));
    return counts;
  }

  const Pickle* pickle_;
  const fs::path* file_;
};

/// Takes the tensors from their storages.
class TensorReader {
 public:
  /// The copies of tensors may have as many bytes as the file: no real file needs more, while in a
  /// hostile one many tensors share a storage.
  TensorReader(const fs::path& file, std::size_t file_bytes)
      : file_(&file), bytes_for_copies_(file_bytes) {}

  void add(const Tensor& tensor, Bytes storage) {
    const std::size_t width = tensor.storage.type.bytes;
    const std::optional<std::size_t> elements = elements_of(tensor);
    if (!elements) fail(tensor, "has a shape whose size in bytes is impossible");
    if (*elements > 0) check_extent(tensor);
    StoredTensor stored{.name = std::string(tensor.name),
                        .dtype = std::string(tensor.storage.type.dtype),
                        .shape = tensor.shape,
                        .bytes = {}};
    if (*elements > 0 && is_row_by_row(tensor)) {
      stored.bytes = storage.subspan(tensor.offset * width, *elements * width);
    } else if (*elements > 0) {
      Bytes& rows = copied_[of(tensor)];
      if (rows.empty()) rows = copy(tensor, storage, *elements);
      stored.bytes = rows;
    }
    read_.tensors.push_back(std::move(stored));
  }
  [[nodiscard]] TorchFile finish() && { return std::move(read_); }

 private:
  // Where the numbers are; tensors that agree in it are the same.
  using Place = std::tuple<std::string_view, std::size_t, std::size_t, std::vector<std::size_t>,
                           std::vector<std::size_t>>;
  static Place of(const Tensor& tensor) {
    return {tensor.storage.key, tensor.storage.type.bytes, tensor.offset, tensor.shape,
            tensor.strides};
  }

  [[noreturn]] void fail(const Tensor& tensor, std::string_view reason) const {
    throw Error(*file_, fmt::format("tensor '{}'", tensor.name), std::string(reason));
  }

  // A stride of 0 repeats an extent, so a tensor could be larger than its storage; such a tensor is
  // refused.
  [[nodiscard]] static std::optional<std::size_t> elements_of(const Tensor& tensor) {
    std::size_t elements = 1;
    for (const std::size_t extent : tensor.shape) {
      if (__builtin_mul_overflow(elements, extent, &elements)) return std::nullopt;
    }
    if (elements > tensor.storage.count) return std::nullopt;
    return elements;
  }

  void check_extent(const Tensor& tensor) const {
    std::size_t last = tensor.offset;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      std::size_t step = 0;
      if (__builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &step) ||
          __builtin_add_overflow(last, step, &last)) {
        last = std::numeric_limits<std::size_t>::max();
        break;
      }
    }
    if (last >= tensor.storage.count) fail(tensor, "reaches over the end of its storage");
  }

  [[nodiscard]] static bool is_row_by_row(const Tensor& tensor) {
    std::size_t stride = 1;
    for (std::size_t i = tensor.shape.size(); i-- > 0;) {
      if (tensor.shape[i] != 1 && tensor.strides[i] != stride) return false;
      stride *= tensor.shape[i];
    }
    return true;
  }

  Bytes copy(const Tensor& tensor, Bytes storage, std::size_t elements) {
    const std::size_t width = tensor.storage.type.bytes;
    if (elements * width > bytes_for_copies_) {
      fail(tensor, "needs more copies of tensors than the file has bytes");
    }
    bytes_for_copies_ -= elements * width;
    auto& rows = read_.copies.emplace_back(std::make_unique<std::byte[]>(elements * width));
    std::vector<std::size_t> index(tensor.shape.size());
    std::size_t from = tensor.offset;
    for (std::size_t element = 0; element < elements; ++element) {
      std::memcpy(rows.get() + element * width, storage.data() + from * width, width);
      for (std::size_t i = index.size(); i-- > 0;) {
        from += tensor.strides[i];
        if (++index[i] < tensor.shape[i]) break;
        from -= index[i] * tensor.strides[i];
        index[i] = 0;
      }
    }
    return {rows.get(), elements * width};
  }

  const fs::path* file_;
  std::size_t bytes_for_copies_;
  std::map<Place, Bytes> copied_;
  TorchFile read_;
};

void check_storage(const Tensor& tensor, std::size_t bytes, const fs::path& file) {
  if (bytes % tensor.storage.type.bytes != 0 ||
      bytes / tensor.storage.type.bytes != tensor.storage.count) {
    throw Error(file, fmt::format("tensor '{}'", tensor.name),
                fmt::format("has a storage of {} bytes, where {} numbers of {} are announced",
                            bytes, tensor.storage.count, tensor.storage.type.dtype));
  }
}

/// `storage_of` returns the bytes of the storage with a key; absent if there is none.
template <class StorageOf>
TorchFile read_tensors(const std::vector<Tensor>& tensors, const fs::path& file,
                       std::size_t file_bytes, const StorageOf& storage_of) {
  TensorReader reader(file, file_bytes);
  for (const Tensor& tensor : tensors) {
    const std::optional<Bytes> storage = storage_of(tensor.storage.key);
    if (!storage) {
      throw Error(file, fmt::format("tensor '{}'", tensor.name), "has a storage that is not there");
    }
    check_storage(tensor, storage->size(), file);
    reader.add(tensor, *storage);
  }
  return std::move(reader).finish();
}

TorchFile parse_zip(Bytes content, const fs::path& file) {
  constexpr std::string_view kPickle = "/data.pkl";
  const std::vector<ZipEntry> entries = read_zip(content, file);
  const auto find = [&](const std::string& name) -> const ZipEntry* {
    const auto found = std::ranges::lower_bound(entries, name, {}, &ZipEntry::name);
    return found != entries.end() && found->name == name ? &*found : nullptr;
  };
  const auto pickle = std::ranges::find_if(entries, [&](const ZipEntry& entry) {
    return entry.name.ends_with(kPickle) &&
           entry.name.find('/') == entry.name.size() - kPickle.size();
  });
  if (pickle == entries.end()) throw Error(file, "is a zip file that torch.save did not write");
  const std::string root = pickle->name.substr(0, pickle->name.size() - kPickle.size());
  if (const ZipEntry* const order = find(root + "/byteorder")) {
    const std::string_view said(reinterpret_cast<const char*>(order->bytes.data()),
                                order->bytes.size());
    if (said != "little") throw Error(file, "holds numbers in another byte order");
  }
  Bytes pickled = pickle->bytes;
  const Pickle state = read_pickle(pickled, file);
  return read_tensors(StateDict(state, file).tensors(), file, content.size(),
                      [&](std::string_view key) -> std::optional<Bytes> {
                        const ZipEntry* const entry = find(fmt::format("{}/data/{}", root, key));
                        if (entry == nullptr) return std::nullopt;
                        return entry->bytes;
                      });
}

/// Value of a dict; null if it has none.
const PickleValue* member(const Pickle& pickle, std::string_view key) {
  const PickleValue& dict = pickle.at(pickle.root);
  if (dict.kind != Kind::dict) return nullptr;
  for (std::size_t i = 0; i < dict.items.size(); i += 2) {
    if (pickle.at(dict.items[i]).text == key) return &pickle.at(dict.items[i + 1]);
  }
  return nullptr;
}

// Magic number, version, information about the machine, the state dict, the keys of the storages;
// then each storage, as the number of its elements and the elements.
TorchFile parse_row_of_pickles(Bytes content, const fs::path& file) {
  Bytes left = content;
  const Pickle magic = read_pickle(left, file);
  if (magic.at(magic.root).text != kOldMagic) throw Error(file, "was not written by torch.save");
  const Pickle protocol = read_pickle(left, file);
  if (protocol.at(protocol.root).integer != kOldProtocol) {
    throw Error(file, "was written by a version of torch.save that is not known");
  }
  const Pickle machine = read_pickle(left, file);
  const PickleValue* const little = member(machine, "little_endian");
  if (little == nullptr || little->integer != 1) {
    throw Error(file, "holds numbers in another byte order");
  }
  const Pickle state = read_pickle(left, file);
  const std::vector<Tensor> tensors = StateDict(state, file).tensors();
  const Pickle keys = read_pickle(left, file);
  const PickleValue& list = keys.at(keys.root);
  if (list.kind != Kind::list) throw Error(file, "does not list its storages");

  std::map<std::string, std::size_t, std::less<>> widths;
  for (const Tensor& tensor : tensors) {
    const auto [at, added] = widths.emplace(tensor.storage.key, tensor.storage.type.bytes);
    if (!added && at->second != tensor.storage.type.bytes) {
      throw Error(file, fmt::format("tensor '{}'", tensor.name),
                  "shares its storage with one of another type");
    }
  }
  std::map<std::string, Bytes, std::less<>> storages;
  for (const std::uint32_t item : list.items) {
    const std::string& key = keys.at(item).text;
    const auto width = widths.find(key);
    if (width == widths.end()) throw Error(file, "lists a storage that no tensor has");
    std::uint64_t count = 0;
    if (left.size() < sizeof count) throw Error(file, "is cut short");
    std::memcpy(&count, left.data(), sizeof count);
    left = left.subspan(sizeof count);
    if (count > left.size() / width->second) throw Error(file, "is cut short");
    if (!storages.emplace(key, left.first(count * width->second)).second) {
      throw Error(file, "lists a storage twice");
    }
    left = left.subspan(count * width->second);
  }
  if (!left.empty()) throw Error(file, "holds more than its storages");

  return read_tensors(tensors, file, content.size(),
                      [&](std::string_view key) -> std::optional<Bytes> {
                        const auto storage = storages.find(key);
                        if (storage == storages.end()) return std::nullopt;
                        return storage->second;
                      });
}

}  // namespace

TorchFile parse_torch_file(Bytes content, const fs::path& file) {
  return is_zip(content) ? parse_zip(content, file) : parse_row_of_pickles(content, file);
}

}  // namespace normscope
