// An optimizer's step where the gradient is needed before any weight changes, and that of the
// optimizers which are not worth weaving: over elements [first, first + n) of gradient and weights.
#pragma once

#include "optimizers.hpp"

namespace {

// g <- clipped(share·(g + the penalties' gradient))
template <class T>
void complete(const Update<T>& u, const UpdateRule<T>& rule, ptrdiff_t first, ptrdiff_t n) {
    const bool clips = u.clip_value < __builtin_huge_val();
    if (u.share == T(1) && !rule.penalises && !clips) return;
    const V<T> most = broadcast(u.clip_value), least = -most;
    for (ptrdiff_t i = first; i < first + n; i += Lanes<T>) {
        V<T> g = penalised<T>(load(u.gradient + i), load(u.parameters + i), rule) * u.share;
        g = g > most ? most : g;
        store(u.gradient + i, g < least ? least : g);
    }
}

template <class T, Optimizer O>
void apply(const Update<T>& u, const UpdateRule<T>& rule, T scale, ptrdiff_t first, ptrdiff_t n) {
    for (ptrdiff_t i = first; i < first + n; i += Lanes<T>) {
        Flow<T> flow{};
        flow.gradient = load(u.gradient + i) * scale;
        if (u.state_1 != nullptr) flow.state_1 = load(u.state_1 + i);
        if (u.state_2 != nullptr) flow.state_2 = load(u.state_2 + i);
        if (u.state_3 != nullptr) flow.state_3 = load(u.state_3 + i);
        if constexpr (is_cut<O>) {
            Rule<O>::moments(flow, rule);
        } else {
            Rule<O>::change(flow, rule);
        }
        if (rule.amsgrad) flow.state_3 = larger<T>(flow.state_2, flow.state_3);
        if (u.state_1 != nullptr) store(u.state_1 + i, flow.state_1);
        if (u.state_2 != nullptr) store(u.state_2 + i, flow.state_2);
        if (u.state_3 != nullptr) store(u.state_3 + i, flow.state_3);
        if constexpr (is_cut<O>) {
            // The largest mean of squares so far takes the place of the last.
            if (rule.amsgrad) flow.state_2 = flow.state_3;
            Rule<O>::root(flow, rule);
            Rule<O>::quotient(flow, rule);
        }
        store(u.parameters + i, changed<T>(load(u.parameters + i), flow.change, rule));
    }
}

template <class T>
void mix(size_t n, T a, const T* x, T b, T* y) {
    for (size_t i = 0; i < n; ++i) y[i] = a * x[i] + b * y[i];
}

}  // namespace
