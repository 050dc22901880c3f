#include "model/modules.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/has_file.h"
#include "base/json_file.h"
#include "model/model_files.h"
#include "model/plain_path.h"
#include "normscope/error.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostModules = 100;

std::string text_of_module(const nlohmann::json& module, const char* key, const fs::path& file,
                           const std::string& place) {
  const auto value = module.find(key);
  if (value == module.end() || !value->is_string()) {
    throw Error(file, place, fmt::format("has no {} that is a string", key));
  }
  return value->get<std::string>();
}

// "./1_Pooling/" is "1_Pooling".
std::string without_empty_parts(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (!plain.empty()) plain += '/';
    plain += part;
  }
  return plain;
}

}  // namespace

std::string_view Module::name() const {
  const std::string_view all = type;
  return all.substr(all.rfind('.') + 1);
}

bool Module::is_foreign() const { return !type.starts_with("sentence_transformers."); }

std::string Module::file(std::string_view name) const {
  return path.empty() ? std::string(name) : fmt::format("{}/{}", path, name);
}

std::vector<Module> read_modules(const fs::path& folder) {
  const fs::path file = folder / kModulesFile;
  if (!has_file(file)) return {};
  const nlohmann::json list = read_json_list(file);
  if (list.empty()) throw Error(file, "lists no module");
  if (list.size() > kMostModules) {
    throw Error(file, fmt::format("lists more than {} modules", kMostModules));
  }
  std::vector<Module> modules;
  for (const nlohmann::json& module : list) {
    const std::string place = fmt::format("module {}", modules.size());
    if (!module.is_object()) throw Error(file, place, "is not an object");
    Module& read = modules.emplace_back();
    read.type = text_of_module(module, "type", file, place);
    const std::string path = text_of_module(module, "path", file, place);
    read.path = without_empty_parts(path);
    if (path.starts_with('/') || (!read.path.empty() && !is_plain_path(read.path))) {
      throw Error(file, place,
                  fmt::format("has the path '{}', which names no folder below the model's", path));
    }
  }
  return modules;
}

Module encoder_of(const std::vector<Module>& modules) {
  if (modules.empty() || modules.front().name() != "Transformer") return {};
  return modules.front();
}

fs::path encoder_folder(const fs::path& folder) {
  const std::string path = encoder_of(read_modules(folder)).path;
  return path.empty() ? folder : folder / path;
}

}  // namespace normscope
