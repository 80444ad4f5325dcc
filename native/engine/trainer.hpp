// Whole training without Python: shuffling, batches, steps, validation, early stop, best weights.
#pragma once

#include <chrono>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "early_stop.hpp"
#include "forward.hpp"
#include "optimizer_state.hpp"

namespace hl {

struct FitSettings {
    int epochs = 1;
    int batch_size = 32;
    bool shuffle = true;
    double seconds = std::numeric_limits<double>::infinity();
    EarlyStopRule early_stop;
};

// Why a run ended.
enum class Ending { finished, stopped_early, stopped, out_of_time, interrupted, diverged };

// What the caller says when it is asked.
enum class Answer { go_on, stop, interrupt };

struct Listener {
    // After each epoch, if set, with the epoch's record.
    std::function<Answer(int epoch, std::span<const double> record)> epoch;
    // At most 20 times a second, within epochs too: (epoch, steps done, steps, loss so far).
    std::function<Answer(int epoch, int step, int steps, double loss)> progress;
};

// One record an epoch: loss, metrics, then the same of the validation rows if there are any.
struct Report {
    Ending ending = Ending::finished;
    std::vector<std::vector<double>> records;
    int best_epoch = -1;
    int bad_epoch = -1;  // of a divergence
    int bad_step = -1;
    bool bad_loss = false;  // the loss rather than a weight
    double bad_value = 0.0;
    long long steps = 0;
    double seconds = 0.0;
};

template <class T>
class Trainer {
  public:
    // `adaptive`: batches that are not worth all threads use fewer.
    Trainer(Program<T> program, const Kernels<T>& kernels, Objective<T> objective,
            OptimizerSettings optimizer, uint64_t seed, int threads, bool adaptive);

    const Program<T>& program() const noexcept { return program_; }
    // [parameter_size], laid out as program().parameters() says; padding is zero.
    std::span<T> parameters() noexcept { return {parameters_.data(), parameters_.size()}; }

    // The rate of the next step; not to be set while steps are made.
    double learning_rate() const noexcept { return optimizer_.schedule().rate(steps_done_); }
    void set_schedule(Schedule schedule) noexcept { optimizer_.set_schedule(std::move(schedule)); }

    // A second call goes on where the first stopped: optimizer state, epochs and random streams.
    Report fit(const Rows<T>& rows, const Rows<T>* validation, const FitSettings& settings,
               const Listener& listener);

    // Mean loss with penalties, then the metrics. Empty: stopped by `keep_going`.
    std::vector<double> evaluate(const Rows<T>& rows, const KeepGoing& keep_going);
    // How many threads of the team a batch of this size is worth.
    int threads_for(int batch_size) const noexcept;
    bool predict(const Rows<T>& rows, T* predictions, const KeepGoing& keep_going);

  private:
    struct Epoch;  // what the threads share while they run one
    using Clock = std::chrono::steady_clock;

    void shuffle(size_t n);
    void train_steps(int thread, int threads, const Rows<T>& rows, Arena<T>& arena, Epoch& epoch);
    void look(Epoch& epoch, int step);
    void keep_last_good(Report& report, const Epoch& epoch);
    double penalty() const noexcept;

    Program<T> program_;
    const Kernels<T>& kernels_;
    Objective<T> objective_;
    uint64_t seed_;
    bool adaptive_;
    ThreadTeam team_;
    Forward<T> forward_;

    Aligned<T> parameters_;
    OptimizerState<T> optimizer_;
    Aligned<T> last_good_;
    Aligned<T> best_;
    std::vector<Aligned<T>> scratch_;
    std::vector<uint32_t> order_;
    uint64_t epochs_done_ = 0;
    uint64_t steps_done_ = 0;
};

extern template class Trainer<float>;
extern template class Trainer<double>;

}  // namespace hl
