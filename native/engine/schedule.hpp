// The learning rate of each step: Keras's schedules, evaluated once a step.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "registry.hpp"

namespace hl {

// Each kind reads its own fields, whose names and formulas are those of schedules.py.
struct Schedule {
    ScheduleKind kind = ScheduleKind::constant;
    double initial_learning_rate = 0.01;  // of a constant: the rate
    double decay_steps = 1.0;
    double decay_rate = 1.0;
    double alpha = 0.0;
    double end_learning_rate = 0.0;
    double power = 1.0;
    bool staircase = false;
    bool cycle = false;
    std::optional<double> warmup_target;
    double warmup_steps = 0.0;
    std::vector<double> boundaries;  // rising
    std::vector<double> values;      // one more

    // The rate of the update that `step` updates precede.
    double rate(uint64_t step) const noexcept;
};

}  // namespace hl
