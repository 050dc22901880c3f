// What `normscope run --model MODEL --corpus CORPUS --out FOLDER` does, to the same bytes.
#include <normscope/normscope.h>

#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::cerr << "experiment MODEL CORPUS FOLDER\n";
    return 2;
  }
  normscope::ExperimentOptions options;
  options.model = normscope::resolve_model(argv[1]);
  options.corpus = normscope::resolve_corpus(argv[2]);
  options.folder = argv[3];

  const normscope::ExperimentListener listener{
      .progress =
          [](const normscope::StageProgress& now) {
            if (now.stage == normscope::Stage::measuring) std::cerr << now.done << " sentences\r";
          },
      .notice = [](const std::string& line) { std::cerr << line << "\n"; }};
  const normscope::Experiment done = normscope::run_experiment(options, listener);

  if (done.results) std::cout << done.results->study.conclusion.text << "\n";
  std::cout << (done.folder / normscope::kReportPage).string() << "\n";
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
