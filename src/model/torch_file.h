#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "model/stored_tensor.h"

namespace normscope {

/// The tensors of a file that torch.save wrote.
struct TorchFile {
  /// In byte order of their names: views into the file, or into `copies`.
  std::vector<StoredTensor> tensors;
  /// Copies of tensors that are not stored row by row.
  std::vector<std::unique_ptr<std::byte[]>> copies;
};

/// Reads a state dict: a dict of tensors, in a zip file (PyTorch 1.6 and newer) or in a row of
/// pickles (older). Nothing that the pickles name is called. A tensor may share its storage with
/// others, and have any strides that stay inside the storage. `file` names the file in errors.
/// Throws Error.
TorchFile parse_torch_file(std::span<const std::byte> content, const std::filesystem::path& file);

}  // namespace normscope
