// One body an optimizer: the update of one vector of weights, in Keras's formulas. Fused behind
// the weight gradient: the thread that computed a tile applies it while the tile is in its cache.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

using hl::Optimizer;
using hl::UpdateRule;

template <Optimizer O>
struct Rule;

// v <- momentum·v − rate·g;  w <- w + v, or w + momentum·v − rate·g (Nesterov).
template <>
struct Rule<Optimizer::sgd> {
    template <class T>
    static HL_INLINE void apply(T* w, V<T> g, T* velocity, T*, const UpdateRule<T>& rule) {
        const V<T> step = g * rule.learning_rate;
        if (rule.momentum == T(0)) {
            store(w, load(w) - step);
            return;
        }
        const V<T> v = load(velocity) * rule.momentum - step;
        store(velocity, v);
        store(w, load(w) + (rule.nesterov != T(0) ? v * rule.momentum - step : v));
    }
};

// Kingma and Ba (2015), arXiv:1412.6980, with the bias corrections folded into the rate
// (end of section 2) as Keras does.
template <>
struct Rule<Optimizer::adam> {
    template <class T>
    static HL_INLINE void apply(T* w, V<T> g, T* mean, T* square, const UpdateRule<T>& rule) {
        const V<T> m = load(mean) + (g - load(mean)) * rule.beta_1_rest;
        const V<T> v = load(square) + (g * g - load(square)) * rule.beta_2_rest;
        store(mean, m);
        store(square, v);
        store(w, load(w) - m * rule.learning_rate / (square_root(v) + rule.epsilon));
    }
};

// Loshchilov and Hutter (2019), arXiv:1711.05101; the decay is multiplied with the learning rate,
// as in Keras and PyTorch, and comes first.
template <>
struct Rule<Optimizer::adamw> {
    template <class T>
    static HL_INLINE void apply(T* w, V<T> g, T* mean, T* square, const UpdateRule<T>& rule) {
        store(w, load(w) - load(w) * rule.decay);
        Rule<Optimizer::adam>::apply<T>(w, g, mean, square, rule);
    }
};

template <class T, Optimizer O>
void update(int n, T* w, const T* g, T* state_1, T* state_2, const UpdateRule<T>& rule) {
    for (int i = 0; i < n; i += Lanes<T>) {
        V<T> gradient = load(g + i);
        if (rule.two_l2 != T(0)) gradient = gradient + load(w + i) * rule.two_l2;
        Rule<O>::template apply<T>(w + i, gradient, state_1 + i, state_2 + i, rule);
    }
}

}  // namespace
