// Losses, one value a sample, every sample in its own lane. The cross-entropies take
// the pre-activation z: with it log-softmax and log-sigmoid neither cancel nor overflow, and their
// gradient with respect to z is (prediction − target).
#pragma once

#include "../engine/registry.hpp"
#include "elementary.hpp"

namespace {

using hl::Loss;

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

// log cosh e, which is e²/2 near 0: of 1 + (cosh e − 1) there, with cosh e − 1 = m²/(2(m + 1)) and
// m = exp(|e|) − 1.
struct LogCoshError {
    template <class T>
    static HL_INLINE V<T> value(V<T> error, T) {
        const V<T> size = absolute<T>(error), m = expm1<T>(at_most<T>(size, T(1)));
        const V<T> near = log1p_unit<T>(m * m / (m * T(2) + T(2)));
        const V<T> far = size + log1p_unit<T>(exp<T>(size * T(-2))) - T(0.69314718055994530942);
        return size > T(1) ? far : near;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> error, T) {
        return tanh<T>(error);
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

// What Keras takes instead of what is nearer to 0.
constexpr double smallest = 1e-7;

// log x, NaN for x <= 0 (which `log` does not look for).
template <class T>
HL_INLINE V<T> checked_log(V<T> x) {
    const V<T> none = broadcast(static_cast<T>(__builtin_nan("")));
    return x <= T(0) ? none : log<T>(x);
}

struct PercentageError {
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, T) {
        return absolute<T>(prediction - target) / at_least<T>(absolute<T>(target), T(smallest)) *
               T(100);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, T parameter) {
        const V<T> sign = AbsoluteError::slope<T>(prediction - target, parameter);
        return sign / at_least<T>(absolute<T>(target), T(smallest)) * T(100);
    }
};

struct LogarithmicError {
    // log(1 + x), x > 0.
    template <class T>
    static HL_INLINE V<T> logarithm(V<T> x) {
        return x > T(1) ? log<T>(x + T(1)) : log1p_unit<T>(at_most<T>(x, T(1)));
    }
    template <class T>
    static HL_INLINE V<T> difference(V<T> prediction, V<T> target) {
        return logarithm<T>(at_least<T>(prediction, T(smallest))) -
               logarithm<T>(at_least<T>(target, T(smallest)));
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, T) {
        const V<T> error = difference<T>(prediction, target);
        return error * error;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, T) {
        const V<T> zero = broadcast(T(0));
        const V<T> rise = difference<T>(prediction, target) * T(2) / (prediction + T(1));
        return prediction <= T(smallest) ? zero : rise;
    }
};

struct PoissonLikelihood {
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, T) {
        return prediction - target * checked_log<T>(prediction + T(smallest));
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, T) {
        return T(1) - target / (prediction + T(smallest));
    }
};

struct HingeLoss {
    template <class T>
    static HL_INLINE V<T> missing(V<T> prediction, V<T> target) {
        return at_least<T>(T(1) - prediction * target, T(0));
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, T) {
        return missing<T>(prediction, target);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, T) {
        const V<T> zero = broadcast(T(0));
        return missing<T>(prediction, target) == T(0) ? zero : -target;
    }
};

struct SquaredHinge {
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, T) {
        const V<T> missing = HingeLoss::missing<T>(prediction, target);
        return missing * missing;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, T) {
        return HingeLoss::missing<T>(prediction, target) * target * T(-2);
    }
};

// t·log(t/y), both between 1e-7 and 1.
struct Divergence {
    template <class T>
    static HL_INLINE V<T> share(V<T> x) {
        return within<T>(x, T(smallest), T(1));
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, T) {
        const V<T> t = share<T>(target);
        return t * (log<T>(t) - log<T>(share<T>(prediction)));
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, T) {
        const V<T> zero = broadcast(T(0)), fall = -share<T>(target) / prediction;
        return prediction < T(smallest) ? zero : (prediction > T(1) ? zero : fall);
    }
};

// The mean (or the sum) over the units of a function of (prediction, target).
template <class T, class Term, bool Mean = true>
void mean_loss(int units, int columns, ptrdiff_t stride, const T* prediction, const T* target,
               ptrdiff_t target_stride, const T* weight, T scale, T parameter, T* losses,
               T* gradient) {
    const T share = Mean ? T(1) / static_cast<T>(units) : T(1);
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

// −Σ t·y/(|t|·|y|), no norm being less than 1e-6; a norm held there has no gradient of its own.
template <class T>
void cosine_similarity(int units, int columns, ptrdiff_t stride, const T* prediction,
                       const T* target, ptrdiff_t target_stride, const T* weight, T scale, T,
                       T* losses, T* gradient) {
    constexpr T least = T(1e-12);
    for (int j = 0; j < columns; j += Lanes<T>) {
        const V<T> w = weight_of(weight, j), zero = broadcast(T(0));
        V<T> product = zero, own = zero, wanted = zero;
        for (int i = 0; i < units; ++i) {
            const V<T> p = load(prediction + i * stride + j);
            const V<T> y = load(target + i * target_stride + j);
            product = fma(p, y, product);
            own = fma(p, p, own);
            wanted = fma(y, y, wanted);
        }
        const V<T> size = square_root(at_least<T>(own, least));
        const V<T> due = square_root(at_least<T>(wanted, least));
        const V<T> cosine = product / (size * due);
        store(losses + j, -cosine * w);
        if (gradient == nullptr) continue;
        const V<T> factor = w * scale;
        const V<T> along = own < least ? zero : cosine / (size * size);
        for (int i = 0; i < units; ++i) {
            const V<T> p = load(prediction + i * stride + j);
            const V<T> y = load(target + i * target_stride + j);
            store(gradient + i * stride + j, (p * along - y / (size * due)) * factor);
        }
    }
}

// max(largest of (1 − t)·y, less Σ t·y, plus 1, and 0); of equals the first is the largest.
template <class T>
void categorical_hinge(int units, int columns, ptrdiff_t stride, const T* prediction,
                       const T* target, ptrdiff_t target_stride, const T* weight, T scale, T,
                       T* losses, T* gradient) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        const V<T> w = weight_of(weight, j), zero = broadcast(T(0));
        V<T> right = zero, other = zero, largest = zero;
        for (int i = 0; i < units; ++i) {
            const V<T> p = load(prediction + i * stride + j);
            const V<T> y = load(target + i * target_stride + j), value = (T(1) - y) * p;
            const V<T> unit = broadcast(static_cast<T>(i));
            right = fma(p, y, right);
            largest = i == 0 ? unit : (value > other ? unit : largest);
            other = i == 0 ? value : (value > other ? value : other);
        }
        const V<T> missing = at_least<T>(other - right + T(1), T(0));
        store(losses + j, missing * w);
        if (gradient == nullptr) continue;
        const V<T> factor = missing == T(0) ? zero : w * scale;
        for (int i = 0; i < units; ++i) {
            const V<T> y = load(target + i * target_stride + j);
            const V<T> rise = largest == static_cast<T>(i) ? T(1) - y : zero;
            store(gradient + i * stride + j, (rise - y) * factor);
        }
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
        const V<T> largest = largest_unit<T>(units, stride, z + j);
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

}  // namespace
