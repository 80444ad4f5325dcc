#include "schedule.hpp"

#include <algorithm>

#include "portable.hpp"

namespace hl {

namespace {

// How far a schedule has come: steps made, and the length of an open one (else NaN).
struct At {
    double step;
    double open_length;
    double length(double given) const noexcept { return std::isnan(given) ? open_length : given; }
    // Steps made as a share of all, at most 1; a fit that ends before the course began is at 0.
    double share(double steps) const noexcept {
        return steps > 0.0 ? std::min(step, steps) / steps : 0.0;
    }
};

template <size_t n>
std::array<double, n> first(const Schedule::Settings& settings) noexcept {
    std::array<double, n> some;
    std::copy_n(settings.begin(), n, some.begin());
    return some;
}

// A line and half a cosine from one value to another, for p from 0 to 1.
double line(double from, double to, double p) noexcept {
    return (to - from) * p + from;
}
double half_wave(double from, double to, double p) noexcept {
    return to + (from - to) / 2.0 * (1.0 + cosine_of_half_turns(p));
}

// From 1 to `floor`, as Keras has it.
double fall(double p, double floor) noexcept {
    return (1.0 - floor) * (0.5 * (1.0 + cosine_of_half_turns(p))) + floor;
}

double decays(double step, double decay_steps, double staircase) noexcept {
    const double p = step / decay_steps;
    return staircase != 0.0 ? std::floor(p) : p;
}

double exponential_decay(const Schedule::Settings& s, At at) noexcept {
    const auto [initial, decay_steps, rate, staircase] = first<4>(s);
    return initial * power(rate, decays(at.step, decay_steps, staircase));
}

double inverse_time_decay(const Schedule::Settings& s, At at) noexcept {
    const auto [initial, decay_steps, rate, staircase] = first<4>(s);
    return initial / (1.0 + rate * decays(at.step, decay_steps, staircase));
}

double cosine_decay(const Schedule::Settings& s, At at) noexcept {
    const auto [initial, decay_steps, alpha, target, warmup] = first<5>(s);
    if (std::isnan(target)) return initial * fall(at.share(at.length(decay_steps)), alpha);
    if (at.step < warmup) return line(initial, target, at.step / warmup);
    const At warm{at.step - warmup, at.open_length - warmup};
    return target * fall(warm.share(warm.length(decay_steps)), alpha);
}

// Sums and products alone, so that a whole `t_mul` gives restarts at whole steps.
double cosine_decay_restarts(const Schedule::Settings& s, At at) noexcept {
    const auto [initial, first_decay_steps, t_mul, m_mul, alpha] = first<5>(s);
    double begin = 0.0, steps = first_decay_steps, restarts = 0.0;
    if (t_mul == 1.0) {
        restarts = std::floor(at.step / steps);
        begin = restarts * steps;
    }
    while (at.step - begin >= steps) {
        begin += steps;
        steps *= t_mul;
        restarts += 1.0;
    }
    const double cosine =
        0.5 * power(m_mul, restarts) * (1.0 + cosine_of_half_turns((at.step - begin) / steps));
    return initial * ((1.0 - alpha) * cosine + alpha);
}

double polynomial_decay(const Schedule::Settings& s, At at) noexcept {
    const auto [initial, decay_steps, end, exponent, cycle] = first<5>(s);
    double steps = at.length(decay_steps);
    if (cycle != 0.0) steps *= std::max(1.0, std::ceil(at.step / steps));
    return (initial - end) * power(1.0 - at.share(steps), exponent) + end;
}

double linear_warmup(const Schedule::Settings& s, At at) noexcept {
    const auto [initial, target, warmup] = first<3>(s);
    return at.step < warmup ? line(initial, target, at.step / warmup) : target;
}

// What PyTorch's OneCycleLR goes through: the places where a phase ends, and the values there.
double one_cycle(At at, double total, double peak_share, bool linear, bool back, double start,
                 double peak, double end) noexcept {
    const double last = total - 1.0, step = std::min(at.step, last);
    const double ends[] = {peak_share * total - 1.0, 2.0 * peak_share * total - 2.0, last};
    const double values[] = {start, peak, start, end};
    double begin = 0.0, from = start;
    for (int phase = 0; phase < 3; ++phase) {
        if (phase == 1 && !back) continue;
        const double to = values[phase + 1];
        if (step <= ends[phase] || phase == 2) {
            const double steps = ends[phase] - begin;
            // A phase of no steps is at its end; an endless one at its beginning.
            const double p = steps > 0.0 ? (step - begin) / steps : 1.0;
            return linear ? line(from, to, p) : half_wave(from, to, p);
        }
        begin = ends[phase];
        from = to;
    }
    return end;
}

double one_cycle_rate(const Schedule::Settings& s, At at) noexcept {
    const auto [peak, total, share, strategy, divisor, final_divisor, three_phase] = first<7>(s);
    const double start = peak / divisor;
    return one_cycle(at, at.length(total), share, strategy != 0.0, three_phase != 0.0, start, peak,
                     start / final_divisor);
}

double one_cycle_momentum(const Schedule::Settings& s, At at) noexcept {
    const auto [base, most, total, share, strategy, three_phase] = first<6>(s);
    return one_cycle(at, at.length(total), share, strategy != 0.0, three_phase != 0.0, most, base,
                     most);
}

double coslog4(const Schedule::Settings& s, At at) noexcept {
    const auto [base, total] = first<2>(s);
    const double turns = binary_logarithm(1.0 + 15.0 * at.share(at.length(total)));
    // Half turns of the last whole turn, and the way back where they are more than one.
    const double half_turns = 2.0 * (turns - std::floor(turns));
    return base * (0.5 * (1.0 - cosine_of_half_turns(std::min(half_turns, 2.0 - half_turns))));
}

double flat_cosine(const Schedule::Settings& s, At at) noexcept {
    const auto [base, total, flat] = first<3>(s);
    const double t = at.share(at.length(total));
    if (t < flat) return base;
    return base * (0.5 * (1.0 + cosine_of_half_turns((t - flat) / (1.0 - flat))));
}

}  // namespace

double Schedule::changing_value(uint64_t step, const Course& course) const noexcept {
    const At at{static_cast<double>(is_open ? step - course.first : step), course.steps};
    switch (kind) {
        case ScheduleKind::exponential_decay:
            return hl::exponential_decay(settings, at);
        case ScheduleKind::cosine_decay:
            return hl::cosine_decay(settings, at);
        case ScheduleKind::polynomial_decay:
            return hl::polynomial_decay(settings, at);
        case ScheduleKind::piecewise_constant_decay:
            return values[std::lower_bound(boundaries.begin(), boundaries.end(), at.step) -
                          boundaries.begin()];
        case ScheduleKind::inverse_time_decay:
            return hl::inverse_time_decay(settings, at);
        case ScheduleKind::cosine_decay_restarts:
            return hl::cosine_decay_restarts(settings, at);
        case ScheduleKind::linear_warmup:
            return hl::linear_warmup(settings, at);
        case ScheduleKind::one_cycle:
            return one_cycle_rate(settings, at);
        case ScheduleKind::one_cycle_momentum:
            return hl::one_cycle_momentum(settings, at);
        case ScheduleKind::coslog4:
            return hl::coslog4(settings, at);
        case ScheduleKind::flat_cosine:
            return hl::flat_cosine(settings, at);
        case ScheduleKind::constant:
        case ScheduleKind::count:
            break;
    }
    return settings[0];
}

}  // namespace hl
