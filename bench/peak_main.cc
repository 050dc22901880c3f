// Prints the machine's multiply-add peak as JSON, for bench/compare.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "normscope/encoder.h"
#include "peak.h"

int main(int argc, char** argv) {
  using namespace normscope;
  try {
    std::string isa_name;
    std::string precision_name = "fp32";
    unsigned threads = 1;
    CLI::App app("What this CPU's multiply-add instructions reach");
    app.add_option("--isa", isa_name)->check(CLI::IsMember({"avx2", "avx512"}));
    app.add_option("--precision", precision_name)->check(CLI::IsMember({"fp32", "bf16"}));
    app.add_option("--threads", threads)->check(CLI::Range(1, 1024));
    CLI11_PARSE(app, argc, argv);

    const std::vector<Isa> available = available_isas();
    if (available.empty()) throw std::runtime_error("this CPU has no AVX2");
    Isa isa = available.back();
    if (isa_name == "avx2") isa = Isa::avx2;
    if (isa_name == "avx512" && isa != Isa::avx512) throw std::runtime_error("no AVX-512 here");
    const auto precision = precision_name == "bf16" ? Precision::bf16 : Precision::fp32;
    if (precision == Precision::bf16 && !bench::has_bf16()) {
      throw std::runtime_error("no AVX512_BF16 here");
    }
    const double peak = bench::measure_peak(isa, precision, threads);
    std::cout << nlohmann::json{{"gflops", peak / 1e9}} << '\n';
  } catch (const std::exception& error) {
    std::cerr << "peak: " << error.what() << '\n';
    return 1;
  }
}
