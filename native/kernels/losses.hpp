// Losses, one value a sample, every sample in its own lane. A loss's body is found by its name:
// `LossBody` takes the outputs, and for the cross-entropies `LogitBody` the pre-activations
// (cross_entropies.hpp).
#pragma once

#include "../engine/kernel_table.hpp"
#include "elementary.hpp"

namespace {

using hl::Comparison;
using hl::Loss;

template <class T>
HL_INLINE V<T> weight_of(const T* weight, int column) {
    return weight == nullptr ? broadcast(T(1)) : load(weight + column);
}

// x times a weight; of weight 0 it is left out, even if it is no number.
template <class T>
HL_INLINE V<T> weighed(V<T> x, V<T> weight) {
    const V<T> zero = broadcast(T(0));
    return weight == T(0) ? zero : x * weight;
}

template <class T>
HL_INLINE V<T> predicted(const Comparison<T>& c, int unit, int column) {
    return load(c.prediction + unit * c.stride + column);
}
template <class T>
HL_INLINE V<T> wanted(const Comparison<T>& c, int unit, int column) {
    return load(c.target + unit * c.target_stride + column);
}
template <class T>
HL_INLINE T* gradient_at(const Comparison<T>& c, int unit, int column) {
    return c.gradient + unit * c.stride + column;
}

// The mean (or the sum) over the units of a function of (prediction, target).
template <class Term, bool Mean = true>
struct OverUnits {
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;  // a copy: no store can change it
        const T share = Mean ? T(1) / static_cast<T>(c.units) : T(1);
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j);
            const V<T> factor = w * (c.scale * share);
            V<T> sum = broadcast(T(0));
            for (int i = 0; i < c.units; ++i) {
                const V<T> p = predicted(c, i, j), y = wanted(c, i, j);
                sum = sum + Term::template value<T>(p, y, c.numbers);
                if (c.gradient != nullptr) {
                    const V<T> slope = Term::template slope<T>(p, y, c.numbers);
                    store(gradient_at(c, i, j), weighed<T>(slope, factor));
                }
            }
            store(c.losses + j, weighed<T>(sum * share, w));
        }
    }
};

// A mean of functions of (prediction − target).
template <class Error>
struct OfErrors : OverUnits<OfErrors<Error>> {
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, const T* numbers) {
        return Error::template of<T>(prediction - target, numbers);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, const T* numbers) {
        return Error::template slope_of<T>(prediction - target, numbers);
    }
};

template <Loss L>
struct LossBody;

template <>
struct LossBody<Loss::mean_squared_error> : OfErrors<LossBody<Loss::mean_squared_error>> {
    template <class T>
    static HL_INLINE V<T> of(V<T> error, const T*) {
        return error * error;
    }
    template <class T>
    static HL_INLINE V<T> slope_of(V<T> error, const T*) {
        return error * T(2);
    }
};

// −1, 0 or 1.
template <class T>
HL_INLINE V<T> sign_of(V<T> x) {
    const V<T> sign = with_sign_of<T>(broadcast(T(1)), x);
    return x == T(0) ? x : sign;
}

template <>
struct LossBody<Loss::mean_absolute_error> : OfErrors<LossBody<Loss::mean_absolute_error>> {
    template <class T>
    static HL_INLINE V<T> of(V<T> error, const T*) {
        return absolute<T>(error);
    }
    template <class T>
    static HL_INLINE V<T> slope_of(V<T> error, const T*) {
        return sign_of<T>(error);
    }
};

// Huber (1964): quadratic up to delta, linear beyond.
template <>
struct LossBody<Loss::huber> : OfErrors<LossBody<Loss::huber>> {
    template <class T>
    static HL_INLINE V<T> of(V<T> error, const T* numbers) {
        const V<T> size = absolute<T>(error);
        const T delta = numbers[0];
        return size > delta ? (size - T(0.5) * delta) * delta : error * error * T(0.5);
    }
    template <class T>
    static HL_INLINE V<T> slope_of(V<T> error, const T* numbers) {
        const T delta = numbers[0];
        return absolute<T>(error) > delta ? with_sign_of<T>(broadcast(delta), error) : error;
    }
};

// log cosh e, which is e²/2 near 0: of 1 + (cosh e − 1) there, with cosh e − 1 = m²/(2(m + 1)) and
// m = exp(|e|) − 1.
template <>
struct LossBody<Loss::log_cosh> : OfErrors<LossBody<Loss::log_cosh>> {
    template <class T>
    static HL_INLINE V<T> of(V<T> error, const T*) {
        const V<T> size = absolute<T>(error), m = expm1<T>(at_most<T>(size, T(1)));
        const V<T> near = log1p_unit<T>(m * m / (m * T(2) + T(2)));
        const V<T> far = size + log1p_unit<T>(exp<T>(size * T(-2))) - T(0.69314718055994530942);
        return size > T(1) ? far : near;
    }
    template <class T>
    static HL_INLINE V<T> slope_of(V<T> error, const T*) {
        return tanh<T>(error);
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

// log(1 + x), x > 0.
template <class T>
HL_INLINE V<T> log1p(V<T> x) {
    return x > T(1) ? log<T>(x + T(1)) : log1p_unit<T>(at_most<T>(x, T(1)));
}

template <>
struct LossBody<Loss::mean_absolute_percentage_error>
    : OverUnits<LossBody<Loss::mean_absolute_percentage_error>> {
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, const T*) {
        return absolute<T>(prediction - target) / at_least<T>(absolute<T>(target), T(smallest)) *
               T(100);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, const T*) {
        const V<T> sign = sign_of<T>(prediction - target);
        return sign / at_least<T>(absolute<T>(target), T(smallest)) * T(100);
    }
};

template <>
struct LossBody<Loss::mean_squared_logarithmic_error>
    : OverUnits<LossBody<Loss::mean_squared_logarithmic_error>> {
    template <class T>
    static HL_INLINE V<T> difference(V<T> prediction, V<T> target) {
        return log1p<T>(at_least<T>(prediction, T(smallest))) -
               log1p<T>(at_least<T>(target, T(smallest)));
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, const T*) {
        const V<T> error = difference<T>(prediction, target);
        return error * error;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, const T*) {
        const V<T> zero = broadcast(T(0));
        const V<T> rise = difference<T>(prediction, target) * T(2) / (prediction + T(1));
        return prediction <= T(smallest) ? zero : rise;
    }
};

template <>
struct LossBody<Loss::poisson> : OverUnits<LossBody<Loss::poisson>> {
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, const T*) {
        return prediction - target * checked_log<T>(prediction + T(smallest));
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, const T*) {
        return T(1) - target / (prediction + T(smallest));
    }
};

template <>
struct LossBody<Loss::hinge> : OverUnits<LossBody<Loss::hinge>> {
    template <class T>
    static HL_INLINE V<T> missing(V<T> prediction, V<T> target) {
        return at_least<T>(T(1) - prediction * target, T(0));
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, const T*) {
        return missing<T>(prediction, target);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, const T*) {
        const V<T> zero = broadcast(T(0));
        return missing<T>(prediction, target) == T(0) ? zero : -target;
    }
};

template <>
struct LossBody<Loss::squared_hinge> : OverUnits<LossBody<Loss::squared_hinge>> {
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, const T*) {
        const V<T> missing = LossBody<Loss::hinge>::missing<T>(prediction, target);
        return missing * missing;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, const T*) {
        return LossBody<Loss::hinge>::missing<T>(prediction, target) * target * T(-2);
    }
};

// t·log(t/y), both between 1e-7 and 1.
template <>
struct LossBody<Loss::kl_divergence> : OverUnits<LossBody<Loss::kl_divergence>, false> {
    template <class T>
    static HL_INLINE V<T> share(V<T> x) {
        return within<T>(x, T(smallest), T(1));
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> prediction, V<T> target, const T*) {
        const V<T> t = share<T>(target);
        return t * (log<T>(t) - log<T>(share<T>(prediction)));
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> prediction, V<T> target, const T*) {
        const V<T> zero = broadcast(T(0)), fall = -share<T>(target) / prediction;
        return prediction < T(smallest) ? zero : (prediction > T(1) ? zero : fall);
    }
};

// −Σ t·y/(|t|·|y|), no norm being less than 1e-6; a norm held there has no gradient of its own.
template <>
struct LossBody<Loss::cosine_similarity> {
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;
        constexpr T least = T(1e-12);
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j), zero = broadcast(T(0));
            V<T> product = zero, own = zero, other = zero;
            for (int i = 0; i < c.units; ++i) {
                const V<T> p = predicted(c, i, j);
                const V<T> y = wanted(c, i, j);
                product = fma(p, y, product);
                own = fma(p, p, own);
                other = fma(y, y, other);
            }
            const V<T> size = square_root(at_least<T>(own, least));
            const V<T> due = square_root(at_least<T>(other, least));
            const V<T> cosine = product / (size * due);
            store(c.losses + j, weighed<T>(-cosine, w));
            if (c.gradient == nullptr) continue;
            const V<T> factor = w * c.scale;
            const V<T> along = own < least ? zero : cosine / (size * size);
            for (int i = 0; i < c.units; ++i) {
                const V<T> p = predicted(c, i, j);
                const V<T> y = wanted(c, i, j);
                store(gradient_at(c, i, j), weighed<T>(p * along - y / (size * due), factor));
            }
        }
    }
};

// max(largest of (1 − t)·y, less Σ t·y, plus 1, and 0); of equals the first is the largest.
template <>
struct LossBody<Loss::categorical_hinge> {
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j), zero = broadcast(T(0));
            V<T> right = zero, other = zero, largest = zero;
            for (int i = 0; i < c.units; ++i) {
                const V<T> p = predicted(c, i, j);
                const V<T> y = wanted(c, i, j), value = (T(1) - y) * p;
                const V<T> unit = broadcast(static_cast<T>(i));
                right = fma(p, y, right);
                largest = i == 0 ? unit : (value > other ? unit : largest);
                other = i == 0 ? value : (value > other ? value : other);
            }
            const V<T> missing = at_least<T>(other - right + T(1), T(0));
            store(c.losses + j, weighed<T>(missing, w));
            if (c.gradient == nullptr) continue;
            const V<T> factor = missing == T(0) ? zero : w * c.scale;
            for (int i = 0; i < c.units; ++i) {
                const V<T> y = wanted(c, i, j);
                const V<T> rise = largest == static_cast<T>(i) ? T(1) - y : zero;
                store(gradient_at(c, i, j), weighed<T>(rise - y, factor));
            }
        }
    }
};

}  // namespace
