// What a training is told, whom it asks, and what it tells.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "early_stop.hpp"
#include "plateau.hpp"

namespace hl {

using Clock = std::chrono::steady_clock;
// How often callers are asked.
inline constexpr auto time_between_answers = std::chrono::milliseconds(50);

struct FitSettings {
    int epochs = 1;
    int batch_size = 32;
    bool shuffle = true;
    double seconds = std::numeric_limits<double>::infinity();
    EarlyStopRule early_stop;
    PlateauRule plateau;
};

// What the caller says when it is asked.
enum class Answer { go_on, stop, interrupt };

struct Listener {
    // After each epoch, if set, with the epoch's record.
    std::function<Answer(int epoch, std::span<const double> record)> epoch;
    // At most 20 times a second, within epochs too: (epoch, steps done, steps, loss so far).
    std::function<Answer(int epoch, int step, int steps, double loss)> progress;
    // An answer from another thread, read at each look.
    const std::atomic<Answer>* halt = nullptr;
    // When progress was last asked for.
    Clock::time_point asked = Clock::now();
};

// Why a run ended.
enum class Ending {
    finished,
    converged,
    stopped_early,
    stopped,
    out_of_time,
    interrupted,
    diverged,
    untrained,
    count
};

// One record an epoch, all of one width: loss, metrics, then the same of the validation rows if
// there are any.
class Records {
  public:
    size_t size() const noexcept { return width_ == 0 ? 0 : values_.size() / width_; }
    size_t width() const noexcept { return width_; }
    const double* data() const noexcept { return values_.data(); }
    std::span<const double> back() const noexcept { return std::span(values_).last(width_); }

    void add(std::span<const double> record) {
        width_ = record.size();
        values_.insert(values_.end(), record.begin(), record.end());
    }
    void add(const Records& later) {
        if (later.width_ > 0) width_ = later.width_;
        values_.insert(values_.end(), later.values_.begin(), later.values_.end());
    }

  private:
    size_t width_ = 0;
    std::vector<double> values_;
};

struct Report {
    Ending ending = Ending::finished;
    Records records = {};
    int best_epoch = -1;
    int bad_epoch = -1;  // of a divergence
    int bad_step = -1;
    bool bad_loss = false;  // the loss rather than a weight
    double bad_value = 0.0;
    long long steps = 0;
    double seconds = 0.0;
};

}  // namespace hl
