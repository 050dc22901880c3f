#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace normscope {

// Structs in JSON. A function names the fields of a struct once, for writing and for reading:
//
//   template <class Fields>
//   void describe(Fields& fields, Of<Point> auto& point) {
//     fields("x", point.x);
//     fields("label", point.label);
//   }
// A field is a truth value, a number, a string, a value with a JsonName, another described struct,
// or a vector, an optional (null if absent) or a map by strings of these. describe_elements() does
// the same for a struct that is an array in JSON.

/// `T` is `Struct`, const if it is written.
template <class T, class Struct>
concept Of = std::same_as<std::remove_const_t<T>, Struct>;

/// A value that is a string in JSON: name() of the value, and value() of a name, which throws
/// std::invalid_argument if there is none.
template <class T>
struct JsonName {};

/// name() of a value, as a string.
template <class T>
std::string name_of(const T& value) {
  return std::string(name(value));
}

/// For an enum that has a name() and whose values are `all`.
template <class Enum, Enum... all>
struct JsonEnum {
  static constexpr std::array<Enum, sizeof...(all)> values{all...};
  static std::string name(Enum value) { return name_of(value); }
  static Enum value(std::string_view wanted) {
    std::optional<Enum> found;
    ((name_of(all) == wanted ? void(found = all) : void()), ...);
    if (found) return *found;
    std::string names;
    ((names += (names.empty() ? "" : ", ") + name_of(all)), ...);
    throw std::invalid_argument("is none of " + names);
  }
};

template <class T>
concept NamedInJson = requires(const T& value) {
  JsonName<T>::name(value);
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

/// Fields as JSON text.
class JsonWriter {
 public:
  /// `indent` spaces per level; none: all on one line.
  explicit JsonWriter(std::optional<std::size_t> indent) : indent_(indent) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    begin(key);
    write(value);
  }
  /// An element of an array.
  template <class T>
  void operator()(const T& value) {
    begin_element();
    write(value);
  }
  /// A field whose value follows from others.
  template <class T>
  void fixed(std::string_view key, const T& value) {
    (*this)(key, value);
  }
  /// Fields of the struct that are in an object of their own.
  template <class Members>
  void object(std::string_view key, const Members& members) {
    begin(key);
    open('{');
    members(*this);
    close('}');
  }

  template <class T>
  void write(const T& value) {
    if constexpr (std::same_as<T, bool>) {
      text_ += value ? "true" : "false";
    } else if constexpr (std::integral<T>) {
      text_ += std::to_string(value);
    } else if constexpr (std::floating_point<T>) {
      write_number(value);
    } else if constexpr (std::convertible_to<T, std::string_view>) {
      write_string(value);
    } else if constexpr (NamedInJson<T>) {
      write_string(JsonName<T>::name(value));
    } else if constexpr (IsOptional<T>::value) {
      value ? write(*value) : void(text_ += "null");
    } else if constexpr (IsVector<T>::value) {
      open('[');
      for (const auto& element : value) (*this)(element);
      close(']');
    } else if constexpr (IsMap<T>::value) {
      open('{');
      for (const auto& [key, member] : value) (*this)(key, member);
      close('}');
    } else if constexpr (requires { describe_elements(*this, value); }) {
      open('[');
      describe_elements(*this, value);
      close(']');
    } else {
      open('{');
      describe(*this, value);
      close('}');
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void open(char bracket);
  void close(char bracket);
  void begin(std::string_view key);
  void begin_element();
  void new_line();
  /// Null if it is infinite or NaN.
  void write_number(double number);
  /// Bytes that are not UTF-8 become U+FFFD.
  void write_string(std::string_view text);

  std::optional<std::size_t> indent_;
  std::size_t depth_ = 0;
  bool empty_ = true;
  std::string text_;
};

/// A value as JSON text.
template <class T>
std::string json_text(const T& value, std::optional<std::size_t> indent = {}) {
  JsonWriter writer(indent);
  writer.write(value);
  return writer.text();
}

/// Fields out of a parsed JSON file. All functions throw Error that names the file and the place in
/// it, as a JSON pointer (RFC 6901), if the value is missing or not as expected. Other keys of
/// an object are ignored.
class JsonReader {
 public:
  /// Both must outlive it.
  JsonReader(const std::filesystem::path& file, const nlohmann::json& value)
      : file_(&file), value_(&value) {}

  template <class T>
  void operator()(std::string_view key, T& value) {
    member(key).read(value);
  }
  template <class T>
  void operator()(T& value) {
    element(next_++).read(value);
  }
  template <class T>
  void fixed(std::string_view key, const T& value) {
    const JsonReader at = member(key);
    T found{};
    at.read(found);
    if (found != value) at.fail("does not agree with what stands beside it");
  }
  template <class Members>
  void object(std::string_view key, const Members& members) {
    JsonReader inner = member(key);
    members(inner);
  }

  template <class T>
  void read(T& value) const {
    if constexpr (std::same_as<T, bool>) {
      value = truth();
    } else if constexpr (std::unsigned_integral<T>) {
      value = static_cast<T>(whole_number(std::numeric_limits<T>::max()));
    } else if constexpr (std::floating_point<T>) {
      value = static_cast<T>(number());
    } else if constexpr (std::same_as<T, std::string>) {
      value = string();
    } else if constexpr (NamedInJson<T>) {
      try {
        value = JsonName<T>::value(string());
      } catch (const std::invalid_argument& error) {
        fail(error.what());
      }
    } else if constexpr (IsOptional<T>::value) {
      value.reset();
      if (is_null()) return;
      // clang 14 cannot emplace() a struct within another one.
      value = typename T::value_type{};
      read(*value);
    } else if constexpr (IsVector<T>::value) {
      value.clear();
      const std::size_t size = elements();
      value.reserve(size);
      for (std::size_t i = 0; i < size; ++i) element(i).read(value.emplace_back());
    } else if constexpr (IsMap<T>::value) {
      value.clear();
      for (const std::string& key : keys()) member(key).read(value[key]);
    } else if constexpr (requires(JsonReader & fields) { describe_elements(fields, value); }) {
      JsonReader fields = *this;
      describe_elements(fields, value);
      if (fields.next_ != elements()) fail("has another number of elements");
    } else {
      JsonReader fields = *this;
      describe(fields, value);
    }
  }

 private:
  JsonReader(const JsonReader& parent, std::string_view key, const nlohmann::json& value)
      : file_(parent.file_), value_(&value), parent_(&parent), key_(key) {}
  JsonReader(const JsonReader& parent, std::size_t index, const nlohmann::json& value)
      : file_(parent.file_), value_(&value), parent_(&parent), index_(index) {}

  [[noreturn]] void fail(const std::string& reason) const;
  [[nodiscard]] std::string place() const;
  [[nodiscard]] JsonReader member(std::string_view key) const;
  [[nodiscard]] JsonReader element(std::size_t index) const;
  [[nodiscard]] std::size_t elements() const;
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool truth() const;
  [[nodiscard]] std::uint64_t whole_number(std::uint64_t most) const;
  [[nodiscard]] double number() const;
  [[nodiscard]] std::string string() const;

  const std::filesystem::path* file_;
  const nlohmann::json* value_;
  const JsonReader* parent_ = nullptr;
  std::string_view key_;
  std::optional<std::size_t> index_;
  /// Of the elements read by describe_elements().
  std::size_t next_ = 0;
};

/// A parsed JSON file.
class JsonFile {
 public:
  JsonFile(std::filesystem::path path, std::size_t most_bytes);
  /// From text that is the content of the file `path`.
  JsonFile(std::filesystem::path path, std::string_view text);
  JsonFile(const JsonFile&) = delete;
  JsonFile& operator=(const JsonFile&) = delete;
  ~JsonFile();

  [[nodiscard]] const nlohmann::json& json() const { return *json_; }
  [[nodiscard]] JsonReader root() const { return {path_, *json_}; }

 private:
  std::filesystem::path path_;
  std::unique_ptr<const nlohmann::json> json_;
};

/// A described struct from a JSON file, as read_json_object() reads it.
template <class T>
T read_json(const std::filesystem::path& path, std::size_t most_bytes = std::size_t{16} << 20) {
  const JsonFile file(path, most_bytes);
  T value{};
  file.root().read(value);
  return value;
}

/// The same from text that is the content of the file `path`.
template <class T>
T parse_json(const std::filesystem::path& path, std::string_view text) {
  const JsonFile file(path, text);
  T value{};
  file.root().read(value);
  return value;
}

/// Finds the place of a number in the JSON among the fields of a struct.
class JsonPlace {
 public:
  explicit JsonPlace(const void* wanted) : wanted_(wanted) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    inside(key, [&] { look(value); });
  }
  template <class T>
  void operator()(const T& value) {
    inside(next_++, [&] { look(value); });
  }
  template <class T>
  void fixed(std::string_view, const T&) {}
  template <class Members>
  void object(std::string_view key, const Members& members) {
    inside(key, [&] { members(*this); });
  }

  template <class T>
  void look(const T& value) {
    if constexpr (std::is_arithmetic_v<T>) {
      found_ = &value == wanted_;
    } else if constexpr (NamedInJson<T> || std::same_as<T, std::string>) {
      return;
    } else if constexpr (IsOptional<T>::value) {
      if (value) look(*value);
    } else if constexpr (IsVector<T>::value) {
      for (std::size_t i = 0; i < value.size(); ++i) inside(i, [&] { look(value[i]); });
    } else if constexpr (IsMap<T>::value) {
      for (const auto& [key, member] : value) (*this)(key, member);
    } else if constexpr (requires { describe_elements(*this, value); }) {
      next_ = 0;
      describe_elements(*this, value);
    } else {
      describe(*this, value);
    }
  }

  [[nodiscard]] bool found() const { return found_; }
  /// A JSON pointer.
  [[nodiscard]] const std::string& place() const { return place_; }

 private:
  template <class Key, class Look>
  void inside(const Key& key, const Look& look_inside) {
    if (found_) return;
    look_inside();
    if (!found_) return;
    if constexpr (std::integral<Key>) {
      place_.insert(0, "/" + std::to_string(key));
    } else {
      place_.insert(0, "/" + std::string(key));
    }
  }

  const void* wanted_;
  bool found_ = false;
  std::size_t next_ = 0;
  std::string place_;
};

/// The place of one of a struct's numbers in its JSON, as a JSON pointer. Throws std::logic_error
/// if `number` is not the address of one.
template <class T>
std::string place_in(const T& value, const void* number) {
  JsonPlace place(number);
  place.look(value);
  if (!place.found()) throw std::logic_error("a number that is in no field");
  return place.place();
}

}  // namespace normscope
