// normscope for Python's ctypes, which calls C functions alone.
#include <string>

#include "normscope/error.h"
#include "normscope/measure.h"

namespace {

// Of one thread at a time.
std::string message;

}  // namespace

/// Writes a file of measurements and reads it again, both with Arrow; "" where it has come back as
/// it was, else what went wrong.
extern "C" __attribute__((visibility("default"))) const char* round_trip(const char* path) {
  try {
    const normscope::Measurement row{.index = 7, .text = "a b c", .tokens = 3, .statistics = {1.5}};
    normscope::MeasurementWriter writer(path);
    writer.append({&row, 1});
    writer.close({{"key", "value"}});
    const auto file = normscope::read_measurements(path);
    const bool same = file.rows.size() == 1 && file.rows[0].text == row.text &&
                      file.rows[0].statistics == row.statistics &&
                      file.metadata == normscope::Metadata{{"key", "value"}};
    message = same ? "" : "the file has other measurements";
  } catch (const std::exception& error) {
    message = error.what();
  }
  return message.c_str();
}

/// The reason of the Error that reading a file ends with; "" where there is none.
extern "C" __attribute__((visibility("default"))) const char* read_error(const char* path) {
  message.clear();
  try {
    normscope::read_measurements(path);
  } catch (const normscope::Error& error) {
    message = error.reason();
  }
  return message.c_str();
}
