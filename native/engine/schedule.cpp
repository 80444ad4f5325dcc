#include "schedule.hpp"

#include <algorithm>

#include "portable.hpp"

namespace hl {

namespace {

double decays(const Schedule& s, double step) noexcept {
    const double p = step / s.decay_steps;
    return s.staircase ? std::floor(p) : p;
}

double cosine_decay(const Schedule& s, double step) noexcept {
    const double top = s.warmup_target.value_or(s.initial_learning_rate);
    if (step < s.warmup_steps) {
        return (top - s.initial_learning_rate) * (step / s.warmup_steps) + s.initial_learning_rate;
    }
    const double p = std::min(step - s.warmup_steps, s.decay_steps) / s.decay_steps;
    const double cosine = 0.5 * (1.0 + cosine_of_half_turns(p));
    return top * ((1.0 - s.alpha) * cosine + s.alpha);
}

double polynomial_decay(const Schedule& s, double step) noexcept {
    const double cycles = s.cycle ? std::max(1.0, std::ceil(step / s.decay_steps)) : 1.0;
    const double steps = s.decay_steps * cycles;
    const double left = 1.0 - std::min(step, steps) / steps;
    return (s.initial_learning_rate - s.end_learning_rate) * power(left, s.power) +
           s.end_learning_rate;
}

}  // namespace

double Schedule::rate(uint64_t at) const noexcept {
    const double step = static_cast<double>(at);
    switch (kind) {
        case ScheduleKind::exponential_decay:
            return initial_learning_rate * hl::power(decay_rate, decays(*this, step));
        case ScheduleKind::cosine_decay:
            return cosine_decay(*this, step);
        case ScheduleKind::polynomial_decay:
            return polynomial_decay(*this, step);
        case ScheduleKind::piecewise_constant_decay:
            return values[std::lower_bound(boundaries.begin(), boundaries.end(), step) -
                          boundaries.begin()];
        case ScheduleKind::inverse_time_decay:
            return initial_learning_rate / (1.0 + decay_rate * decays(*this, step));
        case ScheduleKind::constant:
        case ScheduleKind::count:
            break;
    }
    return initial_learning_rate;
}

}  // namespace hl
