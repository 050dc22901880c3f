#include "encoder/team.h"

#include <immintrin.h>

namespace normscope {
namespace {

// Some tens of microseconds: longer than between two pieces of work, shorter than a time slice.
constexpr int kSpins = 2000;

}  // namespace

Team::Team(unsigned size) {
  for (unsigned member = 1; member < size; ++member) {
    helpers_.emplace_back([this, member] { help(member); });
  }
}

Team::~Team() {
  end_ = true;
  ++piece_;
  piece_.notify_all();
}

void Team::run(const std::function<void(unsigned)>& work) {
  work_ = &work;
  left_ = static_cast<unsigned>(helpers_.size());
  ++piece_;
  piece_.notify_all();
  work(0);
  for (int spins = 0; left_ > 0 && spins < kSpins; ++spins) _mm_pause();
  // Asleep, not yielding: a helper that was put on this very core would wait for a time slice.
  for (unsigned left = left_; left > 0; left = left_) left_.wait(left);
}

void Team::help(unsigned member) {
  for (std::uint32_t seen = 0;;) {
    for (int spins = 0; piece_ == seen && spins < kSpins; ++spins) _mm_pause();
    piece_.wait(seen);
    // One piece at a time: the next one comes when all members are done with this one.
    ++seen;
    if (end_) return;
    (*work_)(member);
    if (--left_ == 0) left_.notify_one();
  }
}

}  // namespace normscope
