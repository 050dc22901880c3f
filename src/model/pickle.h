#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace normscope {

/// The content of a pickle, as data: nothing that it names is ever called. Values refer to each
/// other by their places in Pickle::values, and may do so in a circle.
struct PickleValue {
  enum class Kind {
    none,
    truth,
    integer,
    real,
    string,
    tuple,
    list,
    /// Keys and values in turn.
    dict,
    /// "module.name"
    global,
    /// A call of a global: the global, and the tuple of its arguments.
    call,
    /// An object stored elsewhere: the value that names it.
    persistent,
  };
  Kind kind = Kind::none;
  /// 0 or 1 for a truth value.
  std::int64_t integer = 0;
  double real = 0;
  std::string text = {};
  std::vector<std::uint32_t> items = {};
};

struct Pickle {
  std::vector<PickleValue> values;
  std::uint32_t root = 0;

  [[nodiscard]] const PickleValue& at(std::uint32_t place) const { return values[place]; }
};

/// Reads one pickle of protocol 2 from the start of `bytes`, and takes it off them. It may hold
/// what PyTorch's restricted reader takes (torch/_weights_only_unpickler.py): plain values, and
/// calls of the functions that a state dict needs. An OrderedDict is a dict here, and the state
/// that BUILD gives it is ignored. At most 2,000,000 values, 4,096 bytes in a string and 64 MiB in
/// all. Throws Error that names `file` and the byte if it asks for anything else.
Pickle read_pickle(std::span<const std::byte>& bytes, const std::filesystem::path& file);

}  // namespace normscope
