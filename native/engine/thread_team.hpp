// Threads that belong to one run: they wait spinning, then parked, and split work statically, so a
// thread meets the same rows and panels in every step. The caller is thread 0.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace hl {

class ThreadTeam {
  public:
    explicit ThreadTeam(int size);
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    int size() const noexcept { return size_; }
    // Whether a task runs: for thread 0 of that task, which may then run others on itself alone.
    bool is_busy() const noexcept { return task_ != nullptr; }

    // Runs task(0), …, task(threads − 1), each on its own thread; returns when all are done. The
    // first such run starts the threads; std::system_error, and nothing was run, if it cannot.
    void run(int threads, const std::function<void(int)>& task);

    // To be called by every thread of the running task.
    void barrier() noexcept;

  private:
    static constexpr int thread_bits = 16;

    void publish(uint64_t threads) noexcept;
    void start(int threads);
    void work(int thread, uint64_t seen);
    template <class Word>
    void wait_for_change(const std::atomic<Word>& word, Word old) const noexcept;

    int size_;
    int active_ = 1;
    int spins_;
    const std::function<void(int)>* task_ = nullptr;
    bool quit_ = false;
    // The number of the run and, in the low 16 bits, of its threads: one word, so that a thread
    // that wakes late and has no part in a run reads nothing else, which the next may be changing.
    std::atomic<uint64_t> run_{0};
    std::atomic<uint32_t> arrived_{0};
    std::atomic<uint32_t> generation_{0};
    std::vector<std::thread> threads_;
};

}  // namespace hl
