#include "report/page.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "base/sha256.h"
#include "normscope/error.h"
#include "report/assets.h"
#include "report/base64.h"
#include "report/controls_text.h"
#include "report/html.h"
#include "report/page_data.h"
#include "report/page_tables.h"
#include "report/printable.h"
#include "report/sample_text.h"
#include "report/thousands.h"

namespace normscope {
namespace {

constexpr std::size_t kLongestName = 60;

/// A source for script-src: base64 of the digest of the exact content of the script element.
std::string hash_source(std::string_view script) {
  Sha256 sha;
  sha.update(script);
  const std::string hex = sha.finish();
  std::string digest;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    digest += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return fmt::format("'sha256-{}'", base64(digest));
}

/// Styles must be allowed: BokehJS makes style elements.
std::string policy() {
  return fmt::format(
      "default-src 'none'; script-src {} {} {}; style-src 'unsafe-inline'; img-src data: blob:; "
      "base-uri 'none'; form-action 'none'",
      hash_source(assets::bokeh()), hash_source(assets::bokeh_api()),
      hash_source(assets::page_js()));
}

std::string still(std::span<const Still> stills, std::string_view name, std::string_view text) {
  for (const Still& candidate : stills) {
    if (candidate.name != name) continue;
    if (candidate.svg.empty()) {
      return "<noscript><p class=\"limit\">The still figure could not be drawn.</p></noscript>";
    }
    return fmt::format(R"(<img class="still" alt="{}" src="data:image/svg+xml;base64,{}">)",
                       html_text(text), base64(candidate.svg));
  }
  return {};
}

std::string verdict(const StoredRun& run) {
  const Conclusion& conclusion = run.results.study.conclusion;
  std::string text = fmt::format("<p class=\"verdict {}\">{}</p>\n", name(conclusion.verdict),
                                 html_text(conclusion.text));
  for (const std::string& limit : conclusion.limits) {
    text += fmt::format("<p class=\"limit\">Note: {}</p>\n", html_text(limit));
  }
  if (const std::string sample = sample_text(run.results.manifest); !sample.empty()) {
    text += fmt::format("<p class=\"limit\">Sample: {}.</p>\n", html_text(sample));
  }
  if (const std::string controls = controls_text(run.results.study); !controls.empty()) {
    text += fmt::format("<p class=\"limit\">{}</p>\n", html_text(controls));
  }
  return text;
}

std::string subject(const StoredRun& run) {
  const Manifest& manifest = run.results.manifest;
  const auto name = [](const std::string& text) {
    return fmt::format("<bdi>{}</bdi>", html_text(printable(text, kLongestName, Medium::terminal)));
  };
  return fmt::format("{} on {}: {} sentences analysed of {} read", name(manifest.model.name),
                     name(manifest.corpus.name), thousands(run.kept.size()),
                     thousands(manifest.counts.read));
}

/// A chart and what replaces it without a script; empty if there is nothing to draw.
std::string section(std::string_view id, std::string_view title, std::string_view explanation,
                    const std::string& picture, bool chart, const std::string& table = {}) {
  if (picture.empty() && !chart && table.empty()) return {};
  std::string text = fmt::format(
      "<section aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}"
      "</h2>\n<p>{2}</p>\n",
      id, title, explanation);
  if (chart) {
    text += fmt::format(
        "<div class=\"controls\" id=\"{0}-controls\"></div>\n"
        "<figure><div class=\"chart\" id=\"{0}\" role=\"img\" aria-label=\"{1}\">"
        "</div>{2}<figcaption id=\"{0}-caption\" aria-live=\"polite\"></figcaption>"
        "</figure>\n",
        id, title, picture);
  }
  return text + table + "</section>\n";
}

std::string sections(const StoredRun& run, std::span<const Still> stills,
                     const std::vector<Extremes>& extremes) {
  const bool grid = run.statistics.size() > 1 || run.properties.size() > 1;
  const Study& study = run.results.study;
  std::string text;
  text +=
      section("scatter", "Sentence by sentence",
              "A dot is a sentence. Point at one, or tap it, to read it<span class=\"pointer\">; "
              "drag to zoom</span>.",
              still(stills, "figure", "The statistic against the property, with the line"), true);
  if (grid) {
    text += section("map", "Layer by layer",
                    "What a line tells of the property from each layer and readout. Choose a cell "
                    "to see its sentences above.",
                    still(stills, "figure-layers", "R² by layer and readout"), true);
  }
  text += section(
      "funnel", "The funnel",
      "Mean of the statistic in bins of about as many sentences each, with one standard "
      "deviation (dark) and with what holds nine in ten (light).",
      still(stills, "figure-funnel", "Mean and spread of the statistic along the property"), true);
  text += section("distribution", "Distribution by length",
                  "How the statistic is spread within each quarter of the sentences, from those "
                  "with the least of the property to those with the most.",
                  {}, true);
  if (study.dimensions) {
    text += section("dimensions", "The dimensions that carry the norm",
                    "Share of each dimension in the variance of the squared norm; all shares add "
                    "up to 1, a negative one works against the others.",
                    {}, true, dimensions_table(run.results));
  }
  if (!study.probes.empty()) {
    text += section("probe", "What the whole vector knows",
                    "Probes that read the length off all dimensions of the vector, by layer, on "
                    "sentences that they were not trained on, beside their controls.",
                    still(stills, "figure-probe", "Held-out R² of the probe by layer"), true,
                    norm_direction_table(run.results));
  }
  const double deviation = study.statistic ? study.statistic->standard_deviation.value_or(0) : 0;
  text += section("extremes", "The extreme sentences",
                  "By the primary statistic, and by how far off the line they are.", {}, false,
                  extremes_tables(extremes, digits_of_mean(deviation)));
  text += section("numbers", "The numbers", "What the verdict rests on.", {}, false,
                  main_table(run.results));
  if (grid) {
    text += section("everything", "Everything",
                    "Every statistic against every property; 95 % intervals below the numbers. The "
                    "same is in grid.csv.",
                    {}, false, grid_table(run.results));
  }
  return text;
}

}  // namespace

std::string page(const StoredRun& run, std::span<const Still> stills, const std::stop_token& stop) {
  const std::vector<Extremes> extremes = extreme_sentences(run);
  return fill(assets::page_html(), [&](std::string_view name) -> std::string {
    if (stop.stop_requested()) throw Interrupted();
    if (name == "policy") return policy();
    if (name == "css") return std::string(assets::page_css());
    if (name == "question") return html_text(run.results.question);
    if (name == "subject") return subject(run);
    if (name == "verdict") return verdict(run);
    if (name == "sections") return sections(run, stills, extremes);
    if (name == "manifest") return manifest_table(run.results);
    if (name == "data") return page_data(run);
    if (name == "bokeh") return std::string(assets::bokeh());
    if (name == "bokeh api") return std::string(assets::bokeh_api());
    if (name == "script") return std::string(assets::page_js());
    throw std::logic_error("the page has no " + std::string(name));
  });
}

}  // namespace normscope
