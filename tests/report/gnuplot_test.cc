#include "report/gnuplot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "normscope/error.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::HasSubstr;

/// While it lives, PATH leads to one folder alone.
class PathOf {
 public:
  explicit PathOf(const std::filesystem::path& folder) {
    if (const char* path = std::getenv("PATH")) before_ = path;
    ::setenv("PATH", folder.c_str(), 1);
  }
  PathOf(const PathOf&) = delete;
  PathOf& operator=(const PathOf&) = delete;
  ~PathOf() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

std::string error_of(const std::string& script) {
  try {
    run_gnuplot(script);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

void write_program(const std::filesystem::path& path, const std::string& body) {
  std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

TEST(RunGnuplot, ReturnsWhatItWrites) {
  const std::string figure = run_gnuplot("set terminal svg\nplot x\n");
  EXPECT_THAT(figure, HasSubstr("<svg"));
  EXPECT_TRUE(figure.ends_with("</svg>\n\n")) << figure.substr(figure.size() - 20);
}

TEST(RunGnuplot, TellsItsComplaint) {
  EXPECT_THAT(error_of("set terminal svg\nplot nonsense(x)\n"),
              HasSubstr("undefined function: nonsense"));
  EXPECT_THAT(error_of("set terminal nonsense\n"), HasSubstr("gnuplot: "));
}

TEST(RunGnuplot, NothingWritten) { EXPECT_EQ(error_of("a = 1\n"), "gnuplot: it gave no reason"); }

TEST(RunGnuplot, NotThere) {
  const TemporaryFolder folder;
  const PathOf path(folder.path());
  EXPECT_THAT(error_of("plot x\n"), HasSubstr("not found"));
}

TEST(RunGnuplot, FailsItself) {
  const TemporaryFolder folder;
  write_program(folder.path() / "gnuplot", "echo no display >&2; exit 3");
  const PathOf path(folder.path());
  EXPECT_EQ(error_of("plot x\n"), "gnuplot: no display");
}

TEST(RunGnuplot, EndedByASignal) {
  const TemporaryFolder folder;
  write_program(folder.path() / "gnuplot", "kill -9 $$");
  const PathOf path(folder.path());
  EXPECT_EQ(error_of("plot x\n"), "gnuplot: ended by signal 9");
}

TEST(GnuplotString, ComesThroughByteForByte) {
  const TemporaryFolder folder;
  const std::string hostile = "a \"b\" 'c' `touch " + (folder.path() / "made").string() +
                              "` @GPVAL_VERSION \\n \\ $1 #x {/=50 y}^2_3 %s 0123 é\n\t!";
  EXPECT_EQ(run_gnuplot("set print \"-\"\nprint " + gnuplot_string(hostile) + "\n"),
            hostile + "\n");
  EXPECT_TRUE(folder.files().empty());
}

TEST(GnuplotString, EveryByte) {
  std::string bytes;
  for (int byte = 1; byte < 256; ++byte) bytes += static_cast<char>(byte);
  EXPECT_EQ(run_gnuplot("set print \"-\"\nprint " + gnuplot_string(bytes) + "\n"), bytes + "\n");
}

}  // namespace
}  // namespace normscope
