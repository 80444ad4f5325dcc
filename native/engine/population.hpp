// Many networks at once, one a thread: a thread that is free takes the next, the longest first.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>

#include "member.hpp"

namespace hl {

struct Job {
    Member* member;
    int epochs;
};

// How far a call has come.
struct Standing {
    size_t members_done = 0;
    long long epochs_done = 0;
    long long epochs = 0;  // with those that members that ended early leave out taken off
    int best_job = -1;     // whose lowest loss is the lowest
    double best = std::numeric_limits<double>::infinity();
};

class Population {
  public:
    // Asked at most 20 times a second, on the calling thread only.
    using Observer = std::function<Answer(const Standing&)>;

    Population(std::span<const Job> jobs, double seconds, Observer observer);

    // Returns when all are through or have stopped; each member's report tells which.
    void run(int threads);

  private:
    void take_jobs(bool calling);
    void train(size_t job, bool calling);
    void wait_for_others();
    bool halted() const noexcept;
    double seconds_left() const noexcept;
    void note_epoch(size_t job, double loss);
    Answer ask();
    Ending ending() const noexcept;

    std::span<const Job> jobs_;
    Observer observer_;
    Clock::time_point deadline_ = Clock::time_point::max();
    Clock::time_point asked_ = Clock::now();
    std::vector<size_t> order_;  // places of the jobs, the longest first
    std::vector<char> reached_;
    std::atomic<size_t> next_{0};
    std::atomic<Answer> halt_{Answer::go_on};

    std::mutex mutex_;  // over all that follows
    std::condition_variable changed_;
    Standing standing_;
    int others_ = 0;  // threads besides the calling one that are at work
    std::exception_ptr failure_;
};

}  // namespace hl
