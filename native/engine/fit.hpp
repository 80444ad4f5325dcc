// What one call of a Trainer's `advance` keeps while its epochs run: the threads share it.
#pragma once

#include "trainer.hpp"
#include "work_shares.hpp"

namespace hl {

template <class T>
struct Trainer<T>::Fit {
    const Rows<T>& rows;
    const Listener& listener;
    int batch_size;
    int steps;  // of an epoch
    int threads;
    bool by_units;  // how threads share forward and backward
    Arena<T> arena;
    int look_every = 1;
    Clock::time_point deadline = Clock::time_point::max();
    Aligned<T> last_good;
    Kept<T> kept;                 // of the epoch, if what is measured asks for them
    std::vector<uint32_t> order;  // table rows in the epoch's order; empty: as they come

    // Of the epoch.
    int epoch = 0;
    bool gathered = false;  // the only batch lies in the arena already
    uint64_t first_step = 0;

    // Written by thread 0 between barriers, read by all after the next one.
    Moment now = {};
    Update<T> update{};
    bool asks = false;   // the listener, while the others wait
    bool looks = false;  // at the same batch again, with other parameters
    bool converged = false;
    bool over = false;

    // Thread 0's own.
    double step_penalty = 0.0;
    double penalties = 0.0;      // of the epoch's batches, each times its samples
    std::vector<double> tally;   // of losses and of what is measured
    std::vector<double> record;  // of the epoch, once it is measured
    size_t samples_done = 0;
    Answer answer = Answer::go_on;
    bool out_of_time = false;
    int bad_step = -1;
    double bad_value = 0.0;
    Clock::time_point last_answer;

    void begin_sums() noexcept {
        std::fill(tally.begin(), tally.end(), 0.0);
        penalties = 0.0;
        samples_done = 0;
    }
    // The mean of the batches' penalties, each as heavy as its samples.
    double penalty() const noexcept { return penalties / static_cast<double>(samples_done); }

    // Each thread's own; empty between steps.
    std::vector<Waiting<T>> waiting;

    // Items of each step, to be shared again before they are taken.
    std::vector<WorkShares> forward = {}, backward = {}, updates = {};
    void share_passes(const std::vector<std::unique_ptr<Step<T>>>& all) noexcept {
        for (size_t i = 0; by_units && i < all.size(); ++i) {
            forward[i].reset(all[i]->forward_items(batch_size));
            backward[i].reset(all[i]->backward_items(batch_size));
        }
    }
    void share_updates(const std::vector<std::unique_ptr<Step<T>>>& all) noexcept {
        for (size_t i = 0; threads > 1 && i < all.size(); ++i) {
            updates[i].reset(all[i]->update_items());
        }
    }

    Ending ending() const noexcept {
        if (answer == Answer::interrupt) return Ending::interrupted;
        if (out_of_time) return Ending::out_of_time;
        return answer == Answer::stop ? Ending::stopped : Ending::finished;
    }
    int samples(int step) const noexcept {
        const size_t left = rows.n - static_cast<size_t>(step) * batch_size;
        return left < static_cast<size_t>(batch_size) ? static_cast<int>(left) : batch_size;
    }
};

}  // namespace hl
