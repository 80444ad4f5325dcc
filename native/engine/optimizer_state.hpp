// What an optimizer is told, and what it remembers from step to step.
#pragma once

#include <cmath>

#include "schedule.hpp"
#include "step.hpp"

namespace hl {

struct OptimizerSettings {
    Optimizer kind = Optimizer::sgd;
    Schedule learning_rate;
    double momentum = 0.0;
    bool nesterov = false;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
    double weight_decay = 0.0;
};

template <class T>
class OptimizerState {
  public:
    OptimizerState(OptimizerSettings settings, size_t parameters)
        : settings_(std::move(settings)),
          slot_1_(parameters),
          slot_2_(has_two() ? parameters : 0) {}

    const Schedule& schedule() const noexcept { return settings_.learning_rate; }
    void set_schedule(Schedule schedule) noexcept { settings_.learning_rate = std::move(schedule); }

    // The update that `step` updates precede.
    Update<T> next(uint64_t step, const Course& course, T* parameters) noexcept {
        beta_1_power_ *= settings_.beta_1;
        beta_2_power_ *= settings_.beta_2;
        const double rate = settings_.learning_rate.value(step, course);
        const bool adam = settings_.kind == Optimizer::adam || settings_.kind == Optimizer::adamw;
        const double correction =
            adam ? std::sqrt(1.0 - beta_2_power_) / (1.0 - beta_1_power_) : 1.0;
        return {.optimizer = settings_.kind,
                .rule = {.learning_rate = static_cast<T>(rate * correction),
                         .momentum = static_cast<T>(settings_.momentum),
                         .nesterov = static_cast<T>(settings_.nesterov),
                         .beta_1_rest = static_cast<T>(1.0 - settings_.beta_1),
                         .beta_2_rest = static_cast<T>(1.0 - settings_.beta_2),
                         .epsilon = static_cast<T>(settings_.epsilon),
                         .decay = static_cast<T>(settings_.weight_decay * rate)},
                .parameters = parameters,
                .state_1 = slot_1_.data(),
                // An optimizer of one slot does not touch the second.
                .state_2 = has_two() ? slot_2_.data() : slot_1_.data()};
    }

    void forget() noexcept {
        slot_1_.clear();
        slot_2_.clear();
        beta_1_power_ = beta_2_power_ = 1.0;
    }

  private:
    bool has_two() const noexcept { return optimizer_slots[static_cast<int>(settings_.kind)] > 1; }

    OptimizerSettings settings_;
    Aligned<T> slot_1_;
    Aligned<T> slot_2_;
    double beta_1_power_ = 1.0;
    double beta_2_power_ = 1.0;
};

}  // namespace hl
