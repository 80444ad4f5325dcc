// Items of work that threads take: each from its own share first, so that it meets the same memory
// in every step, then from the end of others' shares, because cores are not equally fast.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "aligned.hpp"

namespace hl {

class WorkShares {
  public:
    explicit WorkShares(int threads)
        : threads_(threads), shares_(std::make_unique<Share[]>(threads)) {}

    // While no thread takes any.
    void reset(int items) noexcept {
        for (int t = 0; t < threads_; ++t) {
            shares_[t].range.store(
                pack(share_begin(items, t, threads_), share_begin(items, t + 1, threads_)),
                std::memory_order_relaxed);
        }
    }

    // Calls `work` with each item that falls to this thread, of the `items` it was reset with.
    void each(int thread, int items, const auto& work) noexcept {
        if (threads_ == 1) {
            for (int item = 0; item < items; ++item) work(item);
            return;
        }
        for (int item; (item = take(thread)) >= 0;) work(item);
    }

  private:
    // The next item of this thread; −1: there is none.
    int take(int thread) noexcept {
        int item = take_from(shares_[thread], true);
        for (int other = 1; item < 0 && other < threads_; ++other) {
            item = take_from(shares_[(thread + other) % threads_], false);
        }
        return item;
    }

    // What is left of a share, [begin, end), in one word; a cache line each.
    struct alignas(64) Share {
        std::atomic<uint64_t> range{0};
    };

    static uint64_t pack(int begin, int end) noexcept {
        return static_cast<uint64_t>(begin) << 32 | static_cast<uint32_t>(end);
    }

    static int take_from(Share& share, bool first) noexcept {
        uint64_t range = share.range.load(std::memory_order_relaxed);
        for (;;) {
            const int begin = static_cast<int>(range >> 32), end = static_cast<int>(range);
            if (begin >= end) return -1;
            const uint64_t rest = first ? pack(begin + 1, end) : pack(begin, end - 1);
            if (share.range.compare_exchange_weak(range, rest, std::memory_order_relaxed)) {
                return first ? begin : end - 1;
            }
        }
    }

    int threads_;
    std::unique_ptr<Share[]> shares_;
};

}  // namespace hl
