// All of normscope: a library that tells whether a statistic of a sentence's embedding encodes a
// property of the sentence. Does the norm of the [CLS] embedding encode the length?
//
//     #include <normscope/normscope.h>
//
//     #include <iostream>
//
//     int main() {
//       const auto tokenizer = normscope::Tokenizer::from_folder("all-MiniLM-L6-v2");
//       const auto model = normscope::load_model("all-MiniLM-L6-v2");
//       const normscope::Encoder encoder(model, {{model.spec.layers, normscope::Readout::cls}});
//       normscope::SentenceReader reader("sentences.txt", {});
//       const auto sample = normscope::draw_sample(reader, 2000, /*seed=*/1);
//       const auto measured = normscope::measure(sample.sentences, tokenizer, encoder,
//                                                {.max_length = model.spec.max_positions});
//       std::vector<double> lengths, norms;
//       for (const normscope::Measurement& row : measured.rows) {
//         lengths.push_back(row.tokens);
//         norms.push_back(row.statistics.front());
//       }
//       const normscope::Relation relation = normscope::relate(lengths, norms);
//       if (relation.line) std::cout << "R² = " << relation.line->r_squared.value << '\n';
//     }
//
// Each header opens with what it is for and an example; docs/library.md says how to link.
#pragma once

#include "normscope/analysis.h"
#include "normscope/checkpoint.h"
#include "normscope/compare.h"
#include "normscope/controls.h"
#include "normscope/corpus.h"
#include "normscope/cpu.h"
#include "normscope/encoder.h"
#include "normscope/error.h"
#include "normscope/export.h"
#include "normscope/hub_listener.h"
#include "normscope/mapped_files.h"
#include "normscope/measure.h"
#include "normscope/model.h"
#include "normscope/own_readout.h"
#include "normscope/probes.h"
#include "normscope/properties.h"
#include "normscope/relation.h"
#include "normscope/results.h"
#include "normscope/study.h"
#include "normscope/text.h"
#include "normscope/tokenizer.h"
#include "normscope/vector_files.h"
#include "normscope/version.h"
// Parts that a library may have been built without.
#if __has_include("normscope/hub.h")
#include "normscope/hub.h"
#endif
#if __has_include("normscope/report.h")
#include "normscope/comparison.h"
#include "normscope/experiment.h"
#include "normscope/report.h"
#include "normscope/sources.h"
#endif
