// Losses whose outputs say how a target is distributed: several outputs a target, side by side.
#pragma once

#include "losses.hpp"

namespace {

// max(q·e, (q − 1)·e), e = target − prediction; an output for each quantile q of each target.
template <>
struct LossBody<Loss::quantile> {
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;
        const int targets = c.units / c.n_numbers;
        const T share = T(1) / static_cast<T>(targets * c.n_numbers);
        const V<T> zero = broadcast(T(0));
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j), factor = w * (c.scale * share);
            V<T> sum = zero;
            for (int unit = 0; unit < targets * c.n_numbers; unit += c.n_numbers) {
                const V<T> y = wanted(c, unit / c.n_numbers, j);
                for (int q = 0; q < c.n_numbers; ++q) {
                    const V<T> above = broadcast(c.numbers[q]), below = above - T(1);
                    const V<T> error = y - predicted(c, unit + q, j);
                    const V<T> side = error < T(0) ? below : above;
                    sum = sum + error * side;
                    if (c.gradient == nullptr) continue;
                    const V<T> slope = error == T(0) ? zero : -side;
                    store(gradient_at(c, unit + q, j), weighed<T>(slope, factor));
                }
            }
            store(c.losses + j, weighed<T>(sum * share, w));
        }
    }
};

// (log v + (m − t)²/v)/2 of the outputs m and s, v = exp(s) but at least eps. Below eps the
// gradient is of v still, or a variance that has become too small would never grow again.
template <>
struct LossBody<Loss::gaussian_nll> {
    static constexpr double half_log_two_pi = 0.91893853320467274178;
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;
        const int targets = c.units / 2;
        const T eps = c.numbers[0], constant = c.numbers[1] * T(half_log_two_pi);
        const V<T> floor = broadcast(eps), log_floor = log<T>(floor), one = broadcast(T(1));
        const T share = T(1) / static_cast<T>(targets);
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j), factor = w * (c.scale * share);
            V<T> sum = broadcast(T(0));
            for (int i = 0; i < targets; ++i) {
                const V<T> s = predicted(c, 2 * i + 1, j), raw = exp<T>(s);
                const V<T> v = raw < eps ? floor : raw, log_v = raw < eps ? log_floor : s;
                const V<T> error = predicted(c, 2 * i, j) - wanted(c, i, j), pull = error / v;
                sum = sum + ((log_v + error * pull) * T(0.5) + constant);
                if (c.gradient == nullptr) continue;
                const V<T> carried = raw < eps ? raw / eps : one;
                const V<T> rise = (T(1) - error * pull) * T(0.5) * carried;
                store(gradient_at(c, 2 * i, j), weighed<T>(pull, factor));
                store(gradient_at(c, 2 * i + 1, j), weighed<T>(rise, factor));
            }
            store(c.losses + j, weighed<T>(sum * share, w));
        }
    }
};

}  // namespace
