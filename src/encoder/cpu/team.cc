#include "encoder/cpu/team.h"

#include <immintrin.h>
#include <pthread.h>
#include <sched.h>

namespace normscope {
namespace {

// Some tens of microseconds: longer than the gap between two pieces of work, shorter than a time
// slice.
constexpr int kSpins = 2000;

// A thread that sleeps and wakes within microseconds may always be woken on the core where it last
// ran, behind the very thread that waits for it, and is never in a queue long enough for the
// scheduler to move it. So it moves itself.
void leave_cpu(int cpu) {
  const pthread_t self = pthread_self();
  cpu_set_t allowed;
  if (pthread_getaffinity_np(self, sizeof(allowed), &allowed) != 0) return;
  cpu_set_t others = allowed;
  CPU_CLR(cpu, &others);
  if (CPU_COUNT(&others) == 0 || pthread_setaffinity_np(self, sizeof(others), &others) != 0) return;
  pthread_setaffinity_np(self, sizeof(allowed), &allowed);
}

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
  caller_cpu_ = sched_getcpu();
  left_ = static_cast<unsigned>(helpers_.size());
  ++piece_;
  piece_.notify_all();
  work(0);
  for (int spins = 0; left_ > 0 && spins < kSpins; ++spins) _mm_pause();
  // Sleeps instead of yielding: a helper on this very core would have to wait for a time slice.
  for (unsigned left = left_; left > 0; left = left_) left_.wait(left);
}

void Team::help(unsigned member) {
  for (std::uint32_t seen = 0;;) {
    for (int spins = 0; piece_ == seen && spins < kSpins; ++spins) _mm_pause();
    piece_.wait(seen);
    // One piece at a time: the next one starts when all members are done with this one.
    ++seen;
    if (end_) return;
    if (const int cpu = sched_getcpu(); cpu >= 0 && cpu == caller_cpu_) leave_cpu(cpu);
    (*work_)(member);
    if (--left_ == 0) left_.notify_one();
  }
}

}  // namespace normscope
