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

// A vector of weights on its way through a rule.
template <class T>
struct Flow {
    V<T> gradient, state_1, state_2, state_3;
    V<T> change;  // what the weights lose, once it is known
};

// g², not subnormal.
template <class T>
HL_INLINE V<T> square_of(V<T> x) {
    return fma(x, x, broadcast(Negligible<T>::square));
}

// A running mean that keeps 1 − rest of itself.
template <class T>
HL_INLINE V<T> mean(V<T> before, V<T> value, T rest) {
    return fma(value - before, broadcast(rest), before);
}

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

// The change of a vector of weights, and its new states. The rules in most use are cut where
// results take long, into parts that are called one after the other, so that descent.hpp can do
// something else between two cuts: `moments` updates the states, `root` and `quotient` hold the
// slow operations. The others have one part, `change`.
template <Optimizer O>
struct Rule;
template <Optimizer O>
constexpr bool is_cut = O == Optimizer::sgd || O == Optimizer::adam;

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
        if (!rule.has_momentum) return;
        f.state_1 = settled<T>(f.state_1 * rule.momentum - step);
        f.change = rule.nesterov ? step - f.state_1 * rule.momentum : -f.state_1;
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
        f.state_1 = settled<T>(mean<T>(f.state_1, f.gradient, rule.beta_1_rest));
        f.state_2 = mean<T>(f.state_2, square_of<T>(f.gradient), rule.beta_2_rest);
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

// The larger, or what is no number; of a new value and an old one.
template <class T>
HL_INLINE V<T> larger(V<T> value, V<T> before) {
    return value <= before ? before : value;
}

// Dozat (2016), with the schedule of the momentum that its factors hold.
template <>
struct Rule<Optimizer::nadam> {
    template <class T>
    static HL_INLINE void change(Flow<T>& f, const UpdateRule<T>& rule) {
        Rule<Optimizer::adam>::moments(f, rule);
        const V<T> ahead = f.state_1 * rule.mean_factor + f.gradient * rule.gradient_factor;
        f.change = ahead * rule.learning_rate / (square_root(f.state_2) + rule.epsilon);
    }
};

// Kingma and Ba (2015), section 7.1. u is so far from epsilon when it is negligible that 0 will do.
template <>
struct Rule<Optimizer::adamax> {
    template <class T>
    static HL_INLINE void change(Flow<T>& f, const UpdateRule<T>& rule) {
        f.state_1 = settled<T>(mean<T>(f.state_1, f.gradient, rule.beta_1_rest));
        f.state_2 = larger<T>(magnitude(f.gradient), settled<T>(f.state_2 * rule.beta_2));
        f.change = f.state_1 * rule.learning_rate / (f.state_2 + rule.epsilon);
    }
};

// Hinton's, of lecture 6e (2012); centred, Graves (2013), arXiv:1308.0850, equations 38 to 45.
// Rounding can take the variance below 0, which it is not.
template <>
struct Rule<Optimizer::rmsprop> {
    template <class T>
    static HL_INLINE void change(Flow<T>& f, const UpdateRule<T>& rule) {
        f.state_1 = mean<T>(f.state_1, square_of<T>(f.gradient), rule.beta_2_rest);
        V<T> variance = f.state_1;
        if (rule.centered) {
            f.state_3 = settled<T>(mean<T>(f.state_3, f.gradient, rule.beta_2_rest));
            variance = variance - square_of<T>(f.state_3);
            variance = variance < T(0) ? broadcast(T(0)) : variance;
        }
        f.change = f.gradient * rule.learning_rate / square_root(variance + rule.epsilon);
        if (!rule.has_momentum) return;
        f.state_2 = settled<T>(f.state_2 * rule.momentum + f.change);
        f.change = f.state_2;
    }
};

// Duchi, Hazan and Singer (2011), JMLR 12.
template <>
struct Rule<Optimizer::adagrad> {
    template <class T>
    static HL_INLINE void change(Flow<T>& f, const UpdateRule<T>& rule) {
        f.state_1 = f.state_1 + square_of<T>(f.gradient);
        f.change = f.gradient * rule.learning_rate / square_root(f.state_1 + rule.epsilon);
    }
};

// Zeiler (2012), arXiv:1212.5701, algorithm 1, times a rate.
template <>
struct Rule<Optimizer::adadelta> {
    template <class T>
    static HL_INLINE void change(Flow<T>& f, const UpdateRule<T>& rule) {
        f.state_1 = mean<T>(f.state_1, square_of<T>(f.gradient), rule.beta_2_rest);
        const V<T> quotient = (f.state_2 + rule.epsilon) / (f.state_1 + rule.epsilon);
        const V<T> step = f.gradient * square_root(quotient);
        f.state_2 = mean<T>(f.state_2, square_of<T>(step), rule.beta_2_rest);
        f.change = step * rule.learning_rate;
    }
};

// Chen et al. (2023), arXiv:2302.06675, algorithm 2.
template <>
struct Rule<Optimizer::lion> {
    template <class T>
    static HL_INLINE void change(Flow<T>& f, const UpdateRule<T>& rule) {
        const V<T> rate = broadcast(rule.learning_rate), zero = broadcast(T(0));
        const V<T> way = mean<T>(f.state_1, f.gradient, rule.beta_1_rest);
        f.change = way > zero ? rate : way < zero ? -rate : way;
        f.state_1 = settled<T>(mean<T>(f.state_1, f.gradient, rule.beta_2_rest));
    }
};

}  // namespace
