#include "model/torch_file.h"
#include "normscope/error.h"
#include "scratch_folder.h"

// Every byte of every tensor can be read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    std::size_t sum = 0;
    const normscope::TorchFile file =
        normscope::parse_torch_file(std::as_bytes(std::span(data, size)), "input");
    for (const auto& tensor : file.tensors) {
      for (const std::byte byte : tensor.bytes) sum += static_cast<std::size_t>(byte);
      sum += tensor.name.size() + tensor.shape.size();
    }
    normscope::require(sum + 1 > 0);
  } catch (const normscope::Error&) {
  }
  return 0;
}
