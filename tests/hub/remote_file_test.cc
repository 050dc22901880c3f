#include "hub/remote_file.h"

#include <gtest/gtest.h>

#include "hub/bad_answer.h"

namespace normscope {
namespace {

const std::string commit(40, 'c');
const std::string sha1(40, '1');
const std::string sha256(64, '2');

TEST(RemoteFileTest, SmallFile) {
  const HttpResponse answer{
      .status = 200,
      .headers = {
          {"x-repo-commit", commit}, {"etag", "W/\"" + sha1 + "\""}, {"content-length", "612"}}};
  const RemoteFile file = read_remote_file(answer, "config.json", "main");
  EXPECT_EQ(file.path, "config.json");
  EXPECT_EQ(file.commit, commit);
  EXPECT_EQ(file.etag, sha1);
  EXPECT_EQ(file.size, 612);
  EXPECT_THROW(read_remote_file(answer, "config.json", std::string(40, 'd')), BadAnswer);
}

TEST(RemoteFileTest, LargeFile) {
  HttpResponse answer{.status = 302,
                      .headers = {{"x-repo-commit", commit},
                                  {"etag", "of the redirect"},
                                  {"content-length", "0"},
                                  {"x-linked-etag", '"' + sha256 + '"'},
                                  {"x-linked-size", "133000000"}}};
  const RemoteFile file = read_remote_file(answer, "model.safetensors", commit);
  EXPECT_EQ(file.etag, sha256);
  EXPECT_EQ(file.size, 133'000'000);
  answer.headers.erase("x-linked-size");
  EXPECT_THROW(read_remote_file(answer, "model.safetensors", commit), BadAnswer);
}

}  // namespace
}  // namespace normscope
