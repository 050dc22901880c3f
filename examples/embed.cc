// embed MODEL [SENTENCE...]: prints the [CLS] vector of each sentence, one per line. The model is a
// local Hugging Face folder. Without a sentence, reads one per line from standard input.
#include <normscope/normscope.h>

#include <cstddef>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

int main(int argc, char** argv) try {
  if (argc < 2) throw std::invalid_argument("usage: embed MODEL [SENTENCE...]");
  std::vector<std::string> sentences(argv + 2, argv + argc);
  for (std::string line; argc == 2 && std::getline(std::cin, line);) sentences.push_back(line);

  const auto tokenizer = normscope::Tokenizer::from_folder(argv[1]);
  const normscope::Model model = normscope::load_model(argv[1]);
  const normscope::Encoder encoder(model, {{model.spec.layers, normscope::Readout::cls}});

  std::vector<normscope::TokenId> ids;
  std::vector<std::size_t> offsets{0};
  for (const std::string& sentence : sentences) {
    const auto encoding = tokenizer.encode(sentence, model.spec.max_positions);
    ids.insert(ids.end(), encoding.ids.begin(), encoding.ids.end());
    offsets.push_back(ids.size());
  }
  const normscope::PackedBatch batch{ids, offsets};
  std::vector<float> vectors(encoder.output_size(batch));  // [sentences, hidden_size]
  normscope::Encoder::Workspace workspace(encoder);
  encoder.encode(batch, vectors, workspace);

  std::cout.precision(std::numeric_limits<float>::max_digits10);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    std::cout << vectors[i] << ((i + 1) % model.spec.hidden_size == 0 ? '\n' : ' ');
  }
} catch (const std::exception& error) {
  std::cerr << "embed: " << error.what() << '\n';
  return 1;
}
