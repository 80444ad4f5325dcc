// One body an optimizer: the update of one vector of weights, in Keras's formulas.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

using hl::Optimizer;
using hl::Update;
using hl::UpdateRule;

// What is too small to move a weight. A moment whose gradient stays 0 (a dead unit) shrinks by a
// factor a step until it sticks among the subnormal numbers, and the square of a tiny gradient
// begins there: x86 is a hundred times slower with them. So a first moment becomes 0 on the way,
// and a second moment has a floor, whose root is nothing beside any epsilon in use.
template <class T>
struct Negligible;
template <>
struct Negligible<float> {
    static constexpr float moment = 1e-30f, square = 1e-30f;
};
template <>
struct Negligible<double> {
    static constexpr double moment = 1e-290, square = 1e-290;
};

template <class T>
HL_INLINE V<T> settled(V<T> moment) {
    const V<T> zero = broadcast(T(0));
    return magnitude(moment) < Negligible<T>::moment ? zero : moment;
}

// A vector of weights on its way through a rule. The rule is cut where results take long, so that
// descent.hpp can do something else between two cuts.
template <class T>
struct Flow {
    V<T> gradient, state_1, state_2;
    V<T> change;  // what the weights lose, once it is known
};

// The gradient with that of the penalties.
template <class T>
HL_INLINE V<T> penalised(V<T> gradient, V<T> w, const UpdateRule<T>& rule) {
    const V<T> zero = broadcast(T(0)), l1 = broadcast(rule.l1);
    if (rule.l1 != T(0)) gradient = gradient + (w > zero ? l1 : w < zero ? -l1 : w);
    return gradient + w * rule.two_l2;
}

// Weights decay by themselves, before they change (Loshchilov and Hutter 2019, arXiv:1711.05101);
// the decay is multiplied with the learning rate, as in Keras and PyTorch.
template <class T>
HL_INLINE V<T> changed(V<T> w, V<T> change, const UpdateRule<T>& rule) {
    if (rule.decay != T(0)) w = w - w * rule.decay;
    return w - change;
}

// Each has the `states` it reads and writes and three parts, called one after the other: `moments`
// updates the states, `root` and `quotient` hold the slow operations.
template <Optimizer O>
struct Rule;

// v <- momentum·v − rate·g;  w <- w + v, or w + momentum·v − rate·g (Nesterov).
template <>
struct Rule<Optimizer::sgd> {
    template <class T>
    static HL_INLINE int states(const Update<T>& update) {
        return update.state_1 == nullptr ? 0 : 1;
    }
    template <class T>
    static HL_INLINE void moments(Flow<T>& f, const UpdateRule<T>& rule) {
        const V<T> step = f.gradient * rule.learning_rate;
        f.change = step;
        if (rule.momentum == T(0)) return;
        f.state_1 = settled<T>(f.state_1 * rule.momentum - step);
        f.change = rule.nesterov != T(0) ? step - f.state_1 * rule.momentum : -f.state_1;
    }
    template <class T>
    static HL_INLINE void root(Flow<T>&, const UpdateRule<T>&) {}
    template <class T>
    static HL_INLINE void quotient(Flow<T>&, const UpdateRule<T>&) {}
};

// Kingma and Ba (2015), arXiv:1412.6980, with the bias corrections folded into the rate
// (end of section 2) as Keras does.
template <>
struct Rule<Optimizer::adam> {
    template <class T>
    static HL_INLINE int states(const Update<T>&) {
        return 2;
    }
    template <class T>
    static HL_INLINE void moments(Flow<T>& f, const UpdateRule<T>& rule) {
        const V<T> floor = broadcast(Negligible<T>::square);
        const V<T> square = fma(f.gradient, f.gradient, floor);
        f.state_1 = settled<T>(fma(f.gradient - f.state_1, broadcast(rule.beta_1_rest), f.state_1));
        f.state_2 = fma(square - f.state_2, broadcast(rule.beta_2_rest), f.state_2);
    }
    template <class T>
    static HL_INLINE void root(Flow<T>& f, const UpdateRule<T>& rule) {
        f.change = square_root(f.state_2) + rule.epsilon;
    }
    template <class T>
    static HL_INLINE void quotient(Flow<T>& f, const UpdateRule<T>& rule) {
        f.change = f.state_1 * rule.learning_rate / f.change;
    }
};

}  // namespace
