// When to lower the learning rate: Keras's ReduceLROnPlateau, without Python.
#pragma once

#include <algorithm>
#include <limits>

namespace hl {

struct PlateauRule {
    int measure = -1;  // number of the watched value in an epoch's record; −1: nothing is watched
    bool maximise = false;
    double factor = 0.1;
    int patience = 10;
    double min_delta = 1e-4;  // improvements up to this do not count
    int cooldown = 0;         // epochs after a change in which none counts
    double min_rate = 0.0;
};

class Plateau {
  public:
    explicit Plateau(const PlateauRule& rule) noexcept
        : rule_(rule),
          best_(rule.maximise ? -std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::infinity()) {}

    bool active() const noexcept { return rule_.measure >= 0; }
    int measure() const noexcept { return rule_.measure; }

    // The rate to go on with.
    double judge(double value, double rate) noexcept {
        if (cooling_ > 0) {
            --cooling_;
            waited_ = 0;
        }
        if (improves(value)) {
            best_ = value;
            waited_ = 0;
            return rate;
        }
        if (cooling_ > 0 || ++waited_ < rule_.patience || !(rate > rule_.min_rate)) return rate;
        cooling_ = rule_.cooldown;
        waited_ = 0;
        return std::max(rate * rule_.factor, rule_.min_rate);
    }

  private:
    bool improves(double value) const noexcept {
        return rule_.maximise ? value - rule_.min_delta > best_ : value + rule_.min_delta < best_;
    }

    PlateauRule rule_;
    double best_;
    int waited_ = 0;
    int cooling_ = 0;
};

}  // namespace hl
