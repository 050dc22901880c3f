#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace normscope {

/// One step from a text to its vector, as the modules.json of sentence-transformers lists it.
struct Module {
  /// Its class: "sentence_transformers.models.Pooling".
  std::string type;
  /// Its folder below the model's; empty if it is the model's own.
  std::string path;

  /// The class without the package: "Pooling".
  [[nodiscard]] std::string_view name() const;
  /// Whether it is not a class of sentence-transformers, but code in the model's repository.
  [[nodiscard]] bool is_foreign() const;
  /// The path of a file in its folder, from the model's: "1_Pooling/config.json".
  [[nodiscard]] std::string file(std::string_view name) const;
};

/// The modules that modules.json lists, in its order; empty if the folder has no such file. Throws
/// Error if it is not such a list, or a path leads out of the folder.
std::vector<Module> read_modules(const std::filesystem::path& folder);

/// The module whose folder has the files of the encoder and the tokenizer: the first one, the
/// Transformer, or one in the model's own folder.
Module encoder_of(const std::vector<Module>& modules);

/// The folder with the files of the encoder and the tokenizer: `folder`, or the one below it that
/// modules.json gives to the first module, the Transformer. Throws as read_modules() does.
std::filesystem::path encoder_folder(const std::filesystem::path& folder);

}  // namespace normscope
