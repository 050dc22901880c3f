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

/// One of several equal parts of a tensor's rows.
struct RowPart {
  std::size_t part = 0;
  std::size_t parts = 1;
};

/// The stored tensors of a folder: in one file, or in several with an index, which decides which
/// file a tensor is read from, whatever the others hold.
class WeightFiles {
 public:
  /// Chooses as transformers does: safetensors before pickles. Throws Error, also if there is
  /// neither.
  explicit WeightFiles(const std::filesystem::path& folder);

  [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
  /// Whether there are tensors whose names begin with `prefix`.
  [[nodiscard]] bool has_any(std::string_view prefix) const;

  /// The tensor with the first of these names that exists, or the part of its rows that has this
  /// shape; the first name is the usual one. Throws Error if none exists, or if it has another
  /// shape or a type that no weight has.
  [[nodiscard]] TensorView tensor(std::span<const std::string> names,
                                  const std::vector<std::size_t>& shape, RowPart part = {}) const;

  /// The names in the folder of the files that hold tensors, and of these and the index.
  [[nodiscard]] std::vector<std::string> weight_files() const;
  [[nodiscard]] std::vector<std::string> all_files() const;
  /// What the views refer to, as long as a copy lives.
  [[nodiscard]] std::shared_ptr<const void> memory() const { return files_; }

 private:
  struct File {
    explicit File(std::filesystem::path where);
    [[nodiscard]] bool is_mapped(const StoredTensor& tensor) const;
    [[nodiscard]] const StoredTensor* find(std::string_view name) const;

    std::filesystem::path path;
    MappedFile mapping;
    /// Copies of tensors that are not stored in the order in which they are read.
    std::vector<std::unique_ptr<std::byte[]>> copies;
    std::vector<StoredTensor> tensors;
  };
  struct Found {
    const File* file;
    const StoredTensor* tensor;
  };
  [[nodiscard]] std::optional<Found> find(std::string_view name) const;
  [[noreturn]] void miss(const std::string& name) const;

  /// The file that should list a missing tensor.
  std::filesystem::path path_;
  std::shared_ptr<std::vector<File>> files_ = std::make_shared<std::vector<File>>();
  /// With an index: the place of each tensor's file.
  std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace normscope
