#include "normscope/version.h"

#include <cpuid.h>
#include <fmt/format.h>
#include <hwy/highway.h>
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <unicode/uvernum.h>

#include <array>
#include <boost/version.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

namespace normscope {

std::string version() { return NORMSCOPE_VERSION; }

std::vector<std::string> build_info() {
  return {
    fmt::format("compiler {} {}, {} build",
#if defined(__clang__)
                "clang",
#else
                "gcc",
#endif
                __VERSION__, NORMSCOPE_BUILD_TYPE),
        fmt::format("ICU {}, Highway {}.{}.{}, fmt {}.{}.{}, nlohmann-json {}.{}.{}", U_ICU_VERSION,
                    HWY_MAJOR, HWY_MINOR, HWY_PATCH, FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
                    FMT_VERSION % 100, NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                    NLOHMANN_JSON_VERSION_PATCH),
        fmt::format("Arrow {}, Boost {}.{}.{}, OpenSSL {}", NORMSCOPE_ARROW_VERSION,
                    BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100,
                    OPENSSL_FULL_VERSION_STR),
        fmt::format("parts: {}", NORMSCOPE_PARTS),
  };
}

std::vector<std::string> cpu_features() {
  std::vector<std::string> features;
  const auto add = [&](bool has, const char* name) {
    if (has) features.emplace_back(name);
  };
  add(__builtin_cpu_supports("avx2") != 0, "avx2");
  add(__builtin_cpu_supports("fma") != 0, "fma");
  add(__builtin_cpu_supports("avx512f") != 0, "avx512f");
  add(__builtin_cpu_supports("avx512bw") != 0, "avx512bw");
  add(__builtin_cpu_supports("avx512dq") != 0, "avx512dq");
  add(__builtin_cpu_supports("avx512vl") != 0, "avx512vl");
  add(__builtin_cpu_supports("avx512vnni") != 0, "avx512_vnni");
  add(__builtin_cpu_supports("avx512bf16") != 0, "avx512_bf16");
  return features;
}

std::string cpu_name() {
  std::array<unsigned, 12> words{};
  unsigned largest = 0;
  unsigned ignored = 0;
  if (__get_cpuid(0x80000000U, &largest, &ignored, &ignored, &ignored) == 0 ||
      largest < 0x80000004U) {
    return "";
  }
  for (std::size_t i = 0; i < 3; ++i) {
    unsigned* leaf = words.data() + 4 * i;
    __get_cpuid(0x80000002U + static_cast<unsigned>(i), leaf, leaf + 1, leaf + 2, leaf + 3);
  }
  std::array<char, sizeof(words) + 1> text{};
  std::memcpy(text.data(), words.data(), sizeof(words));
  std::string name(text.data());
  name.erase(0, name.find_first_not_of(' '));
  name.erase(name.find_last_not_of(' ') + 1);
  return name;
}

}  // namespace normscope
