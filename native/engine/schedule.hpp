// A number for each step, such as a learning rate or a dropout rate, evaluated once a step.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "registry.hpp"

namespace hl {

// The steps of one fit, which are the length of a schedule whose own was left open. Before the
// first fit they are too many for coming any further than the first value.
struct Course {
    uint64_t first = 0;
    double steps = std::numeric_limits<double>::max();
};

// Names and formulas are those of the rows in schedules/.
struct Schedule {
    // The arguments of the Python class in their order: True is 1, a choice its place among the
    // choices, and what was not given NaN.
    using Settings = std::array<double, 7>;

    ScheduleKind kind = ScheduleKind::constant;
    Settings settings = {0.01};
    bool is_open = false;                 // the length is that of the fit
    std::vector<double> boundaries = {};  // of a piecewise constant: rising
    std::vector<double> values = {};      // one more

    // Of the update that `step` updates precede.
    double value(uint64_t step, const Course& course = {}) const noexcept {
        return kind == ScheduleKind::constant ? settings[0] : changing_value(step, course);
    }

    static Schedule constant(double value) { return {.settings = {value}}; }
    bool is_zero() const noexcept { return kind == ScheduleKind::constant && settings[0] == 0.0; }
    bool operator==(const Schedule&) const = default;

  private:
    double changing_value(uint64_t step, const Course& course) const noexcept;
};

// An update, `step` others preceding it, in its fit. What is measured is so at the first moment,
// wherever a training has come: so measurements can be compared.
struct Moment {
    uint64_t step = 0;
    Course course = {};
    double value(const Schedule& schedule) const noexcept { return schedule.value(step, course); }
};

}  // namespace hl
