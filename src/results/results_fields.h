#pragma once

#include <cstdint>

#include "base/json_fields.h"
#include "normscope/results.h"
#include "results/manifest_fields.h"
#include "results/study_fields.h"

namespace normscope {

/// Version of results.json. It changes whenever a name or its meaning in the file changes;
/// results.schema.json describes them.
inline constexpr std::uint64_t kResultsVersion = 4;

template <class Fields>
void describe(Fields& fields, Of<Results> auto& results) {
  fields.fixed("schema_version", kResultsVersion);
  fields("question", results.question);
  describe(fields, results.study);
  fields("manifest", results.manifest);
}

}  // namespace normscope
