#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "normscope/experiment.h"

namespace normscope {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return value == nullptr ? std::nullopt : number(value);
}

PartOfRun checked(std::uint64_t part, std::uint64_t parts) {
  if (parts == 0 || part >= parts) throw std::invalid_argument("names a part that does not exist");
  return {.part = part, .parts = parts};
}

// A job array's ids run from MIN in steps of STEP.
std::optional<PartOfRun> of_slurm_array() {
  const auto id = variable("SLURM_ARRAY_TASK_ID");
  const auto first = variable("SLURM_ARRAY_TASK_MIN");
  const auto count = variable("SLURM_ARRAY_TASK_COUNT");
  if (!id || !first || !count) return std::nullopt;
  const std::uint64_t step = variable("SLURM_ARRAY_TASK_STEP").value_or(1);
  if (step == 0 || *id < *first)
    throw std::invalid_argument("finds ids of a Slurm array that do not fit together");
  return checked((*id - *first) / step, *count);
}

PartOfRun from_environment() {
  if (const auto part = of_slurm_array()) return *part;
  struct Launcher {
    const char* rank;
    const char* size;
  };
  constexpr std::array<Launcher, 3> launchers{{{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                               {"PMI_RANK", "PMI_SIZE"},
                                               {"SLURM_PROCID", "SLURM_NTASKS"}}};
  for (const Launcher& launcher : launchers) {
    const auto rank = variable(launcher.rank);
    const auto size = variable(launcher.size);
    if (rank && size) return checked(*rank, *size);
  }
  throw std::invalid_argument("finds no variable of Slurm or MPI that says which part this is");
}

}  // namespace

PartOfRun parse_part(const std::string& text) {
  if (text == "auto") return from_environment();
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    const auto part = number(std::string_view(text).substr(0, slash));
    const auto parts = number(std::string_view(text).substr(slash + 1));
    if (part && parts && *part >= 1) return checked(*part - 1, *parts);
  }
  throw std::invalid_argument("is neither auto nor I/N, the Ith of N parts");
}

}  // namespace normscope
