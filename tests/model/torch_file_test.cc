#include "model/torch_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "model/torch_writer.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Property;
using testing::Throws;

std::string bytes_of(const std::vector<float>& numbers) {
  std::string bytes(numbers.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

/// 0, 1, 2, …
std::string rising(std::size_t count) {
  std::vector<float> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0.0F);
  return bytes_of(numbers);
}

/// Views into `content`.
TorchFile parse(const std::string& content) {
  return parse_torch_file(std::as_bytes(std::span(content)), "pytorch_model.bin");
}

std::vector<float> numbers_of(const StoredTensor& tensor) {
  std::vector<float> numbers(tensor.bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), tensor.bytes.data(), tensor.bytes.size());
  return numbers;
}

void expect_refused(const std::string& content, const std::string& reason) {
  EXPECT_THAT([&] { (void)parse(content); },
              Throws<Error>(Property(&Error::what, HasSubstr(reason))));
}

const TorchTensor kPlain{
    .name = "b", .count = 6, .shape = {2, 3}, .strides = {3, 1}, .storage_type = "FloatStorage"};

TEST(TorchFileTest, ReadsBothContainers) {
  const std::string dict = pickled_state_dict(
      {kPlain,
       {.name = "a", .key = "1", .count = 2, .shape = {2}, .strides = {1}, .parameter = true}});
  const Files storages{{"0", rising(6)}, {"1", bytes_of({0.5F, -0.5F})}};
  for (const std::string& content :
       {torch_zip(dict, storages), torch_row_of_pickles(dict, storages, sizeof(float))}) {
    const TorchFile file = parse(content);
    ASSERT_EQ(file.tensors.size(), 2U);
    EXPECT_EQ(file.tensors[0].name, "a");
    EXPECT_THAT(numbers_of(file.tensors[0]), ElementsAre(0.5F, -0.5F));
    EXPECT_EQ(file.tensors[1].dtype, "F32");
    EXPECT_THAT(file.tensors[1].shape, ElementsAre(2U, 3U));
    EXPECT_THAT(numbers_of(file.tensors[1]), ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_TRUE(file.copies.empty());
  }
}

TEST(TorchFileTest, TensorsShareAStorageAndMayBeTransposed) {
  const std::string dict = pickled_state_dict(
      {{.name = "part", .count = 6, .shape = {3}, .strides = {1}, .offset = 2},
       {.name = "transposed", .count = 6, .shape = {3, 2}, .strides = {1, 3}},
       {.name = "column", .count = 6, .shape = {2, 1}, .strides = {3, 7}, .offset = 1},
       {.name = "none", .count = 6, .shape = {0, 4}, .strides = {4, 1}, .offset = 6}});
  const std::string content = torch_zip(dict, {{"0", rising(6)}});
  const TorchFile file = parse(content);
  ASSERT_EQ(file.tensors.size(), 4U);
  EXPECT_THAT(numbers_of(file.tensors[0]), ElementsAre(1, 4));
  EXPECT_TRUE(file.tensors[1].bytes.empty());
  EXPECT_THAT(numbers_of(file.tensors[2]), ElementsAre(2, 3, 4));
  EXPECT_THAT(numbers_of(file.tensors[3]), ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_EQ(file.copies.size(), 2U);
}

TEST(TorchFileTest, CopiesATensorOnce) {
  const TorchTensor transposed{
      .name = "a", .count = 6, .shape = {3, 2}, .strides = {1, 3}, .storage_type = "FloatStorage"};
  TorchTensor tied = transposed;
  tied.name = "b";
  TorchTensor other = transposed;
  other.name = "c";
  other.shape = {2, 2};
  const std::string content =
      torch_zip(pickled_state_dict({transposed, tied, other}), {{"0", rising(6)}});
  const TorchFile file = parse(content);
  EXPECT_EQ(file.copies.size(), 2U);
  EXPECT_EQ(file.tensors[0].bytes.data(), file.tensors[1].bytes.data());
  EXPECT_THAT(numbers_of(file.tensors[1]), ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(numbers_of(file.tensors[2]), ElementsAre(0, 3, 1, 4));
}

TEST(TorchFileTest, CopiesNoMoreThanTheFileHas) {
  constexpr std::int64_t kSide = 100;
  std::vector<TorchTensor> tensors;
  for (int offset = 0; offset < 10; ++offset) {
    tensors.push_back({.name = std::to_string(offset),
                       .count = 2 * kSide * kSide,
                       .shape = {kSide, kSide},
                       .strides = {1, kSide},
                       .offset = offset});
  }
  const Files storages{{"0", rising(2 * kSide * kSide)}};
  expect_refused(torch_zip(pickled_state_dict(tensors), storages),
                 "needs more copies of tensors than the file has bytes");
  tensors.resize(2);
  EXPECT_EQ(parse(torch_zip(pickled_state_dict(tensors), storages)).copies.size(), 2U);
}

TEST(TorchFileTest, EveryTypeHasItsName) {
  const std::vector<std::pair<std::string, std::string>> types{
      {"HalfStorage", "F16"}, {"BFloat16Storage", "BF16"}, {"DoubleStorage", "F64"},
      {"LongStorage", "I64"}, {"IntStorage", "I32"},       {"ShortStorage", "I16"},
      {"CharStorage", "I8"},  {"ByteStorage", "U8"},       {"BoolStorage", "BOOL"}};
  for (const auto& [storage, dtype] : types) {
    const std::size_t width = dtype.ends_with("64")   ? 8
                              : dtype.ends_with("32") ? 4
                              : dtype.ends_with("16") ? 2
                                                      : 1;
    const std::string dict = pickled_state_dict(
        {{.name = "x", .count = 3, .shape = {3}, .strides = {1}, .storage_type = storage}});
    const std::string content = torch_zip(dict, {{"0", std::string(3 * width, 'x')}});
    const TorchFile file = parse(content);
    EXPECT_EQ(file.tensors.at(0).dtype, dtype);
    EXPECT_EQ(file.tensors.at(0).bytes.size(), 3 * width);
  }
}

TEST(TorchFileTest, NothingIsCalled) {
  const auto asks = [](const std::string& module, const std::string& name) {
    return torch_zip(pickled_global(module, name) + "(" + pickled("echo") + "tR", {});
  };
  expect_refused(asks("os", "system"), "asks for os.system, which weights do not need");
  expect_refused(asks("builtins", "eval"), "asks for builtins.eval");
  expect_refused(asks("torch", "load"), "asks for torch.load");
  // INST, of protocol 0, and one of protocol 4.
  expect_refused(torch_zip("(ios\nsystem\n", {}), "opcode 0x69");
  expect_refused(torch_zip("\x93", {}), "opcode 0x93");
}

TEST(TorchFileTest, TensorsStayInTheirStorage) {
  const auto with = [](TorchTensor tensor, std::size_t numbers) {
    return torch_zip(pickled_state_dict({std::move(tensor)}), {{"0", rising(numbers)}});
  };
  TorchTensor tensor = kPlain;
  expect_refused(with(tensor, 5),
                 "has a storage of 20 bytes, where 6 numbers of F32 are announced");
  tensor.offset = 1;
  expect_refused(with(tensor, 6), "reaches over the end of its storage");
  tensor = kPlain;
  tensor.strides = {4, 1};
  expect_refused(with(tensor, 6), "reaches over the end of its storage");
  tensor.strides = {-3, 1};
  expect_refused(with(tensor, 6), "has a size that is none");
  tensor = kPlain;
  tensor.shape = {2, 3, 1};
  expect_refused(with(tensor, 6), "has no shape");
  tensor.shape = {1'000'000'000, 1'000'000'000};
  tensor.strides = {0, 0};
  expect_refused(with(tensor, 6), "has a shape whose size in bytes is impossible");
  tensor = kPlain;
  tensor.key = "7";
  expect_refused(with(tensor, 6), "has a storage that is not there");
}

TEST(TorchFileTest, RefusesWhatIsNoStateDict) {
  expect_refused("", "ends in the middle");
  expect_refused("\x80\x04.", "is a pickle of protocol 4");
  expect_refused(torch_zip(pickled(7), {}), "holds no dict of tensors");
  expect_refused(torch_zip("}" + pickled("epoch") + pickled(7) + "s", {}),
                 "tensor 'epoch': is no tensor");
  expect_refused(torch_zip("}" + pickled(7) + pickled(7) + "s", {}), "holds no dict of tensors");
  expect_refused(torch_zip("q" + std::string(1, '\0'), {}), "takes a value where none is");
  expect_refused(torch_zip("h" + std::string(1, '\0'), {}), "takes a value that it has not kept");
  expect_refused(torch_zip("t", {}), "takes values to a mark where none is");
  expect_refused(torch_zip("](NNe", {}) + "", "holds no dict of tensors");
  expect_refused(torch_zip("}(Nu", {}), "adds items to what takes none");
  // A list that grows with itself.
  std::string doubling = "]";
  for (int i = 0; i < 100; ++i) doubling += "(" + std::string(100'000, 'N') + "e";
  expect_refused(torch_zip(doubling, {}), "holds more than 2000000 values");
  expect_refused(torch_zip(std::string(2'000'001, '('), {}), "holds more than 2000000 values");
  expect_refused(torch_zip(pickled(std::string(4097, 'n')), {}), "a text of more than 4096 bytes");
  expect_refused(torch_zip(pickled_global("torch", std::string(4097, 'n')), {}),
                 "a text of more than 4096 bytes");
  std::string many = "}(";
  for (int i = 0; i < 100'001; ++i) many += pickled(7) + "N";
  expect_refused(torch_zip(many + "u", {}), "holds more than 100000 tensors");
  std::string large;
  while (large.size() <= std::size_t{64} << 20) large += "\x80\x02";
  expect_refused(torch_zip(large, {}), "is in a pickle of more than 64 MiB");
  expect_refused(large, "is in a pickle of more than 64 MiB");
}

TEST(TorchFileTest, RefusesDamagedZipFiles) {
  const std::string whole = torch_zip(pickled_state_dict({kPlain}), {{"0", rising(6)}});
  EXPECT_NO_THROW((void)parse(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW((void)parse(whole.substr(0, size)), Error) << size;
  }
  const auto changed = [&](std::size_t place, char byte) {
    std::string other = whole;
    other[place] = byte;
    return other;
  };
  const std::size_t listed = whole.find("PK\x01\x02");
  expect_refused(changed(listed + 10, 8), "is compressed");
  expect_refused(changed(listed + 8, 1), "is encrypted");
  expect_refused(changed(listed + 27, 1), "is compressed");
  expect_refused(changed(listed + 45, 1), "lists what lies behind its end");
  expect_refused(zip_file({{"a", "b"}}), "torch.save did not write");
  expect_refused(zip_file({{"a", "b"}, {"a", "c"}}), "holds a twice");
  // The second entry of the list lies where the first one does.
  std::string twice = zip_file({{"a", "b"}, {"c", "d"}});
  const std::size_t second = twice.rfind("PK\x01\x02");
  twice.replace(second + 42, 4, std::string(4, '\0'));
  expect_refused(twice, "in one place");
  // Any byte may be another one: it reads, or says what is wrong.
  for (std::size_t place = 0; place < whole.size(); ++place) {
    for (const char byte : {'\0', '\x7f', '\xff'}) {
      try {
        (void)parse(changed(place, byte));
      } catch (const Error&) {
        continue;
      }
    }
  }
}

TEST(TorchFileTest, RefusesDamagedRowsOfPickles) {
  const std::string whole =
      torch_row_of_pickles(pickled_state_dict({kPlain}), {{"0", rising(6)}}, sizeof(float));
  EXPECT_NO_THROW((void)parse(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW((void)parse(whole.substr(0, size)), Error) << size;
  }
  expect_refused(whole + "x", "holds more than its storages");
  const std::string once = "](" + pickled("0");
  const std::size_t list = whole.find(once + "e");
  ASSERT_NE(list, std::string::npos);
  std::string twice = whole;
  twice.replace(list, once.size(), once + pickled("0"));
  const std::string storage = whole.substr(whole.size() - 8 - 6 * sizeof(float));
  expect_refused(twice + storage, "lists a storage twice");
  expect_refused(as_pickle(pickled(7)), "was not written by torch.save");
  std::string big = whole;
  big.replace(big.find("little_endian\x88"), 14, "little_endian\x89");
  expect_refused(big, "another byte order");
}

}  // namespace
}  // namespace normscope
