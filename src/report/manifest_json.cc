#include "report/manifest_json.h"

#include <array>
#include <string_view>
#include <utility>

#include "normscope/error.h"

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value, typename ToJson>
Json or_null(const std::optional<Value>& value, const ToJson& to_json) {
  return value ? to_json(*value) : Json(nullptr);
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return or_null(value, [](const Value& present) { return Json(present); });
}

constexpr std::array<std::pair<Activation, std::string_view>, 3> kActivations{
    {{Activation::gelu, "gelu"}, {Activation::gelu_new, "gelu_new"}, {Activation::relu, "relu"}}};

std::string_view name(Activation activation) {
  for (const auto& [value, label] : kActivations) {
    if (value == activation) return label;
  }
  return "gelu";
}

Activation activation_named(const std::string& label) {
  for (const auto& [value, known] : kActivations) {
    if (known == label) return value;
  }
  throw Error("manifest", "no activation is called " + label);
}

Json object(const EarlyStop& stop) {
  return {{"r_squared_width", stop.width},
          {"reached", stop.reached},
          {"look", stop.look},
          {"looks", stop.looks},
          {"confidence_of_each_look", stop.confidence}};
}

Json object(const PrecisionError& error) {
  return {{"sentences", error.sentences},
          {"largest", error.largest},
          {"mean", error.mean},
          {"bias", error.bias}};
}

Json object(const EncoderSpec& config) {
  return {{"hidden_size", config.hidden_size},
          {"layers", config.layers},
          {"heads", config.heads},
          {"intermediate_size", config.intermediate_size},
          {"vocabulary_size", config.vocabulary_size},
          {"max_positions", config.max_positions},
          {"token_types", config.token_types},
          {"layer_norm_epsilon", config.layer_norm_epsilon},
          {"activation", name(config.activation)}};
}

Json object(const Counts& counts) {
  return {{"read", counts.read},
          {"empty", counts.empty},
          {"invalid", counts.invalid},
          {"too_few_words", counts.too_few_words},
          {"duplicates", counts.duplicates},
          {"not_sampled", counts.not_sampled},
          {"truncated", counts.truncated},
          {"measured", counts.measured},
          {"outside_length", counts.outside_length},
          {"dropped_truncated", counts.dropped_truncated},
          {"kept", counts.kept},
          {"kept_truncated", counts.kept_truncated},
          {"encoded", counts.encoded}};
}

Json number_columns_json(const std::vector<NumberColumn>& columns) {
  Json json = Json::array();
  for (const NumberColumn& column : columns) {
    json.push_back({{"name", column.name}, {"missing", column.missing}, {"beyond", column.beyond}});
  }
  return json;
}

Json object(const Timings& timings) {
  return {{"load", timings.load},
          {"read", timings.read},
          {"tokenize", timings.tokenize},
          {"encode", timings.encode},
          {"analyse", timings.analyse}};
}

}  // namespace

Json to_json(const Manifest& manifest) {
  return {{"version", manifest.version},
          {"command", manifest.command},
          {"seed", manifest.seed},
          {"model",
           {{"name", manifest.model.name},
            {"path", manifest.model.path},
            {"sha256", manifest.model.sha256},
            {"config", object(manifest.model.config)}}},
          {"corpus",
           {{"name", manifest.corpus.name},
            {"path", manifest.corpus.path},
            {"sha256", manifest.corpus.sha256},
            {"prose", manifest.corpus.prose},
            {"format", manifest.corpus.format},
            {"columns", manifest.corpus.columns}}},
          {"options",
           {{"sentences", or_null(manifest.sentences)},
            {"sample", manifest.sample},
            {"blocks", or_null(manifest.blocks,
                               [](const Sample::Blocks& blocks) {
                                 return Json{{"read", blocks.read}, {"all", blocks.all}};
                               })},
            {"min_words", manifest.min_words},
            {"dedup", manifest.dedup},
            {"length_below", manifest.length_below},
            {"max_length", manifest.max_length},
            {"truncated", manifest.truncated},
            {"drops_truncated", manifest.drops_truncated},
            {"statistics", manifest.statistics},
            {"properties", manifest.properties},
            {"probes", manifest.probes},
            {"controls", manifest.controls},
            {"saved_vectors", manifest.saved_vectors}}},
          {"early_stop",
           or_null(manifest.early_stop, [](const EarlyStop& stop) { return object(stop); })},
          {"machine",
           {{"cpu", manifest.cpu},
            {"cpu_features", manifest.cpu_features},
            {"isa", manifest.isa},
            {"precision", manifest.precision},
            {"precision_error", or_null(manifest.precision_error,
                                        [](const PrecisionError& error) { return object(error); })},
            {"threads", manifest.threads}}},
          {"counts", object(manifest.counts)},
          {"number_columns", number_columns_json(manifest.number_columns)},
          {"timings_s", object(manifest.timings)},
          {"identity", manifest.identity},
          {"files", manifest.files},
          {"sha256", manifest.sha256}};
}

namespace {

template <typename Value>
std::optional<Value> optional_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<Value>();
}

std::optional<Sample::Blocks> blocks_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return Sample::Blocks{.read = json.at("read"), .all = json.at("all")};
}

EncoderSpec config_from(const Json& json) {
  return {.hidden_size = json.at("hidden_size"),
          .layers = json.at("layers"),
          .heads = json.at("heads"),
          .intermediate_size = json.at("intermediate_size"),
          .vocabulary_size = json.at("vocabulary_size"),
          .max_positions = json.at("max_positions"),
          .token_types = json.at("token_types"),
          .layer_norm_epsilon = json.at("layer_norm_epsilon"),
          .activation = activation_named(json.at("activation"))};
}

Counts counts_from(const Json& json) {
  return {.read = json.at("read"),
          .empty = json.at("empty"),
          .invalid = json.at("invalid"),
          .too_few_words = json.at("too_few_words"),
          .duplicates = json.at("duplicates"),
          .not_sampled = json.at("not_sampled"),
          .truncated = json.at("truncated"),
          .measured = json.at("measured"),
          .outside_length = json.at("outside_length"),
          .dropped_truncated = json.at("dropped_truncated"),
          .kept = json.at("kept"),
          .kept_truncated = json.at("kept_truncated"),
          .encoded = json.at("encoded")};
}

std::vector<NumberColumn> number_columns_from(const Json& json) {
  std::vector<NumberColumn> columns;
  for (const Json& column : json) {
    columns.push_back({.name = column.at("name"),
                       .missing = column.at("missing"),
                       .beyond = column.at("beyond")});
  }
  return columns;
}

Timings timings_from(const Json& json) {
  return {.load = json.at("load"),
          .read = json.at("read"),
          .tokenize = json.at("tokenize"),
          .encode = json.at("encode"),
          .analyse = json.at("analyse")};
}

std::optional<PrecisionError> precision_error_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return PrecisionError{.sentences = json.at("sentences"),
                        .largest = json.at("largest"),
                        .mean = json.at("mean"),
                        .bias = json.at("bias")};
}

std::optional<EarlyStop> early_stop_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return EarlyStop{.width = json.at("r_squared_width"),
                   .reached = json.at("reached"),
                   .look = json.at("look"),
                   .looks = json.at("looks"),
                   .confidence = json.at("confidence_of_each_look")};
}

}  // namespace

Manifest manifest_from(const Json& json) {
  const Json& model = json.at("model");
  const Json& corpus = json.at("corpus");
  const Json& options = json.at("options");
  const Json& machine = json.at("machine");
  return {.version = json.at("version"),
          .command = json.at("command"),
          .seed = json.at("seed"),
          .model = {.name = model.at("name"),
                    .path = model.at("path"),
                    .sha256 = model.at("sha256"),
                    .config = config_from(model.at("config"))},
          .corpus = {.name = corpus.at("name"),
                     .path = corpus.at("path"),
                     .sha256 = corpus.at("sha256"),
                     .prose = corpus.at("prose"),
                     .format = corpus.at("format"),
                     .columns = corpus.at("columns")},
          .sentences = optional_of<std::uint64_t>(options.at("sentences")),
          .sample = options.at("sample"),
          .blocks = blocks_from(options.at("blocks")),
          .min_words = options.at("min_words"),
          .dedup = options.at("dedup"),
          .length_below = options.at("length_below"),
          .max_length = options.at("max_length"),
          .truncated = options.at("truncated"),
          .drops_truncated = options.at("drops_truncated"),
          .statistics = options.at("statistics"),
          .properties = options.at("properties"),
          .probes = options.at("probes"),
          .controls = options.at("controls"),
          .saved_vectors = options.at("saved_vectors"),
          .cpu = machine.at("cpu"),
          .cpu_features = machine.at("cpu_features"),
          .isa = machine.at("isa"),
          .precision = machine.at("precision"),
          .precision_error = precision_error_from(machine.at("precision_error")),
          .early_stop = early_stop_from(json.at("early_stop")),
          .threads = machine.at("threads"),
          .counts = counts_from(json.at("counts")),
          .number_columns = number_columns_from(json.at("number_columns")),
          .timings = timings_from(json.at("timings_s")),
          .identity = json.at("identity"),
          .files = json.at("files"),
          .sha256 = json.at("sha256")};
}

}  // namespace normscope
