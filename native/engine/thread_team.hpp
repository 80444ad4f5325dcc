// Threads that belong to one run: they wait spinning, then parked, and split work statically, so a
// thread meets the same rows and panels in every step. The caller is thread 0.
#pragma once

#include <atomic>
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

    // Runs task(0), …, task(threads − 1), each on its own thread; returns when all are done.
    void run(int threads, const std::function<void(int)>& task);

    // To be called by every thread of the running task.
    void barrier() noexcept;

  private:
    void work(int thread);
    void wait_for_change(std::atomic<uint32_t>& word, uint32_t old) const noexcept;

    int size_;
    int active_ = 1;
    int spins_;
    const std::function<void(int)>* task_ = nullptr;
    bool quit_ = false;
    std::atomic<uint32_t> runs_{0};
    std::atomic<uint32_t> arrived_{0};
    std::atomic<uint32_t> generation_{0};
    std::vector<std::thread> threads_;
};

}  // namespace hl
