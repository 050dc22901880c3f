#include "model/weight_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/has_file.h"
#include "model/model_files.h"
#include "model/safetensors.h"
#include "model/shard_index.h"
#include "model/torch_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

DataType data_type(const StoredTensor& tensor, const fs::path& file) {
  if (tensor.dtype == "F32") return DataType::f32;
  if (tensor.dtype == "F16") return DataType::f16;
  if (tensor.dtype == "BF16") return DataType::bf16;
  throw Error(file, fmt::format("tensor '{}'", tensor.name),
              fmt::format("is of type {}; weights are F32, F16 or BF16", tensor.dtype));
}

}  // namespace

WeightFiles::File::File(fs::path where) : path(std::move(where)), mapping(path) {
  if (path.extension() == ".safetensors") {
    tensors = parse_safetensors(mapping.bytes(), path);
  } else {
    TorchFile file = parse_torch_file(mapping.bytes(), path);
    tensors = std::move(file.tensors);
    copies = std::move(file.copies);
  }
}

bool WeightFiles::File::is_mapped(const StoredTensor& tensor) const {
  const std::byte* const begin = mapping.bytes().data();
  return tensor.bytes.data() >= begin && tensor.bytes.data() < begin + mapping.bytes().size();
}

const StoredTensor* WeightFiles::File::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(tensors, name, {}, &StoredTensor::name);
  return found != tensors.end() && found->name == name ? &*found : nullptr;
}

WeightFiles::WeightFiles(const fs::path& folder) {
  for (const WeightLayout& layout : kWeightLayouts) {
    path_ = folder / layout.whole;
    if (has_file(path_)) {
      files_->emplace_back(path_);
      return;
    }
    path_ = folder / layout.index;
    if (!has_file(path_)) continue;
    for (const auto& [shard, tensors] : read_shard_index(path_)) {
      for (const std::string& tensor : tensors) places_.emplace(tensor, files_->size());
      files_->emplace_back(folder / shard);
    }
    return;
  }
  throw Error(folder, kNoWeights);
}

bool WeightFiles::has_any(std::string_view prefix) const {
  const auto begins_so = [&](const StoredTensor& tensor) {
    return tensor.name.starts_with(prefix);
  };
  return std::ranges::any_of(
      *files_, [&](const File& file) { return std::ranges::any_of(file.tensors, begins_so); });
}

std::optional<WeightFiles::Found> WeightFiles::find(std::string_view name) const {
  const auto place = places_.find(name);
  if (!places_.empty() && place == places_.end()) return std::nullopt;
  const File& file = (*files_)[places_.empty() ? 0 : place->second];
  const StoredTensor* const tensor = file.find(name);
  if (tensor == nullptr) return std::nullopt;
  return Found{.file = &file, .tensor = tensor};
}

void WeightFiles::miss(const std::string& name) const {
  const std::string place = fmt::format("tensor '{}'", name);
  const auto listed = places_.find(name);
  if (listed == places_.end()) throw Error(path_, place, "is missing");
  throw Error((*files_)[listed->second].path, place,
              fmt::format("is missing, though {} says that it is here", path_.filename().string()));
}

TensorView WeightFiles::tensor(std::span<const std::string> names,
                               const std::vector<std::size_t>& shape, RowPart part) const {
  std::vector<std::size_t> whole = shape;
  whole.front() *= part.parts;
  for (const std::string& name : names) {
    const std::optional<Found> found = find(name);
    if (!found) continue;
    const StoredTensor& stored = *found->tensor;
    if (stored.shape != whole) {
      throw Error(found->file->path, fmt::format("tensor '{}'", stored.name),
                  fmt::format("has the shape [{}], where {} makes it [{}]",
                              fmt::join(stored.shape, ", "), kConfigFile, fmt::join(whole, ", ")));
    }
    return {.type = data_type(stored, found->file->path),
            .shape = shape,
            .data = stored.bytes.data() + stored.bytes.size() / part.parts * part.part,
            .mapped = found->file->is_mapped(stored)};
  }
  miss(names.front());
}

std::vector<std::string> WeightFiles::weight_files() const {
  std::vector<std::string> names;
  for (const File& file : *files_) names.push_back(file.path.filename());
  return names;
}

std::vector<std::string> WeightFiles::all_files() const {
  std::vector<std::string> names = weight_files();
  if (!places_.empty()) names.push_back(path_.filename());
  return names;
}

}  // namespace normscope
