#include "corpus/corpus_stream.h"
#include "normscope/corpus.h"

namespace normscope {

struct SentenceReader::State {
  CorpusStream stream;
};

SentenceReader::SentenceReader(const CorpusInput& source, const CorpusOptions& options,
                               const std::stop_token& stop)
    : state_(new State{CorpusStream(source, options, {}, stop)}) {}
SentenceReader::SentenceReader(SentenceReader&&) noexcept = default;
SentenceReader& SentenceReader::operator=(SentenceReader&&) noexcept = default;
SentenceReader::~SentenceReader() = default;

bool SentenceReader::next(Sentence& sentence) { return state_->stream.next(sentence); }

const ReadCounts& SentenceReader::counts() const { return state_->stream.counts(); }

const std::vector<std::string>& SentenceReader::columns() const { return state_->stream.columns(); }

std::string SentenceReader::sha256() const { return state_->stream.sha256(); }

}  // namespace normscope
