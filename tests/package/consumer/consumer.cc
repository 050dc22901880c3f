// What a project of someone else would do: ask for a number, and catch what is thrown.
#include <normscope/normscope.h>

#include <array>
#include <iostream>
#include <stop_token>

int main() {
  const std::array<double, 4> lengths{1, 2, 3, 4};
  const std::array<double, 4> norms{1.5, 2, 2.5, 3};
  const normscope::Relation relation = normscope::relate(lengths, norms);
  std::cout << "normscope " << normscope::version() << ": slope " << relation.line->slope.value
            << '\n';

  try {
    normscope::load_model("no/such/folder");
  } catch (const normscope::Error& error) {
    std::cout << error.file() << ": " << error.reason() << '\n';
  }
  std::stop_source stop;
  stop.request_stop();
  try {
    normscope::relate(lengths, norms, {}, stop.get_token());
  } catch (const normscope::Interrupted& interrupted) {
    std::cout << interrupted.what() << '\n';
  }
  try {
    normscope::relate(lengths, {});
  } catch (const std::invalid_argument&) {
    std::cout << "invalid argument\n";
  }
}
