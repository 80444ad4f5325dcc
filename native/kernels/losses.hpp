// Losses and metrics, one value a sample, every sample in its own lane. The cross-entropies take
// the pre-activation z: with it log-softmax and log-sigmoid neither cancel nor overflow, and their
// gradient with respect to z is (prediction − target).
#pragma once

#include "../engine/registry.hpp"
#include "elementary.hpp"

namespace {

using hl::Loss;
using hl::Metric;

template <class T>
HL_INLINE V<T> weight_of(const T* weight, int column) {
    return weight == nullptr ? broadcast(T(1)) : load(weight + column);
}

struct SquaredError {
    template <class T>
    static HL_INLINE V<T> value(V<T> error, T) {
        return error * error;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> error, T) {
        return error * T(2);
    }
};

struct AbsoluteError {
    template <class T>
    static HL_INLINE V<T> value(V<T> error, T) {
        return absolute<T>(error);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> error, T) {  // 0 at 0, as sign() has it
        const V<T> sign = with_sign_of<T>(broadcast(T(1)), error);
        return error == T(0) ? error : sign;
    }
};

// Huber (1964): quadratic up to delta, linear beyond.
struct HuberError {
    template <class T>
    static HL_INLINE V<T> value(V<T> error, T delta) {
        const V<T> size = absolute<T>(error);
        return size > delta ? (size - T(0.5) * delta) * delta : error * error * T(0.5);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> error, T delta) {
        return absolute<T>(error) > delta ? with_sign_of<T>(broadcast(delta), error) : error;
    }
};

// Regression losses are functions of (prediction − target).
template <class Error>
struct Difference {
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, T parameter) {
        return Error::template value<T>(prediction - target, parameter);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, T parameter) {
        return Error::template slope<T>(prediction - target, parameter);
    }
};

// log(1 + exp(z)) − z·y.
struct BinaryCrossEntropy {
    template <class T>
    static HL_INLINE V<T> value(V<T> z, V<T> target, T) {
        return softplus<T>(z) - z * target;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, V<T> target, T) {
        return sigmoid<T>(z) - target;
    }
};

// The mean over the units of a function of (prediction, target).
template <class T, class Term>
void mean_loss(int units, int columns, ptrdiff_t stride, const T* prediction, const T* target,
               ptrdiff_t target_stride, const T* weight, T scale, T parameter, T* losses,
               T* gradient) {
    const T share = T(1) / static_cast<T>(units);
    for (int j = 0; j < columns; j += Lanes<T>) {
        const V<T> w = weight_of(weight, j);
        const V<T> factor = w * (scale * share);
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < units; ++i) {
            const V<T> p = load(prediction + i * stride + j);
            const V<T> y = load(target + i * target_stride + j);
            sum = sum + Term::template value<T>(p, y, parameter);
            if (gradient != nullptr) {
                store(gradient + i * stride + j, Term::template slope<T>(p, y, parameter) * factor);
            }
        }
        store(losses + j, sum * share * w);
    }
}

// The target of unit i: its row, or whether the single row holds the number i.
template <class T, bool Sparse>
HL_INLINE V<T> class_target(const T* target, ptrdiff_t target_stride, int unit, int column) {
    if constexpr (Sparse) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        return load(target + column) == static_cast<T>(unit) ? one : zero;
    } else {
        return load(target + unit * target_stride + column);
    }
}

// Σ yᵢ·(log Σ exp(z) − zᵢ).
template <class T, bool Sparse>
void categorical_cross_entropy(int units, int columns, ptrdiff_t stride, const T* z,
                               const T* target, ptrdiff_t target_stride, const T* weight, T scale,
                               T, T* losses, T* gradient) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        const V<T> w = weight_of(weight, j);
        V<T> largest = load(z + j);
        for (int i = 1; i < units; ++i) {
            const V<T> x = load(z + i * stride + j);
            largest = largest < x ? x : largest;
        }
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < units; ++i) sum = sum + exp<T>(load(z + i * stride + j) - largest);
        const V<T> log_sum = log<T>(sum);
        V<T> loss = broadcast(T(0)), mass = broadcast(T(0));
        for (int i = 0; i < units; ++i) {
            const V<T> y = class_target<T, Sparse>(target, target_stride, i, j);
            mass = mass + y;
            // 0·∞ would be NaN where an unlikely class of target 0 has z = −∞
            const V<T> zero = broadcast(T(0));
            const V<T> term = y * (log_sum - (load(z + i * stride + j) - largest));
            loss = loss + (y == T(0) ? zero : term);
        }
        store(losses + j, loss * w);
        if (gradient == nullptr) continue;
        const V<T> factor = w * scale;
        for (int i = 0; i < units; ++i) {
            const V<T> y = class_target<T, Sparse>(target, target_stride, i, j);
            const V<T> p = exp<T>(load(z + i * stride + j) - largest) / sum;
            store(gradient + i * stride + j, (p * mass - y) * factor);
        }
    }
}

template <class T, class Error>
void error_metric(int units, int columns, ptrdiff_t stride, const T* prediction, const T* target,
                  ptrdiff_t target_stride, const T* weight, T* values) {
    mean_loss<T, Difference<Error>>(units, columns, stride, prediction, target, target_stride,
                                    weight, T(0), T(1), values, nullptr);
}

// The share of units on the right side of 0.5.
template <class T>
void binary_accuracy(int units, int columns, ptrdiff_t stride, const T* prediction, const T* target,
                     ptrdiff_t target_stride, const T* weight, T* values) {
    const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
    for (int j = 0; j < columns; j += Lanes<T>) {
        V<T> right = zero;
        for (int i = 0; i < units; ++i) {
            const V<T> called = load(prediction + i * stride + j) > T(0.5) ? one : zero;
            right = right + (called == load(target + i * target_stride + j) ? one : zero);
        }
        store(values + j, right * (T(1) / static_cast<T>(units)) * weight_of(weight, j));
    }
}

// Whether the largest unit (the first of equals) is the target's.
template <class T, bool Sparse>
void class_accuracy(int units, int columns, ptrdiff_t stride, const T* prediction, const T* target,
                    ptrdiff_t target_stride, const T* weight, T* values) {
    const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
    for (int j = 0; j < columns; j += Lanes<T>) {
        V<T> largest = load(prediction + j), called = zero;
        V<T> largest_target = load(target + j), wanted = Sparse ? largest_target : zero;
        for (int i = 1; i < units; ++i) {
            const V<T> unit = broadcast(static_cast<T>(i));
            const V<T> p = load(prediction + i * stride + j);
            called = p > largest ? unit : called;
            largest = p > largest ? p : largest;
            if constexpr (!Sparse) {
                const V<T> y = load(target + i * target_stride + j);
                wanted = y > largest_target ? unit : wanted;
                largest_target = y > largest_target ? y : largest_target;
            }
        }
        store(values + j, (called == wanted ? one : zero) * weight_of(weight, j));
    }
}

}  // namespace
