#include "hub/content_hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>

#include "base/mapped_file.h"
#include "base/sha256.h"

namespace normscope {
namespace {

constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;

void check(int status) {
  if (status != 1) throw std::runtime_error("OpenSSL cannot compute SHA-1");
}

std::string git_blob_sha1(std::span<const std::byte> bytes) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free);
  const std::string header = fmt::format("blob {}", bytes.size());
  check(EVP_DigestInit_ex(context.get(), EVP_sha1(), nullptr));
  check(EVP_DigestUpdate(context.get(), header.c_str(), header.size() + 1));
  check(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  check(EVP_DigestFinal_ex(context.get(), digest.data(), &size));
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace

bool is_content_hash(std::string_view etag) {
  return (etag.size() == kSha1Digits || etag.size() == kSha256Digits) &&
         etag.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string content_hash(const std::filesystem::path& path, std::string_view etag) {
  if (etag.size() == kSha256Digits) return sha256_of_file(path);
  return git_blob_sha1(MappedFile(path).bytes());
}

}  // namespace normscope
