#include "report/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace normscope {

std::string base64(std::string_view bytes) {
  // A multiple of 3, so that only the last piece is padded: OpenSSL counts in int.
  constexpr std::size_t kPiece = std::size_t{3} << 20;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4 + 1);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPiece);
    std::vector<unsigned char> encoded((piece.size() + 2) / 3 * 4 + 1);
    const int size =
        EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(piece.data()),
                        static_cast<int>(piece.size()));
    text.append(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size));
    bytes.remove_prefix(piece.size());
  }
  return text;
}

std::string base64_float32(std::span<const double> numbers) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  std::vector<float> floats(numbers.size());
  std::ranges::transform(numbers, floats.begin(), [](double number) {
    return std::abs(number) <= kLargest ? static_cast<float>(number)
                                        : std::numeric_limits<float>::quiet_NaN();
  });
  return base64({reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float)});
}

}  // namespace normscope
