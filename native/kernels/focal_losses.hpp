// Cross-entropies times mᵞ, m being the probability that the target was not given: Lin et al.
// (2017), arXiv:1708.02002.
#pragma once

#include "cross_entropies.hpp"

namespace {

// What `log` takes; mᵞ of less is 0 or 1 in any case.
template <class T>
constexpr T least_normal = sizeof(T) == 4 ? T(0x1p-126) : T(0x1p-1022);

template <class T>
HL_INLINE V<T> power(V<T> log_m, T gamma) {
    return exp<T>(log_m * gamma);
}

// Its numbers: alpha, gamma, label smoothing, and whether alpha counts.
template <class T>
HL_INLINE V<T> class_balance(V<T> target, const T* numbers) {
    const V<T> one = broadcast(T(1));
    const T alpha = numbers[0];
    return numbers[3] == T(0) ? one : target * alpha + (T(1) - target) * (T(1) - alpha);
}

template <>
struct LossBody<Loss::binary_focal_crossentropy>
    : OverUnits<LossBody<Loss::binary_focal_crossentropy>> {
    // The probability that the target was not given.
    template <class T>
    static HL_INLINE V<T> missed(V<T> p, V<T> target) {
        return target * probability<T>(T(1) - p) + (T(1) - target) * probability<T>(p);
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> p, V<T> target, const T* numbers) {
        const V<T> t = smoothed<T>(target, numbers[2]);
        return class_balance<T>(t, numbers) * power<T>(log<T>(missed<T>(p, t)), numbers[1]) *
               binary_surprise<T>(p, t);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> p, V<T> target, const T* numbers) {
        const V<T> t = smoothed<T>(target, numbers[2]), m = missed<T>(p, t);
        const V<T> of_power = (T(1) - t * T(2)) * numbers[1] / m * binary_surprise<T>(p, t);
        const V<T> slope = class_balance<T>(t, numbers) * power<T>(log<T>(m), numbers[1]) *
                           (of_power + binary_surprise_slope<T>(p, t));
        return where_counted<T>(slope, p, T(1) - p);
    }
};

template <>
struct LogitBody<Loss::binary_focal_crossentropy>
    : OverUnits<LogitBody<Loss::binary_focal_crossentropy>> {
    // With e = exp(−|z|), m = (near·e + far)/(1 + e), near and far being the target's shares on the
    // side of z and on the other.
    template <class T>
    struct Missed {
        BinaryLogit<T> logit;
        V<T> e, above;

        HL_INLINE Missed(V<T> z, V<T> t) : logit(z, t) {
            e = at_least<T>(logit.unlikely, least_normal<T>);
            above = (T(1) - logit.far) * e + logit.far;
        }
        HL_INLINE V<T> to_the(T gamma) const {
            return power<T>(log<T>(above) - log1p_unit<T>(e), gamma);
        }
    };
    template <class T>
    static HL_INLINE V<T> value(V<T> z, V<T> target, const T* numbers) {
        const V<T> t = smoothed<T>(target, numbers[2]);
        const Missed<T> missed(z, t);
        return class_balance<T>(t, numbers) * missed.to_the(numbers[1]) * missed.logit.surprise;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, V<T> target, const T* numbers) {
        const V<T> t = smoothed<T>(target, numbers[2]);
        const Missed<T> missed(z, t);
        // (log m)' = (1 − 2t)·p·(1 − p)/m
        const V<T> steepness = missed.e / ((missed.e + T(1)) * missed.above);
        const V<T> of_power = (T(1) - t * T(2)) * numbers[1] * (steepness * missed.logit.surprise);
        return class_balance<T>(t, numbers) * missed.to_the(numbers[1]) *
               (of_power + (sigmoid<T>(z) - t));
    }
};

// Its numbers: gamma, label smoothing, and an alpha for all classes or one for each.
template <class T>
struct ClassAlphas {
    const T* alphas;
    bool one;

    HL_INLINE explicit ClassAlphas(const Comparison<T>& c)
        : alphas(c.numbers + 2), one(c.n_numbers == 3) {}
    HL_INLINE T of(int unit) const { return alphas[one ? 0 : unit]; }
};

// Σ αᵢ·tᵢ·(1 − p)ᵞ·(−log p), p = yᵢ/Σy.
template <>
struct LossBody<Loss::categorical_focal_crossentropy> {
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;
        const ClassTargets<T, false> targets(c, c.numbers[1]);
        const ClassAlphas<T> alpha(c);
        const T gamma = c.numbers[0];
        const V<T> zero = broadcast(T(0));
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j), factor = w * c.scale;
            V<T> sum = zero, loss = zero, along = zero;
            for (int i = 0; i < c.units; ++i) sum = sum + predicted(c, i, j);
            for (int i = 0; i < c.units; ++i) {
                const V<T> given_p = predicted(c, i, j) / sum, rest = T(1) - given_p;
                const V<T> p = probability<T>(given_p), m = probability<T>(rest);
                const V<T> surprise = -log<T>(p);
                const V<T> share = targets.at(i, j) * alpha.of(i) * power<T>(log<T>(m), gamma);
                loss = loss + share * surprise;
                if (c.gradient == nullptr) continue;
                const V<T> fall = share * (surprise * gamma / m + T(1) / p);
                const V<T> counted = where_counted<T>(fall, given_p, rest);
                store(gradient_at(c, i, j), counted);  // to be finished below
                along = along + counted * given_p;
            }
            store(c.losses + j, weighed<T>(loss, w));
            for (int i = 0; c.gradient != nullptr && i < c.units; ++i) {
                T* slope = gradient_at(c, i, j);
                store(slope, weighed<T>((along - load(slope)) / sum, factor));
            }
        }
    }
};

// The same with p = softmax(z). Of the largest unit 1 − p is had from the others.
template <>
struct LogitBody<Loss::categorical_focal_crossentropy> {
    template <class T>
    struct Softmax {
        V<T> largest, which, others, log_sum;  // others: of exp(z − largest), the largest left out

        HL_INLINE Softmax(const Comparison<T>& c, int j) {
            largest = predicted(c, 0, j);
            which = broadcast(T(0));
            for (int i = 1; i < c.units; ++i) {
                const V<T> z = predicted(c, i, j), unit = broadcast(static_cast<T>(i));
                which = z > largest ? unit : which;
                largest = largest < z ? z : largest;
            }
            const V<T> zero = broadcast(T(0));
            others = zero;
            for (int i = 0; i < c.units; ++i) {
                const V<T> e = exp<T>(predicted(c, i, j) - largest);
                others = others + (which == static_cast<T>(i) ? zero : e);
            }
            log_sum = ::log1p<T>(others);
        }
    };
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;
        const ClassTargets<T, false> targets(c, c.numbers[1]);
        const ClassAlphas<T> alpha(c);
        const T gamma = c.numbers[0];
        const V<T> zero = broadcast(T(0));
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j), factor = w * c.scale;
            const Softmax<T> softmax(c, j);
            const V<T> sum = softmax.others + T(1);
            V<T> loss = zero, along = zero;
            for (int i = 0; i < c.units; ++i) {
                const V<T> t = targets.at(i, j), below = predicted(c, i, j) - softmax.largest;
                const V<T> e = exp<T>(below), surprise = softmax.log_sum - below;
                const V<T> missed = softmax.which == static_cast<T>(i) ? softmax.others : sum - e;
                const V<T> m = at_least<T>(missed, least_normal<T>);
                const V<T> share = t * alpha.of(i) * power<T>(log<T>(m) - softmax.log_sum, gamma);
                loss = loss + (t == T(0) ? zero : share * surprise);
                if (c.gradient == nullptr) continue;
                const V<T> fall = share * (gamma * (e * surprise / m) + T(1));
                const V<T> counted = t == T(0) ? zero : fall;
                store(gradient_at(c, i, j), counted);  // to be finished below
                along = along + counted;
            }
            store(c.losses + j, weighed<T>(loss, w));
            for (int i = 0; c.gradient != nullptr && i < c.units; ++i) {
                T* slope = gradient_at(c, i, j);
                const V<T> own = load(slope), e = exp<T>(predicted(c, i, j) - softmax.largest);
                const V<T> missed = softmax.which == static_cast<T>(i) ? softmax.others : sum - e;
                const V<T> rise = (along - own) * e - own * missed;
                store(slope, weighed<T>(rise / sum, factor));
            }
        }
    }
};

}  // namespace
