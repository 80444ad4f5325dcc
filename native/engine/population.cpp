#include "population.hpp"

#include <algorithm>
#include <numeric>
#include <thread>

namespace hl {

Population::Population(std::span<const Job> jobs, double seconds, Observer observer)
    : jobs_(jobs), observer_(std::move(observer)), order_(jobs.size()), reached_(jobs.size()) {
    if (seconds < 1e9) {
        const auto limit = std::chrono::duration<double>(seconds);
        deadline_ = asked_ + std::chrono::duration_cast<Clock::duration>(limit);
    }
    std::iota(order_.begin(), order_.end(), size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](size_t a, size_t b) {
        const auto work = [&](const Job& job) {
            return job.epochs * job.member->operations_per_epoch();
        };
        return work(jobs_[a]) > work(jobs_[b]);
    });
    for (const Job& job : jobs_) standing_.epochs += job.epochs;
}

void Population::run(int threads) {
    {
        std::vector<std::jthread> pool;
        for (int thread = 1; thread < threads; ++thread) {
            const std::scoped_lock lock(mutex_);
            pool.emplace_back([this] {
                take_jobs(false);
                const std::scoped_lock lock(mutex_);
                --others_;
                changed_.notify_one();
            });
            ++others_;
        }
        take_jobs(true);
        wait_for_others();
    }
    for (size_t job = 0; job < jobs_.size(); ++job) {
        if (!reached_[job]) jobs_[job].member->not_reached(ending());
    }
    if (failure_) std::rethrow_exception(failure_);
}

void Population::take_jobs(bool calling) {
    while (!halted()) {
        const size_t at = next_.fetch_add(1, std::memory_order_relaxed);
        if (at >= order_.size()) return;
        try {
            train(order_[at], calling);
        } catch (...) {
            const std::scoped_lock lock(mutex_);
            failure_ = std::current_exception();
            halt_.store(Answer::stop, std::memory_order_relaxed);
        }
        if (calling && Clock::now() - asked_ >= time_between_answers) ask();
    }
}

void Population::train(size_t job, bool calling) {
    const auto& [member, epochs] = jobs_[job];
    reached_[job] = true;
    const size_t before = member->report().records.size();
    Listener listener;
    listener.halt = &halt_;
    listener.epoch = [&](int, std::span<const double> record) {
        note_epoch(job, record[member->compared()]);
        return Answer::go_on;
    };
    if (calling) {
        listener.asked = asked_;
        listener.progress = [this](int, int, int, double) { return ask(); };
    }
    member->advance(epochs, seconds_left(), listener);
    const std::scoped_lock lock(mutex_);
    ++standing_.members_done;
    standing_.epochs -= epochs - static_cast<long long>(member->report().records.size() - before);
}

// A calling thread without work still asks; it also keeps the others from outliving the call.
void Population::wait_for_others() {
    std::unique_lock lock(mutex_);
    while (others_ > 0) {
        changed_.wait_until(lock, asked_ + time_between_answers);
        if (Clock::now() - asked_ < time_between_answers) continue;
        lock.unlock();
        ask();
        lock.lock();
    }
}

bool Population::halted() const noexcept {
    return halt_.load(std::memory_order_relaxed) != Answer::go_on || Clock::now() >= deadline_;
}

double Population::seconds_left() const noexcept {
    if (deadline_ == Clock::time_point::max()) return std::numeric_limits<double>::infinity();
    return std::chrono::duration<double>(deadline_ - Clock::now()).count();
}

void Population::note_epoch(size_t job, double loss) {
    const std::scoped_lock lock(mutex_);
    ++standing_.epochs_done;
    if (loss < standing_.best) {
        standing_.best = loss;
        standing_.best_job = static_cast<int>(job);
    }
}

Answer Population::ask() {
    asked_ = Clock::now();
    // Who has said stop is not asked again while the others come to their ends.
    if (const Answer said = halt_.load(std::memory_order_relaxed); said != Answer::go_on) {
        return said;
    }
    Standing standing;
    {
        const std::scoped_lock lock(mutex_);
        standing = standing_;
    }
    const Answer answer = observer_(standing);
    if (answer != Answer::go_on) halt_.store(answer, std::memory_order_relaxed);
    return answer;
}

Ending Population::ending() const noexcept {
    switch (halt_.load(std::memory_order_relaxed)) {
        case Answer::stop:
            return Ending::stopped;
        case Answer::interrupt:
            return Ending::interrupted;
        case Answer::go_on:
            break;
    }
    return Ending::out_of_time;
}

}  // namespace hl
