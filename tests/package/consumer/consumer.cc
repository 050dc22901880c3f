// What a project of someone else would do: every public header, one call.
#include <normscope/analysis.h>
#include <normscope/corpus.h>
#include <normscope/encoder.h>
#include <normscope/error.h>
#include <normscope/measure.h>
#include <normscope/model.h>
#include <normscope/relation.h>
#include <normscope/report.h>
#include <normscope/tokenizer.h>
#include <normscope/version.h>

#include <array>
#include <iostream>

int main() {
  const std::array<double, 4> lengths{1, 2, 3, 4};
  const std::array<double, 4> norms{1.5, 2, 2.5, 3};
  const normscope::Relation relation = normscope::relate(lengths, norms);
  std::cout << "normscope " << normscope::version() << ": slope " << relation.line->slope.value
            << '\n';
}
