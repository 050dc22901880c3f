#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace normscope {

/// A repository's files at one commit.
struct Listing {
  std::string commit;
  /// Safe paths (names.h), in byte order.
  std::vector<std::string> files;
  /// As huggingface_hub keeps it in trees/<commit>.json; empty if the hub does not say enough.
  std::string tree = {};
};

/// `text`: the hub's JSON about a repository at a revision, with its "siblings". Throws BadAnswer,
/// also if a file's name would lead out of its folder.
Listing read_listing(std::string_view text);

}  // namespace normscope
