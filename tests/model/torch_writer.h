#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace normscope {

/// The lowest `bytes` bytes of a number, the lowest first.
inline std::string little_endian(std::uint64_t number, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i) & 0xff);
  return text;
}

// Pieces of a pickle of protocol 2, as torch.save writes them.

inline std::string pickled(std::string_view text) {
  return "X" + little_endian(text.size(), 4) + std::string(text);
}
inline std::string pickled(std::int64_t number) {
  return "J" + little_endian(static_cast<std::uint64_t>(number), 4);
}
inline std::string pickled(const std::vector<std::int64_t>& numbers) {
  std::string text = "(";
  for (const std::int64_t number : numbers) text += pickled(number);
  return text + "t";
}
inline std::string pickled_global(std::string_view module, std::string_view name) {
  return "c" + std::string(module) + "\n" + std::string(name) + "\n";
}
inline std::string as_pickle(std::string_view value) {
  return "\x80\x02" + std::string(value) + ".";
}

struct TorchTensor {
  std::string name;
  std::string key = "0";
  /// Elements of its storage.
  std::int64_t count = 0;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
  std::int64_t offset = 0;
  std::string storage_type = "FloatStorage";
  bool parameter = false;
};

inline std::string pickled(const TorchTensor& tensor) {
  const std::string storage = "(" + pickled("storage") +
                              pickled_global("torch", tensor.storage_type) + pickled(tensor.key) +
                              pickled("cpu") + pickled(tensor.count) + "tQ";
  const std::string ordered_dict = pickled_global("collections", "OrderedDict") + ")R";
  const std::string made = pickled_global("torch._utils", "_rebuild_tensor_v2") + "(" + storage +
                           pickled(tensor.offset) + pickled(tensor.shape) +
                           pickled(tensor.strides) + "\x89" + ordered_dict + "tR";
  if (!tensor.parameter) return made;
  return pickled_global("torch._utils", "_rebuild_parameter") + "(" + made + "\x88" + ordered_dict +
         "tR";
}

/// An OrderedDict with the state that torch gives it.
inline std::string pickled_state_dict(const std::vector<TorchTensor>& tensors) {
  std::string text = pickled_global("collections", "OrderedDict") + ")Rq" + '\0' + "(";
  for (const TorchTensor& tensor : tensors) text += pickled(tensor.name) + pickled(tensor);
  return text + "u}" + pickled("_metadata") + "h" + '\0' + "sb";
}

using Files = std::vector<std::pair<std::string, std::string>>;

/// A zip file whose files are not compressed.
inline std::string zip_file(const Files& files) {
  std::string bytes;
  std::string list;
  for (const auto& [name, content] : files) {
    const std::string sizes =
        little_endian(0, 4) + little_endian(content.size(), 4) + little_endian(content.size(), 4);
    const std::string lengths = little_endian(name.size(), 2) + little_endian(0, 2);
    const std::string version = little_endian(20, 2);
    const std::string rest = little_endian(0, 2) + little_endian(0, 2) + little_endian(0, 4);
    list += "PK\x01\x02" + version + version + rest + sizes + lengths + little_endian(0, 2) +
            little_endian(0, 2) + little_endian(0, 2) + little_endian(0, 4) +
            little_endian(bytes.size(), 4) + name;
    bytes += "PK\x03\x04" + version + rest + sizes + lengths + name + content;
  }
  return bytes + list + "PK\x05\x06" + little_endian(0, 4) + little_endian(files.size(), 2) +
         little_endian(files.size(), 2) + little_endian(list.size(), 4) +
         little_endian(bytes.size(), 4) + little_endian(0, 2);
}

/// As torch.save writes it since PyTorch 1.6.
inline std::string torch_zip(const std::string& state_dict, const Files& storages) {
  Files files{{"archive/data.pkl", as_pickle(state_dict)}, {"archive/byteorder", "little"}};
  for (const auto& [key, content] : storages) files.emplace_back("archive/data/" + key, content);
  return zip_file(files);
}

/// As torch.save wrote it before: the bytes of each storage, and how many numbers they are.
inline std::string torch_row_of_pickles(const std::string& state_dict, const Files& storages,
                                        std::size_t number_bytes) {
  std::string keys = "](";
  std::string data;
  for (const auto& [key, content] : storages) {
    keys += pickled(key);
    data += little_endian(content.size() / number_bytes, 8) + content;
  }
  return as_pickle(std::string("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12)) +
         as_pickle(pickled(1001)) + as_pickle("}" + pickled("little_endian") + "\x88s") +
         as_pickle(state_dict) + as_pickle(keys + "e") + data;
}

}  // namespace normscope
