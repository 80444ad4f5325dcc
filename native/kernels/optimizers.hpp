// One body an optimizer: the update of one vector of weights, in Keras's formulas. Fused behind
// the weight gradient: the thread that computed a tile applies it while the tile is in its cache.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

using hl::Optimizer;
using hl::UpdateRule;

// What is too small to move a weight. A moment whose gradient stays 0 (a dead unit) shrinks by a
// factor a step until it sticks among the subnormal numbers, and the square of a tiny gradient
// begins there: x86 is a hundred times slower with them. So both become 0 on the way.
template <class T>
struct Negligible;
template <>
struct Negligible<float> {
    static constexpr float moment = 1e-30f, gradient = 1e-18f;
};
template <>
struct Negligible<double> {
    static constexpr double moment = 1e-290, gradient = 1e-150;
};

template <class T>
HL_INLINE V<T> zero_below(T limit, V<T> x) {
    const V<T> zero = broadcast(T(0));
    const V<T> size = x < T(0) ? -x : x;
    return size < limit ? zero : x;
}

template <class T>
HL_INLINE V<T> settled(V<T> moment) {
    return zero_below<T>(Negligible<T>::moment, moment);
}

template <class T>
HL_INLINE V<T> settled_square(V<T> gradient) {
    const V<T> root = zero_below<T>(Negligible<T>::gradient, gradient);
    return root * root;
}

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
        const V<T> v = settled<T>(load(velocity) * rule.momentum - step);
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
        const V<T> m = settled<T>(load(mean) + (g - load(mean)) * rule.beta_1_rest);
        const V<T> v =
            settled<T>(load(square) + (settled_square<T>(g) - load(square)) * rule.beta_2_rest);
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
