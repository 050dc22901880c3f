#pragma once

#include <cstddef>
#include <string_view>

/// Makes the file `path` a part of the program, byte for byte: normscope::assets::`name`(). A
/// compiler needs minutes for a string constant of 1.5 MB; the assembler includes it at once.
#define NORMSCOPE_ASSET(name, path)                                                           \
  asm(".pushsection .rodata\n"                                                                \
      ".balign 16\n"                                                                          \
      "normscope_asset_" #name                                                                \
      ":\n"                                                                                   \
      ".incbin \"" path                                                                       \
      "\"\n"                                                                                  \
      "normscope_asset_" #name                                                                \
      "_end:\n"                                                                               \
      ".byte 0\n"                                                                             \
      ".popsection\n");                                                                       \
  namespace normscope::assets {                                                               \
  extern "C" const char normscope_asset_##name[];                                             \
  extern "C" const char normscope_asset_##name##_end[];                                       \
  std::string_view name() { /* NOLINT(bugprone-macro-parentheses) */                          \
    return {normscope_asset_##name,                                                           \
            static_cast<std::size_t>(normscope_asset_##name##_end - normscope_asset_##name)}; \
  }                                                                                           \
  }
