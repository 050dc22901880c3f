#pragma once

/// What the shared library shows to those who link it, and what it keeps to itself. All of its code
/// is compiled with hidden visibility, so that none of its symbols meets those of another library
/// in the same process. Functions, classes that have members in the library, and exceptions (which
/// are caught by their type's name) say NORMSCOPE_EXPORT; the private part of an exported class
/// says NORMSCOPE_HIDDEN. Plain structs need neither.
///
///     NORMSCOPE_EXPORT std::string version();
///
///     class NORMSCOPE_EXPORT Encoder {
///       struct NORMSCOPE_HIDDEN State;
///     };

#define NORMSCOPE_EXPORT __attribute__((visibility("default")))
#define NORMSCOPE_HIDDEN __attribute__((visibility("hidden")))
