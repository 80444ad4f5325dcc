// When to stop and which epoch was best: Keras's EarlyStopping, without Python.
#pragma once

#include <cmath>
#include <limits>

namespace hl {

struct EarlyStopRule {
    int measure = -1;  // number of the watched value in an epoch's record; −1: nothing is watched
    bool maximise = false;
    double min_delta = 0.0;  // improvements up to this do not count
    int patience = 0;
    int start_from_epoch = 0;
    double baseline = std::numeric_limits<double>::quiet_NaN();  // NaN: none
    bool restore_best = true;
};

class EarlyStop {
  public:
    enum class Verdict { go_on, improved, stop };

    explicit EarlyStop(const EarlyStopRule& rule) noexcept
        : rule_(rule),
          best_(rule.maximise ? -std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::infinity()) {}

    bool active() const noexcept { return rule_.measure >= 0; }
    int measure() const noexcept { return rule_.measure; }
    int best_epoch() const noexcept { return best_epoch_; }
    // Whether the weights of the best epoch are those to keep.
    bool restores() const noexcept { return active() && rule_.restore_best && best_epoch_ >= 0; }

    Verdict judge(int epoch, double value) noexcept {
        if (epoch < rule_.start_from_epoch) return Verdict::go_on;
        ++waited_;
        if (best_epoch_ < 0 || better(value, best_)) {
            if (better(value, best_)) {
                best_ = value;
                // Only beating the baseline too ends the waiting.
                if (std::isnan(rule_.baseline) || better(value, rule_.baseline)) waited_ = 0;
            }
            best_epoch_ = epoch;
            return Verdict::improved;
        }
        return waited_ >= rule_.patience && epoch > 0 ? Verdict::stop : Verdict::go_on;
    }

  private:
    bool better(double value, double than) const noexcept {
        return rule_.maximise ? value - rule_.min_delta > than : value + rule_.min_delta < than;
    }

    EarlyStopRule rule_;
    double best_;
    int best_epoch_ = -1;
    int waited_ = 0;
};

}  // namespace hl
