#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace normscope {

/// A tensor as it lies in a safetensors file.
struct StoredTensor {
  std::string name;
  /// The file's own name of the data type, one of the format's: "F32", "BF16", "I64" …
  std::string dtype;
  std::vector<std::size_t> shape;
  std::span<const std::byte> bytes;
};

/// The tensors of a safetensors file, in byte order of their names, as views into `content`.
///
/// Checks what huggingface/safetensors (safetensors/src/tensor.rs) checks, and repeated keys: a
/// header of at most 100,000,000 bytes inside the file, valid JSON that begins with '{' and may end
/// in spaces, a size that shape and dtype agree on without overflow, and tensors that tile the data
/// without gap or overlap. At most 64 dimensions. `file` names the file in errors. Throws Error.
std::vector<StoredTensor> parse_safetensors(std::span<const std::byte> content,
                                            const std::string& file);

}  // namespace normscope
