#pragma once

#include <string>
#include <string_view>

#include "base/json_fields.h"
#include "normscope/analysis.h"
#include "normscope/corpus.h"
#include "normscope/encoder.h"
#include "normscope/measure.h"
#include "normscope/model.h"

namespace normscope {

// Values that results.json stores by name.

template <>
struct JsonName<Activation> : JsonEnum<Activation, Activation::gelu, Activation::gelu_new,
                                       Activation::relu, Activation::silu> {};

template <>
struct JsonName<NormPlace> : JsonEnum<NormPlace, NormPlace::after, NormPlace::before> {};

template <>
struct JsonName<Precision> : JsonEnum<Precision, Precision::fp32, Precision::bf16> {};

template <>
struct JsonName<CorpusFormat>
    : JsonEnum<CorpusFormat, CorpusFormat::automatic, CorpusFormat::text, CorpusFormat::jsonl,
               CorpusFormat::csv, CorpusFormat::tsv, CorpusFormat::parquet, CorpusFormat::arrow> {};

template <>
struct JsonName<SampleMethod> : JsonEnum<SampleMethod, SampleMethod::uniform, SampleMethod::head,
                                         SampleMethod::stratified, SampleMethod::blocks> {};

template <>
struct JsonName<TruncatedSentences> : JsonEnum<TruncatedSentences, TruncatedSentences::automatic,
                                               TruncatedSentences::drop, TruncatedSentences::keep> {
};

template <>
struct JsonName<Readout> : JsonEnum<Readout, Readout::cls, Readout::mean, Readout::max,
                                    Readout::pooler, Readout::model> {};

template <>
struct JsonName<Pooling>
    : JsonEnum<Pooling, Pooling::cls, Pooling::max, Pooling::mean, Pooling::mean_sqrt_len_tokens,
               Pooling::weightedmean, Pooling::lasttoken> {};

template <>
struct JsonName<Statistic>
    : JsonEnum<Statistic, Statistic::l2, Statistic::l1, Statistic::linf, Statistic::centered_l2> {};

template <>
struct JsonName<Answer>
    : JsonEnum<Answer, Answer::yes, Answer::no, Answer::undecided, Answer::vacuous> {};

template <>
struct JsonName<Verdict> : JsonEnum<Verdict, Verdict::reliable, Verdict::not_linear,
                                    Verdict::unreliable, Verdict::undecided> {};

template <>
struct JsonName<ReadoutPoint> {
  static std::string name(const ReadoutPoint& point) { return name_of(point); }
  static ReadoutPoint value(std::string_view wanted) { return point_named(wanted); }
};

template <>
struct JsonName<StatisticColumn> {
  static std::string name(const StatisticColumn& column) { return name_of(column); }
  static StatisticColumn value(std::string_view wanted) { return column_named(wanted); }
};

}  // namespace normscope
