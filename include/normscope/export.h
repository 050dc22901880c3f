// Which symbols the shared library exports. All of its code is compiled with hidden visibility, so
// that none of its symbols clashes with one of another library in the same process. Functions,
// classes with members in the library, and exceptions (to be caught outside) say NORMSCOPE_EXPORT;
// the private part of an exported class says NORMSCOPE_HIDDEN. Plain structs need neither.
//
//     NORMSCOPE_EXPORT std::string version();
//
//     class NORMSCOPE_EXPORT Tokenizer {
//       struct NORMSCOPE_HIDDEN State;
//     };
#pragma once

#define NORMSCOPE_EXPORT __attribute__((visibility("default")))
#define NORMSCOPE_HIDDEN __attribute__((visibility("hidden")))
