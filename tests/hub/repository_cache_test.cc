#include "hub/repository_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "temporary_folder.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class RepositoryCacheTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  RepositoryCache cache_{folder_.path(), RepositoryKind::model, "org/name"};
  fs::path root_ = folder_.path() / "models--org--name";
  std::string commit_ = std::string(40, 'c');
  std::string etag_ = std::string(64, 'e');
};

TEST_F(RepositoryCacheTest, PathsAreHuggingFaces) {
  EXPECT_EQ(cache_.blob(etag_), root_ / "blobs" / etag_);
  EXPECT_EQ(cache_.unfinished_blob(etag_), root_ / "blobs" / (etag_ + ".incomplete"));
  EXPECT_EQ(cache_.snapshot(commit_), root_ / "snapshots" / commit_);
  EXPECT_EQ(cache_.lock(etag_), folder_.path() / ".locks/models--org--name" / (etag_ + ".lock"));
  EXPECT_EQ(RepositoryCache("/c", RepositoryKind::dataset, "name").blob("e"),
            "/c/datasets--name/blobs/e");
}

TEST_F(RepositoryCacheTest, Revisions) {
  EXPECT_EQ(cache_.commit("main"), std::nullopt);
  EXPECT_EQ(cache_.commit(commit_), commit_);
  cache_.remember_commit("refs/pr/1", commit_);
  EXPECT_EQ(content_of(root_ / "refs/refs/pr/1"), commit_);
  EXPECT_EQ(cache_.commit("refs/pr/1"), commit_);
  folder_.write("models--org--name/refs/main", "../../../etc");
  EXPECT_EQ(cache_.commit("main"), std::nullopt);
}

TEST_F(RepositoryCacheTest, LinksAreRelative) {
  folder_.write("models--org--name/blobs/" + etag_, "content");
  cache_.link(commit_, "a/b/c.parquet", etag_);
  const fs::path link = cache_.snapshot(commit_) / "a/b/c.parquet";
  EXPECT_EQ(fs::read_symlink(link), "../../../../blobs/" + etag_);
  EXPECT_EQ(cache_.find(commit_, "a/b/c.parquet"), link);
  EXPECT_EQ(content_of(link), "content");
  // A dangling link counts as missing, and is made anew.
  fs::remove(cache_.blob(etag_));
  EXPECT_EQ(cache_.find(commit_, "a/b/c.parquet"), std::nullopt);
  const std::string other(40, 'f');
  folder_.write("models--org--name/blobs/" + other, "other");
  cache_.link(commit_, "a/b/c.parquet", other);
  EXPECT_EQ(content_of(link), "other");
}

TEST_F(RepositoryCacheTest, MissingFiles) {
  EXPECT_FALSE(cache_.is_known_missing(commit_, "a/b.json"));
  cache_.remember_missing(commit_, "a/b.json");
  EXPECT_TRUE(cache_.is_known_missing(commit_, "a/b.json"));
  EXPECT_TRUE(fs::is_regular_file(root_ / ".no_exist" / commit_ / "a/b.json"));
}

TEST_F(RepositoryCacheTest, FilesAreTheListedOnesElseThoseHere) {
  EXPECT_TRUE(cache_.files(commit_).empty());
  folder_.write("models--org--name/blobs/" + etag_, "content");
  cache_.link(commit_, "b", etag_);
  cache_.link(commit_, "a/c", etag_);
  EXPECT_THAT(cache_.files(commit_), ElementsAre("a/c", "b"));
  EXPECT_FALSE(cache_.is_listed(commit_));
  cache_.remember_files(commit_,
                        R"({"format_version": 1, "files": {"z": {}, "../y": {}, "a/c": {}}})");
  EXPECT_TRUE(cache_.is_listed(commit_));
  EXPECT_THAT(cache_.files(commit_), ElementsAre("a/c", "z"));
}

TEST_F(RepositoryCacheTest, ListsWhatIsHere) {
  const HubOptions options{.cache = folder_.path()};
  EXPECT_TRUE(list_cached(RepositoryKind::model, options).empty());
  folder_.write("models--org--name/blobs/" + etag_, "content");
  cache_.link(commit_, "a", etag_);
  cache_.link(commit_, "b", etag_);
  cache_.remember_commit("main", commit_);
  folder_.write("models--unfinished/blobs/" + etag_ + ".incomplete", "con");
  folder_.write("models--\x1b[2J/snapshots/c/a", "hostile");
  const auto listed = list_cached(RepositoryKind::model, options);
  ASSERT_EQ(listed.size(), 1);
  EXPECT_EQ(listed[0].name, "org/name");
  EXPECT_EQ(listed[0].bytes, 7);
  EXPECT_THAT(listed[0].revisions, ElementsAre("main"));
  EXPECT_TRUE(list_cached(RepositoryKind::dataset, options).empty());
  EXPECT_TRUE(list_cached(RepositoryKind::model, {.cache = "/nowhere"}).empty());
}

}  // namespace
}  // namespace normscope
