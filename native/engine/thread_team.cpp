#include "thread_team.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hl {

namespace {

void relax() noexcept {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// A step of a small network takes some microseconds, waking a parked thread some tens: spin for
// about as long as waking would take. With more threads than cores spinning only steals time.
constexpr int spins_before_parking = 1000;

}  // namespace

ThreadTeam::ThreadTeam(int size)
    : size_(size),
      spins_(static_cast<unsigned>(size) <= std::thread::hardware_concurrency()
                 ? spins_before_parking
                 : 0) {
    for (int thread = 1; thread < size_; ++thread) {
        threads_.emplace_back([this, thread] { work(thread); });
    }
}

ThreadTeam::~ThreadTeam() {
    quit_ = true;
    runs_.fetch_add(1, std::memory_order_release);
    runs_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void ThreadTeam::wait_for_change(std::atomic<uint32_t>& word, uint32_t old) const noexcept {
    for (int i = 0; i < spins_; ++i) {
        if (word.load(std::memory_order_acquire) != old) return;
        relax();
    }
    while (word.load(std::memory_order_acquire) == old) word.wait(old, std::memory_order_acquire);
}

void ThreadTeam::barrier() noexcept {
    if (active_ == 1) return;
    const uint32_t generation = generation_.load(std::memory_order_acquire);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == static_cast<uint32_t>(active_)) {
        arrived_.store(0, std::memory_order_relaxed);
        generation_.fetch_add(1, std::memory_order_release);
        generation_.notify_all();
    } else {
        wait_for_change(generation_, generation);
    }
}

void ThreadTeam::run(int threads, const std::function<void(int)>& task) {
    active_ = threads;
    if (threads == 1) return task(0);
    task_ = &task;
    runs_.fetch_add(1, std::memory_order_release);
    runs_.notify_all();
    task(0);
    barrier();
}

// A thread without a part in this run must not look at it again: it only counts the run.
void ThreadTeam::work(int thread) {
    uint32_t seen = 0;
    for (;;) {
        wait_for_change(runs_, seen);
        seen = runs_.load(std::memory_order_acquire);
        if (quit_) return;
        if (thread >= active_) continue;
        (*task_)(thread);
        barrier();
    }
}

}  // namespace hl
