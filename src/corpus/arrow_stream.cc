#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/ipc/dictionary.h>
#include <arrow/ipc/message.h>
#include <arrow/ipc/options.h>
#include <arrow/ipc/reader.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "corpus/batch_reader.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::int64_t kFirstAllocation = 1 << 20;

// An exception of ByteSource must not pass through Arrow: it is kept, and thrown once Arrow has
// returned.
class SourceStream : public arrow::io::InputStream {
 public:
  explicit SourceStream(ByteSource& source) : source_(source) {}

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  [[nodiscard]] bool closed() const override { return closed_; }
  [[nodiscard]] arrow::Result<std::int64_t> Tell() const override { return position_; }

  arrow::Result<std::int64_t> Read(std::int64_t size, void* out) override {
    std::int64_t done = 0;
    try {
      while (done < size) {
        const std::size_t count =
            source_.read({static_cast<char*>(out) + done, static_cast<std::size_t>(size - done)});
        if (count == 0) break;
        done += static_cast<std::int64_t>(count);
      }
    } catch (...) {
      failure_ = std::current_exception();
      return arrow::Status::IOError("cannot be read");
    }
    position_ += done;
    return done;
  }

  // Memory is taken for a size that the file claims only as far as the file goes.
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t size) override {
    if (size < 0) return arrow::Status::Invalid("a negative size");
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(0));
    std::int64_t done = 0;
    while (done < size) {
      const std::int64_t goal = std::min(size, std::max(kFirstAllocation, 2 * done));
      ARROW_RETURN_NOT_OK(buffer->Resize(goal, false));
      ARROW_ASSIGN_OR_RAISE(const auto count, Read(goal - done, buffer->mutable_data() + done));
      done += count;
      if (done < goal) break;
    }
    ARROW_RETURN_NOT_OK(buffer->Resize(done, true));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  ByteSource& source_;
  std::exception_ptr failure_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

// The messages of a stream whose first, the schema, is already read.
class Messages : public arrow::ipc::MessageReader {
 public:
  Messages(std::unique_ptr<arrow::ipc::Message> schema,
           std::unique_ptr<arrow::ipc::MessageReader> rest)
      : schema_(std::move(schema)), rest_(std::move(rest)) {}

  arrow::Result<std::unique_ptr<arrow::ipc::Message>> ReadNextMessage() override {
    if (schema_) return std::move(schema_);
    return rest_->ReadNextMessage();
  }

 private:
  std::unique_ptr<arrow::ipc::Message> schema_;
  std::unique_ptr<arrow::ipc::MessageReader> rest_;
};

// Batches of a stream, with the failures of its source as they were thrown.
class StreamBatches : public arrow::RecordBatchReader {
 public:
  StreamBatches(std::shared_ptr<SourceStream> stream,
                std::shared_ptr<arrow::RecordBatchReader> batches)
      : stream_(std::move(stream)), batches_(std::move(batches)) {}

  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override {
    return batches_->schema();
  }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    auto status = batches_->ReadNext(batch);
    stream_->rethrow();
    return status;
  }

 private:
  std::shared_ptr<SourceStream> stream_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
};

struct Opened {
  std::shared_ptr<arrow::RecordBatchReader> batches;
  ArrowColumns columns;
};

arrow::Result<Opened> open(const std::string& file, const std::shared_ptr<SourceStream>& stream,
                           const ColumnChoice& wanted) {
  auto rest = arrow::ipc::MessageReader::Open(stream);
  ARROW_ASSIGN_OR_RAISE(auto first, rest->ReadNextMessage());
  // ReadSchema() would read the content of any message as a schema.
  if (!first || first->type() != arrow::ipc::MessageType::SCHEMA) {
    return arrow::Status::Invalid("begins with no schema");
  }
  arrow::ipc::DictionaryMemo dictionaries;
  ARROW_ASSIGN_OR_RAISE(const auto schema, arrow::ipc::ReadSchema(*first, &dictionaries));
  ArrowColumns columns = choose_columns(file, *schema, wanted);
  auto options = arrow::ipc::IpcReadOptions::Defaults();
  options.use_threads = false;
  options.included_fields = {columns.text.path.front()};
  for (const ArrowColumn& column : columns.numbers) {
    options.included_fields.push_back(column.path.front());
  }
  ARROW_ASSIGN_OR_RAISE(
      auto batches, arrow::ipc::RecordBatchStreamReader::Open(
                        std::make_unique<Messages>(std::move(first), std::move(rest)), options));
  return Opened{std::move(batches), std::move(columns)};
}

}  // namespace

std::unique_ptr<TextReader> read_arrow(ByteSource& source, const ColumnChoice& wanted) {
  if (source.peek(6) == "ARROW1") {
    std::array<char, 8> magic{};  // with two bytes of padding
    for (std::size_t done = 0, count = 1; done < magic.size() && count > 0; done += count) {
      count = source.read(std::span(magic).subspan(done));
    }
  }
  const auto stream = std::make_shared<SourceStream>(source);
  auto opened = open(source.name(), stream, wanted);
  stream->rethrow();
  if (!opened.ok()) throw Error(source.name(), opened.status().message());
  return std::make_unique<BatchReader>(
      source.name(), std::make_shared<StreamBatches>(stream, std::move(opened->batches)),
      opened->columns);
}

}  // namespace normscope
