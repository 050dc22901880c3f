#include "model/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>

#include "model/model_files.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kMostValues = 2'000'000;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;
/// No name of a tensor, a storage or a function is longer.
constexpr std::size_t kLongestText = 4096;
constexpr std::string_view kOrderedDict = "collections.OrderedDict";
constexpr std::array<std::string_view, 13> kGlobals{kOrderedDict,
                                                    "torch._utils._rebuild_tensor_v2",
                                                    "torch._utils._rebuild_parameter",
                                                    "torch.FloatStorage",
                                                    "torch.HalfStorage",
                                                    "torch.BFloat16Storage",
                                                    "torch.DoubleStorage",
                                                    "torch.LongStorage",
                                                    "torch.IntStorage",
                                                    "torch.ShortStorage",
                                                    "torch.CharStorage",
                                                    "torch.ByteStorage",
                                                    "torch.BoolStorage"};

/// Opcodes under their names in pickletools.
enum Opcode : std::uint8_t {
  MARK = '(',
  EMPTY_TUPLE = ')',
  STOP = '.',
  BINFLOAT = 'G',
  BININT = 'J',
  BININT1 = 'K',
  BININT2 = 'M',
  NONE = 'N',
  BINPERSID = 'Q',
  REDUCE = 'R',
  SHORT_BINSTRING = 'U',
  BINUNICODE = 'X',
  EMPTY_LIST = ']',
  APPEND = 'a',
  BUILD = 'b',
  GLOBAL = 'c',
  APPENDS = 'e',
  BINGET = 'h',
  LONG_BINGET = 'j',
  BINPUT = 'q',
  LONG_BINPUT = 'r',
  SETITEM = 's',
  TUPLE = 't',
  SETITEMS = 'u',
  EMPTY_DICT = '}',
  PROTO = 0x80,
  NEWOBJ = 0x81,
  TUPLE1 = 0x85,
  TUPLE2 = 0x86,
  TUPLE3 = 0x87,
  NEWTRUE = 0x88,
  NEWFALSE = 0x89,
  LONG1 = 0x8a,
};

/// The stack machine that a pickle is a program for.
class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> bytes, const std::filesystem::path& file)
      : bytes_(bytes), file_(&file) {}

  Pickle run() {
    while (true) {
      start_ = next_;
      if (start_ > kMostBytes)
        fail(fmt::format("is in a pickle of more than {} MiB", kMostBytes >> 20));
      const auto opcode = number<std::uint8_t>();
      if (opcode == STOP) break;
      step(opcode);
    }
    pickle_.root = pop();
    return std::move(pickle_);
  }
  [[nodiscard]] std::size_t size() const { return next_; }

 private:
  void step(std::uint8_t opcode) {
    switch (opcode) {
      case PROTO:
        if (const auto protocol = number<std::uint8_t>(); protocol != 2) {
          fail(fmt::format("is a pickle of protocol {}; torch.save writes 2{}", protocol,
                           kOtherWeights));
        }
        break;
      case MARK:
        check_count(marks_.size() + 1);
        marks_.push_back(stack_.size());
        break;
      case NONE:
        push({});
        break;
      case NEWTRUE:
      case NEWFALSE:
        push({.kind = Kind::truth, .integer = opcode == NEWTRUE});
        break;
      case BININT:
        push_integer(number<std::int32_t>());
        break;
      case BININT1:
        push_integer(number<std::uint8_t>());
        break;
      case BININT2:
        push_integer(number<std::uint16_t>());
        break;
      case LONG1:
        push_long();
        break;
      case BINFLOAT:
        push({.kind = Kind::real, .real = real()});
        break;
      case SHORT_BINSTRING:
        push_text(Kind::string, take(number<std::uint8_t>()));
        break;
      case BINUNICODE:
        push_text(Kind::string, take(number<std::uint32_t>()));
        break;
      case EMPTY_TUPLE:
        push_items(Kind::tuple, {});
        break;
      case EMPTY_LIST:
        push_items(Kind::list, {});
        break;
      case EMPTY_DICT:
        push_items(Kind::dict, {});
        break;
      case TUPLE1:
      case TUPLE2:
      case TUPLE3:
        push_items(Kind::tuple, pop_last(std::size_t{1} + opcode - TUPLE1));
        break;
      case TUPLE:
        push_items(Kind::tuple, pop_to_mark());
        break;
      case APPEND:
        append(pop_last(1), Kind::list);
        break;
      case APPENDS:
        append(pop_to_mark(), Kind::list);
        break;
      case SETITEM:
        append(pop_last(2), Kind::dict);
        break;
      case SETITEMS:
        append(pop_to_mark(), Kind::dict);
        break;
      case BINPUT:
        remember(number<std::uint8_t>());
        break;
      case LONG_BINPUT:
        remember(number<std::uint32_t>());
        break;
      case BINGET:
        recall(number<std::uint8_t>());
        break;
      case LONG_BINGET:
        recall(number<std::uint32_t>());
        break;
      case GLOBAL:
        push_global();
        break;
      case REDUCE:
      case NEWOBJ:
        call();
        break;
      case BUILD:
        pop();
        if (top().kind != Kind::dict) fail("sets the state of what is no OrderedDict");
        break;
      case BINPERSID:
        push_items(Kind::persistent, pop_last(1));
        break;
      default:
        fail(fmt::format("holds the pickle opcode 0x{:02x}, which weights do not need{}", opcode,
                         kOtherWeights));
    }
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(*file_, fmt::format("byte {} of its pickle", start_), reason);
  }

  std::string_view take(std::size_t size) {
    if (size > bytes_.size() - next_) fail("ends in the middle of a value");
    const auto* const from = reinterpret_cast<const char*>(bytes_.data()) + next_;
    next_ += size;
    return {from, size};
  }
  /// The name in a GLOBAL.
  std::string_view line() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + next_,
                                bytes_.size() - next_);
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) fail("ends in the middle of a name");
    check_length(end);
    next_ += end + 1;
    return rest.substr(0, end);
  }
  template <typename Number>
  Number number() {
    Number value{};
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }
  /// The only number in big-endian order.
  double real() {
    std::uint64_t bits = 0;
    for (const char byte : take(sizeof bits)) bits = bits << 8 | static_cast<unsigned char>(byte);
    return std::bit_cast<double>(bits);
  }

  void check_count(std::size_t count) const {
    if (count > kMostValues) fail(fmt::format("holds more than {} values", kMostValues));
  }
  void check_length(std::size_t bytes) const {
    if (bytes > kLongestText) fail(fmt::format("holds a text of more than {} bytes", kLongestText));
  }
  void push(PickleValue value) {
    check_count(pickle_.values.size() + 1);
    stack_.push_back(static_cast<std::uint32_t>(pickle_.values.size()));
    pickle_.values.push_back(std::move(value));
  }
  void push_integer(std::int64_t integer) { push({.kind = Kind::integer, .integer = integer}); }
  void push_text(Kind kind, std::string_view text) {
    check_length(text.size());
    push({.kind = kind, .text = std::string(text)});
  }
  void push_items(Kind kind, std::vector<std::uint32_t> items) {
    push({.kind = kind, .items = std::move(items)});
  }
  /// In two's complement, lowest byte first. The magic number of old files is longer than any
  /// number that is used; for such long numbers the digits are kept.
  void push_long() {
    const std::string_view bytes = take(number<std::uint8_t>());
    if (bytes.size() > sizeof(std::int64_t)) {
      std::string digits;
      for (const char byte : bytes) {
        digits.insert(0, fmt::format("{:02x}", static_cast<unsigned char>(byte)));
      }
      return push_text(Kind::string, digits);
    }
    std::uint64_t bits = !bytes.empty() && bytes.back() < 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
      bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
    }
    push_integer(std::bit_cast<std::int64_t>(bits));
  }
  void push_global() {
    const std::string_view module = line();
    const std::string name = fmt::format("{}.{}", module, line());
    if (std::ranges::find(kGlobals, name) == kGlobals.end()) {
      fail(fmt::format("asks for {}, which weights do not need{}", name, kOtherWeights));
    }
    push_text(Kind::global, name);
  }

  PickleValue& top() {
    if (stack_.empty()) fail("takes a value where none is");
    return pickle_.values[stack_.back()];
  }
  std::uint32_t pop() { return pop_last(1).front(); }
  std::vector<std::uint32_t> pop_last(std::size_t count) {
    const std::size_t floor = marks_.empty() ? 0 : marks_.back();
    if (count > stack_.size() - floor) fail("takes a value where none is");
    std::vector<std::uint32_t> items(stack_.end() - static_cast<std::ptrdiff_t>(count),
                                     stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }
  std::vector<std::uint32_t> pop_to_mark() {
    if (marks_.empty()) fail("takes values to a mark where none is");
    std::vector<std::uint32_t> items = pop_last(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
  }

  void append(const std::vector<std::uint32_t>& items, Kind kind) {
    PickleValue& value = top();
    if (value.kind != kind || (kind == Kind::dict && items.size() % 2 != 0)) {
      fail("adds items to what takes none");
    }
    kept_ += items.size();
    check_count(kept_);
    value.items.insert(value.items.end(), items.begin(), items.end());
  }
  void remember(std::uint32_t name) {
    static_cast<void>(top());
    memo_[name] = stack_.back();
    check_count(memo_.size());
  }
  void recall(std::uint32_t name) {
    const auto found = memo_.find(name);
    if (found == memo_.end()) fail("takes a value that it has not kept");
    check_count(stack_.size());
    stack_.push_back(found->second);
  }
  void call() {
    std::vector<std::uint32_t> items = pop_last(2);
    const PickleValue& called = pickle_.values[items[0]];
    const PickleValue& arguments = pickle_.values[items[1]];
    if (called.kind != Kind::global || arguments.kind != Kind::tuple) fail("calls no function");
    if (called.text != kOrderedDict) return push_items(Kind::call, std::move(items));
    if (!arguments.items.empty()) fail("makes an OrderedDict of something");
    push_items(Kind::dict, {});
  }

  std::span<const std::byte> bytes_;
  const std::filesystem::path* file_;
  /// Places of the next opcode or value, and of the current opcode.
  std::size_t next_ = 0;
  std::size_t start_ = 0;
  Pickle pickle_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, std::uint32_t> memo_;
  /// Items in lists and dicts; a value may be in them more than once.
  std::size_t kept_ = 0;
};

}  // namespace

Pickle read_pickle(std::span<const std::byte>& bytes, const std::filesystem::path& file) {
  PickleMachine machine(bytes, file);
  Pickle pickle = machine.run();
  bytes = bytes.subspan(machine.size());
  return pickle;
}

}  // namespace normscope
