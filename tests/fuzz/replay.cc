// Runs a fuzz target on files, where there is no libFuzzer: replay FILE-OR-FOLDER...
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <vector>

#include "scratch_folder.h"

namespace {

int replay(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string content(std::istreambuf_iterator<char>(in), {});
  return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()),
                                content.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::filesystem::is_regular_file(argv[i])) {
      replay(argv[i]);
      ++files;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      replay(entry.path());
      ++files;
    }
  }
  std::printf("%zu inputs\n", files);
  return files > 0 ? 0 : 1;
}
