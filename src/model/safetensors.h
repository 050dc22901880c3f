#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "model/stored_tensor.h"

namespace normscope {

/// The tensors of a safetensors file, in byte order of their names, as views into `content`.
///
/// Checks what huggingface/safetensors (safetensors/src/tensor.rs) checks, and repeated keys: a
/// header of at most 100,000,000 bytes inside the file, valid JSON that begins with '{' and may end
/// in spaces, a size that shape and dtype agree on without overflow, and tensors that tile the data
/// without gap or overlap. At most 64 dimensions. `file` names the file in errors. Throws Error.
std::vector<StoredTensor> parse_safetensors(std::span<const std::byte> content,
                                            const std::string& file);

}  // namespace normscope
