#include "report/gnuplot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stop_token>
#include <string>
#include <thread>

#include "normscope/error.h"
#include "normscope/report.h"
#include "path_of.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::HasSubstr;

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

// One that hangs, and something that it has started; their ids are in a file.
void write_hanging_program(const TemporaryFolder& folder) {
  write_program(folder.path() / "gnuplot",
                "/bin/sleep 100 & echo $$ $! > '" + (folder.path() / "ids").string() + "'; wait");
}

bool is_running(pid_t id) {
  // What was killed may still have to be collected by its new parent.
  std::ifstream file("/proc/" + std::to_string(id) + "/stat");
  std::string number, name, state;
  return file >> number >> name >> state && state != "Z";
}

void expect_all_killed(const TemporaryFolder& folder) {
  std::ifstream file(folder.path() / "ids");
  pid_t shell = 0, sleeping = 0;
  ASSERT_TRUE(file >> shell >> sleeping);
  for (const pid_t id : {shell, sleeping}) {
    for (int wait = 0; wait < 100 && is_running(id); ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_FALSE(is_running(id)) << id;
  }
}

TEST(RunGnuplot, KilledWhereItHangs) {
  const TemporaryFolder folder;
  write_hanging_program(folder);
  const PathOf path(folder.path());
  try {
    run_gnuplot("plot x\n", {}, std::chrono::seconds(1));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "gnuplot: did not answer within 1 s");
  }
  expect_all_killed(folder);
}

TEST(RunGnuplot, KilledWhenItIsToStop) {
  const TemporaryFolder folder;
  write_hanging_program(folder);
  const PathOf path(folder.path());
  std::stop_source source;
  std::chrono::steady_clock::time_point asked;
  const std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    asked = std::chrono::steady_clock::now();
    source.request_stop();
  });
  EXPECT_THROW(run_gnuplot("plot x\n", source.get_token()), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(1));
  expect_all_killed(folder);
}

TEST(FigureProblem, NoneHere) { EXPECT_EQ(figure_problem(), std::nullopt); }

TEST(FigureProblem, NotThere) {
  const TemporaryFolder folder;
  const PathOf path(folder.path());
  EXPECT_EQ(
      figure_problem(),
      "gnuplot: not found; figures need gnuplot 5.4 or later with its cairo terminals (Debian: "
      "gnuplot-nox)");
}

TEST(FigureProblem, ProgramsThatCannotDraw) {
  for (const auto& [body, problem] : std::initializer_list<std::pair<std::string, std::string>>{
           {"echo no display >&2; exit 1", "gnuplot: no display"},
           {"exit 1", "gnuplot: it gave no reason"},
           {"", "gnuplot: it gave no reason"},
           {"echo help", "gnuplot: it gave no reason"},
           {"kill -9 $$", "gnuplot: ended by signal 9"},
           {"echo 5.2; echo pngcairo; echo svg; echo pdfcairo",
            "gnuplot 5.2 is too old; figures need gnuplot 5.4 or later with its cairo terminals "
            "(Debian: gnuplot-nox)"},
           {"echo 6.0; echo unknown terminal >&2; exit 1",
            "this gnuplot has no terminal pngcairo; figures need gnuplot 5.4 or later with its "
            "cairo "
            "terminals (Debian: gnuplot-nox)"},
           {"echo 5.4; echo pngcairo; echo svg; exit 1",
            "this gnuplot has no terminal pdfcairo; figures need gnuplot 5.4 or later with its "
            "cairo "
            "terminals (Debian: gnuplot-nox)"}}) {
    const TemporaryFolder folder;
    write_program(folder.path() / "gnuplot", body);
    const PathOf path(folder.path());
    EXPECT_EQ(figure_problem(), problem) << body;
  }
}

TEST(FigureProblem, Hangs) {
  const TemporaryFolder folder;
  write_hanging_program(folder);
  const PathOf path(folder.path());
  EXPECT_EQ(figure_problem(), "gnuplot: did not answer within 5 s");
  expect_all_killed(folder);
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
