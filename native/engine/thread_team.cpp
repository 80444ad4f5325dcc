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
                 : 0) {}

// A thread takes some tens of microseconds to start: small networks never need one.
void ThreadTeam::start(int threads) {
    for (int thread = static_cast<int>(threads_.size()) + 1; thread < threads; ++thread) {
        const uint64_t seen = run_.load(std::memory_order_relaxed);
        threads_.emplace_back([this, thread, seen] { work(thread, seen); });
    }
}

ThreadTeam::~ThreadTeam() {
    quit_ = true;
    publish(static_cast<uint64_t>(size_));
    for (std::thread& thread : threads_) thread.join();
}

template <class Word>
void ThreadTeam::wait_for_change(const std::atomic<Word>& word, Word old) const noexcept {
    for (int i = 0; i < spins_; ++i) {
        if (word.load(std::memory_order_acquire) != old) return;
        relax();
    }
    while (word.load(std::memory_order_acquire) == old) word.wait(old, std::memory_order_acquire);
}

void ThreadTeam::barrier() noexcept {
    // Read before arriving: once the last has arrived, the next run may set another number.
    const uint32_t active = static_cast<uint32_t>(active_);
    if (active == 1) return;
    const uint32_t generation = generation_.load(std::memory_order_acquire);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == active) {
        arrived_.store(0, std::memory_order_relaxed);
        generation_.fetch_add(1, std::memory_order_release);
        generation_.notify_all();
    } else {
        wait_for_change(generation_, generation);
    }
}

void ThreadTeam::run(int threads, const std::function<void(int)>& task) {
    if (is_busy()) return task(0);
    start(threads);
    active_ = threads;
    task_ = &task;
    if (threads > 1) publish(static_cast<uint64_t>(threads));
    task(0);
    barrier();
    task_ = nullptr;
}

void ThreadTeam::publish(uint64_t threads) noexcept {
    const uint64_t number = run_.load(std::memory_order_relaxed) >> thread_bits;
    run_.store((number + 1) << thread_bits | threads, std::memory_order_release);
    run_.notify_all();
}

void ThreadTeam::work(int thread, uint64_t seen) {
    constexpr uint64_t mask = (uint64_t{1} << thread_bits) - 1;
    for (;;) {
        wait_for_change(run_, seen);
        seen = run_.load(std::memory_order_acquire);
        if (static_cast<uint64_t>(thread) >= (seen & mask)) continue;
        if (quit_) return;
        (*task_)(thread);
        barrier();
    }
}

}  // namespace hl
