#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"
#include "model/stored_tensor.h"
#include "normscope/model.h"

namespace normscope {

/// Which of how many equal parts of a tensor's rows.
struct RowPart {
  std::size_t part = 0;
  std::size_t parts = 1;
};

/// The stored tensors of a folder: in one file, or in several that an index lists, and which then
/// decides in which one a tensor is, whatever else the others hold.
class WeightFiles {
 public:
  /// Takes what transformers would: safetensors before pickles. Throws Error, also if there is
  /// neither.
  explicit WeightFiles(const std::filesystem::path& folder);

  [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
  /// Whether there are tensors whose names begin so.
  [[nodiscard]] bool has_any(std::string_view prefix) const;

  /// The tensor of the first of these names that is there, or the part of its rows that has this
  /// shape; the first name is the usual one. Throws Error if none is there, or it has another
  /// shape or a type that no weight has.
  [[nodiscard]] TensorView tensor(std::span<const std::string> names,
                                  const std::vector<std::size_t>& shape, RowPart part = {}) const;

  /// Of the files that hold tensors, and of those and the index, the names in the folder.
  [[nodiscard]] std::vector<std::string> weight_files() const;
  [[nodiscard]] std::vector<std::string> all_files() const;
  /// What the views are into, as long as a copy lives.
  [[nodiscard]] std::shared_ptr<const void> memory() const { return files_; }

 private:
  struct File {
    explicit File(std::filesystem::path where);
    [[nodiscard]] bool is_mapped(const StoredTensor& tensor) const;
    [[nodiscard]] const StoredTensor* find(std::string_view name) const;

    std::filesystem::path path;
    MappedFile mapping;
    /// What tensors are copied to that do not lie in the file as they are read.
    std::vector<std::unique_ptr<std::byte[]>> copies;
    std::vector<StoredTensor> tensors;
  };
  struct Found {
    const File* file;
    const StoredTensor* tensor;
  };
  [[nodiscard]] std::optional<Found> find(std::string_view name) const;
  [[noreturn]] void miss(const std::string& name) const;

  /// What a missing tensor is missing from: the file that should list it.
  std::filesystem::path path_;
  std::shared_ptr<std::vector<File>> files_ = std::make_shared<std::vector<File>>();
  /// With an index: the place of a tensor's file.
  std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace normscope
