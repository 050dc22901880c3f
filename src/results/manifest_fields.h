#pragma once

#include "base/json_fields.h"
#include "measure/precision_error_fields.h"
#include "normscope/results.h"
#include "results/names.h"

namespace normscope {

// The fields of a manifest in results.json and in the file of a part.

template <class Fields>
void describe(Fields& fields, Of<RelativePositions> auto& positions) {
  fields("buckets", positions.buckets);
  fields("limit", positions.limit);
  fields("content_to_position", positions.content_to_position);
  fields("position_to_content", positions.position_to_content);
  fields("own_maps", positions.own_maps);
  fields("norm", positions.norm);
}

template <class Fields>
void describe(Fields& fields, Of<EncoderSpec> auto& spec) {
  fields("hidden_size", spec.hidden_size);
  fields("layers", spec.layers);
  fields("layer_groups", spec.layer_groups);
  fields("heads", spec.heads);
  fields("intermediate_size", spec.intermediate_size);
  fields("vocabulary_size", spec.vocabulary_size);
  fields("embedding_size", spec.embedding_size);
  fields("projection_first", spec.projection_first);
  fields("max_positions", spec.max_positions);
  fields("absolute_positions", spec.absolute_positions);
  fields("token_types", spec.token_types);
  fields("layer_norm_epsilon", spec.layer_norm_epsilon);
  fields("activation", spec.activation);
  fields("first_position", spec.first_position);
  fields("padding_id", spec.padding_id);
  fields("relative_buckets", spec.relative_buckets);
  fields("rotary_base", spec.rotary_base);
  fields("local_rotary_base", spec.local_rotary_base);
  fields("rotary_divisor", spec.rotary_divisor);
  fields("local_layers", spec.local_layers);
  fields("local_reach", spec.local_reach);
  fields("relative_positions", spec.relative_positions);
  fields("convolution_width", spec.convolution_width);
  fields("convolution_activation", spec.convolution_activation);
  fields("norms", spec.norms);
  fields("first_attention_norm", spec.first_attention_norm);
  fields("attention_biases", spec.attention_biases);
  fields("intermediate_biases", spec.intermediate_biases);
  fields("output_biases", spec.output_biases);
  fields("norm_biases", spec.norm_biases);
  fields("gated_feed_forward", spec.gated_feed_forward);
  fields("pooler", spec.pooler);
}

template <class Fields>
void describe(Fields& fields, Of<OwnReadoutSource> auto& readout) {
  fields("poolings", readout.poolings);
  fields("includes_prompt", readout.includes_prompt);
  fields("layers", readout.layers);
  fields("normalizes", readout.normalizes);
  fields("width", readout.width);
}

template <class Fields>
void describe(Fields& fields, Of<PromptSource> auto& prompt) {
  fields("text", prompt.text);
  fields("name", prompt.name);
  fields("tokens", prompt.tokens);
}

template <class Fields>
void describe(Fields& fields, Of<ModelSource> auto& model) {
  fields("name", model.name);
  fields("path", model.path);
  fields("sha256", model.sha256);
  fields("architecture", model.architecture);
  fields("config", model.config);
  fields("own_readout", model.own_readout);
}

template <class Fields>
void describe(Fields& fields, Of<CorpusSource> auto& corpus) {
  fields("name", corpus.name);
  fields("path", corpus.path);
  fields("sha256", corpus.sha256);
  fields("prose", corpus.prose);
  fields("format", corpus.format);
  fields("columns", corpus.columns);
}

template <class Fields>
void describe(Fields& fields, Of<Sample::Blocks> auto& blocks) {
  fields("read", blocks.read);
  fields("all", blocks.all);
}

template <class Fields>
void describe(Fields& fields, Of<EarlyStop> auto& stop) {
  fields("r_squared_width", stop.width);
  fields("reached", stop.reached);
  fields("look", stop.look);
  fields("looks", stop.looks);
  fields("confidence_of_each_look", stop.confidence);
}

template <class Fields>
void describe(Fields& fields, Of<Counts> auto& counts) {
  fields("read", counts.read);
  fields("empty", counts.empty);
  fields("invalid", counts.invalid);
  fields("too_few_words", counts.too_few_words);
  fields("duplicates", counts.duplicates);
  fields("not_sampled", counts.not_sampled);
  fields("truncated", counts.truncated);
  fields("measured", counts.measured);
  fields("outside_length", counts.outside_length);
  fields("dropped_truncated", counts.dropped_truncated);
  fields("kept", counts.kept);
  fields("kept_truncated", counts.kept_truncated);
  fields("encoded", counts.encoded);
}

template <class Fields>
void describe(Fields& fields, Of<NumberColumn> auto& column) {
  fields("name", column.name);
  fields("missing", column.missing);
  fields("beyond", column.beyond);
}

template <class Fields>
void describe(Fields& fields, Of<Timings> auto& timings) {
  fields("load", timings.load);
  fields("read", timings.read);
  fields("tokenize", timings.tokenize);
  fields("encode", timings.encode);
  fields("analyse", timings.analyse);
}

template <class Fields>
void describe(Fields& fields, Of<Manifest> auto& manifest) {
  fields("version", manifest.version);
  fields("command", manifest.command);
  fields("seed", manifest.seed);
  fields("model", manifest.model);
  fields("corpus", manifest.corpus);
  fields.object("options", [&](auto& options) {
    options("sentences", manifest.sentences);
    options("sample", manifest.sample);
    options("blocks", manifest.blocks);
    options("min_words", manifest.min_words);
    options("dedup", manifest.dedup);
    options("length_below", manifest.length_below);
    options("max_length", manifest.max_length);
    options("prompt", manifest.prompt);
    options("truncated", manifest.truncated);
    options("drops_truncated", manifest.drops_truncated);
    options("statistics", manifest.statistics);
    options("properties", manifest.properties);
    options("probes", manifest.probes);
    options("controls", manifest.controls);
    options("saved_vectors", manifest.saved_vectors);
  });
  fields("early_stop", manifest.early_stop);
  fields.object("machine", [&](auto& machine) {
    machine("cpu", manifest.cpu);
    machine("cpu_features", manifest.cpu_features);
    machine("isa", manifest.isa);
    machine("precision", manifest.precision);
    machine("precision_error", manifest.precision_error);
    machine("threads", manifest.threads);
  });
  fields("counts", manifest.counts);
  fields("number_columns", manifest.number_columns);
  fields("timings_s", manifest.timings);
  fields("identity", manifest.identity);
  fields("files", manifest.files);
  fields("sha256", manifest.sha256);
}

template <class Fields>
void describe(Fields& fields, Of<Part> auto& part) {
  fields("part", part.part);
  fields("parts", part.parts);
  fields("shards", part.shards);
  fields("manifest", part.manifest);
}

}  // namespace normscope
