#include "base/json_fields.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json_file.h"
#include "normscope/error.h"

namespace normscope {

using Json = nlohmann::json;

void JsonWriter::open(char bracket) {
  text_ += bracket;
  ++depth_;
  empty_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!empty_) new_line();
  text_ += bracket;
  empty_ = false;
}

void JsonWriter::begin(std::string_view key) {
  begin_element();
  write_string(key);
  text_ += indent_ ? ": " : ":";
}

void JsonWriter::begin_element() {
  if (!empty_) text_ += ',';
  empty_ = false;
  new_line();
}

void JsonWriter::new_line() {
  if (indent_) text_.append("\n").append(depth_ * *indent_, ' ');
}

void JsonWriter::write_number(double number) { text_ += Json(number).dump(); }

void JsonWriter::write_string(std::string_view text) {
  text_ += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonReader::fail(const std::string& reason) const { throw Error(*file_, place(), reason); }

std::string JsonReader::place() const {
  if (parent_ == nullptr) return {};
  if (index_) return fmt::format("{}/{}", parent_->place(), *index_);
  std::string key;
  for (const char c : key_) {
    key += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
  }
  return parent_->place() + "/" + key;
}

JsonReader JsonReader::member(std::string_view key) const {
  if (!value_->is_object()) fail(fmt::format("is {} where object is wanted", value_->type_name()));
  const auto found = value_->find(key);
  if (found == value_->end()) fail(fmt::format("has no \"{}\"", key));
  return {*this, key, *found};
}

JsonReader JsonReader::element(std::size_t index) const {
  if (index >= elements()) fail("has another number of elements");
  return {*this, index, (*value_)[index]};
}

std::size_t JsonReader::elements() const {
  if (!value_->is_array()) fail(fmt::format("is {} where array is wanted", value_->type_name()));
  return value_->size();
}

std::vector<std::string> JsonReader::keys() const {
  if (!value_->is_object()) fail(fmt::format("is {} where object is wanted", value_->type_name()));
  std::vector<std::string> keys;
  for (const auto& [key, member] : value_->items()) keys.push_back(key);
  return keys;
}

bool JsonReader::is_null() const { return value_->is_null(); }

bool JsonReader::truth() const {
  if (!value_->is_boolean()) {
    fail(fmt::format("is {} where boolean is wanted", value_->type_name()));
  }
  return value_->get<bool>();
}

std::uint64_t JsonReader::whole_number(std::uint64_t most) const {
  if (!value_->is_number_integer()) {
    fail(fmt::format("is {} where integer is wanted", value_->type_name()));
  }
  if (!value_->is_number_unsigned()) fail("is below 0");
  const auto number = value_->get<std::uint64_t>();
  if (number > most) fail(fmt::format("is above {}", most));
  return number;
}

double JsonReader::number() const {
  if (!value_->is_number()) {
    fail(fmt::format("is {} where number is wanted", value_->type_name()));
  }
  return value_->get<double>();
}

std::string JsonReader::string() const {
  if (!value_->is_string()) {
    fail(fmt::format("is {} where string is wanted", value_->type_name()));
  }
  return value_->get<std::string>();
}

JsonFile::JsonFile(std::filesystem::path path, std::size_t most_bytes)
    : path_(std::move(path)),
      json_(std::make_unique<const Json>(read_json_object(path_, most_bytes))) {}

JsonFile::JsonFile(std::filesystem::path path, std::string_view text)
    : path_(std::move(path)), json_(std::make_unique<const Json>(parse_json_object(path_, text))) {}

JsonFile::~JsonFile() = default;

}  // namespace normscope
