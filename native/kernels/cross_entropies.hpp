// Minus the logarithm of the probability that the target was given. Of the pre-activation z neither
// log-softmax nor log-sigmoid cancels or overflows, and the gradient is (prediction − target); of
// outputs it is Keras's formula, in which a probability nearer to 0 or 1 than 1e-7 counts as that
// near and has no gradient.
#pragma once

#include "losses.hpp"

namespace {

template <Loss L>
struct LogitBody;

// p, or what it counts as.
template <class T>
HL_INLINE V<T> probability(V<T> p) {
    return within<T>(p, T(smallest), T(1 - smallest));
}
// A slope, which is 0 where p does not count as itself. `rest` is 1 − p.
template <class T>
HL_INLINE V<T> where_counted(V<T> slope, V<T> p, V<T> rest) {
    const V<T> zero = broadcast(T(0));
    return p < T(smallest) ? zero : (rest < T(smallest) ? zero : slope);
}

// A target between two classes.
template <class T>
HL_INLINE V<T> smoothed(V<T> target, T smoothing) {
    return target * (T(1) - smoothing) + T(0.5) * smoothing;
}

// −log of the probability of a target between two classes.
template <class T>
HL_INLINE V<T> binary_surprise(V<T> p, V<T> target) {
    return -(target * log<T>(probability<T>(p)) +
             (T(1) - target) * log<T>(probability<T>(T(1) - p)));
}
template <class T>
HL_INLINE V<T> binary_surprise_slope(V<T> p, V<T> target) {
    return (T(1) - target) / probability<T>(T(1) - p) - target / probability<T>(p);
}

template <>
struct LossBody<Loss::binary_crossentropy> : OverUnits<LossBody<Loss::binary_crossentropy>> {
    template <class T>
    static HL_INLINE V<T> value(V<T> p, V<T> target, const T* numbers) {
        return binary_surprise<T>(p, smoothed<T>(target, numbers[0]));
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> p, V<T> target, const T* numbers) {
        const V<T> slope = binary_surprise_slope<T>(p, smoothed<T>(target, numbers[0]));
        return where_counted<T>(slope, p, T(1) - p);
    }
};

// log(1 + exp(z)) − z·t, as the distance to the side where t lies and what is left there: neither
// cancels, and where t is sure an infinite z of its sign costs nothing.
template <class T>
struct BinaryLogit {
    V<T> far;       // how much of the target lies on the other side than z
    V<T> unlikely;  // exp(−|z|)
    V<T> surprise;

    HL_INLINE BinaryLogit(V<T> z, V<T> target) {
        const V<T> zero = broadcast(T(0)), size = absolute<T>(z);
        far = z > T(0) ? T(1) - target : target;
        unlikely = exp<T>(-size);
        surprise = (far == T(0) ? zero : far * size) + log1p_unit<T>(unlikely);
    }
};

template <>
struct LogitBody<Loss::binary_crossentropy> : OverUnits<LogitBody<Loss::binary_crossentropy>> {
    template <class T>
    static HL_INLINE V<T> value(V<T> z, V<T> target, const T* numbers) {
        return BinaryLogit<T>(z, smoothed<T>(target, numbers[0])).surprise;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, V<T> target, const T* numbers) {
        return sigmoid<T>(z) - smoothed<T>(target, numbers[0]);
    }
};

// The targets of classes: rows of shares or, sparse, one row that holds the number of the class.
template <class T, bool sparse>
class ClassTargets {
  public:
    ClassTargets(const Comparison<T>& c, T smoothing)
        : c_(c), kept_(T(1) - smoothing), spread_(smoothing / static_cast<T>(c.units)) {}

    HL_INLINE V<T> at(int unit, int column) const {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        if constexpr (sparse) {
            const V<T> is_it = load(c_.target + column) == static_cast<T>(unit) ? one : zero;
            return is_it * kept_ + spread_;
        } else {
            return wanted(c_, unit, column) * kept_ + spread_;
        }
    }

  private:
    const Comparison<T>& c_;
    T kept_, spread_;
};

// −Σ tᵢ·log(yᵢ/Σy).
template <bool sparse>
struct OfClasses {
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;
        const ClassTargets<T, sparse> targets(c, c.numbers[0]);
        const V<T> zero = broadcast(T(0));
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j);
            V<T> sum = zero, loss = zero, counted = zero;
            for (int i = 0; i < c.units; ++i) sum = sum + predicted(c, i, j);
            for (int i = 0; i < c.units; ++i) {
                const V<T> t = targets.at(i, j), p = predicted(c, i, j) / sum;
                loss = loss - t * log<T>(probability<T>(p));
                counted = counted + where_counted<T>(t, p, T(1) - p);
            }
            store(c.losses + j, weighed<T>(loss, w));
            if (c.gradient == nullptr) continue;
            const V<T> factor = w * c.scale;
            for (int i = 0; i < c.units; ++i) {
                const V<T> p = predicted(c, i, j) / sum;
                const V<T> fall = where_counted<T>(targets.at(i, j) / p, p, T(1) - p);
                store(gradient_at(c, i, j), weighed<T>((counted - fall) / sum, factor));
            }
        }
    }
};

// Σ tᵢ·(log Σ exp(z) − zᵢ).
template <bool sparse>
struct OfClassLogits {
    template <class T>
    static void run(const Comparison<T>& given) {
        const Comparison<T> c = given;
        const ClassTargets<T, sparse> targets(c, c.numbers[0]);
        const V<T> zero = broadcast(T(0));
        for (int j = 0; j < c.columns; j += Lanes<T>) {
            const V<T> w = weight_of(c.weight, j);
            const V<T> largest = largest_unit<T>(c.units, c.stride, c.prediction + j);
            V<T> sum = zero, loss = zero, mass = zero;
            for (int i = 0; i < c.units; ++i) sum = sum + exp<T>(predicted(c, i, j) - largest);
            const V<T> log_sum = log<T>(sum);
            for (int i = 0; i < c.units; ++i) {
                const V<T> t = targets.at(i, j);
                mass = mass + t;
                // 0·∞ would be NaN where an unlikely class of target 0 has z = −∞
                const V<T> term = t * (log_sum - (predicted(c, i, j) - largest));
                loss = loss + (t == T(0) ? zero : term);
            }
            store(c.losses + j, weighed<T>(loss, w));
            if (c.gradient == nullptr) continue;
            const V<T> factor = w * c.scale;
            for (int i = 0; i < c.units; ++i) {
                const V<T> p = exp<T>(predicted(c, i, j) - largest) / sum;
                store(gradient_at(c, i, j), weighed<T>(p * mass - targets.at(i, j), factor));
            }
        }
    }
};

template <>
struct LossBody<Loss::categorical_crossentropy> : OfClasses<false> {};
template <>
struct LogitBody<Loss::categorical_crossentropy> : OfClassLogits<false> {};
template <>
struct LossBody<Loss::sparse_categorical_crossentropy> : OfClasses<true> {};
template <>
struct LogitBody<Loss::sparse_categorical_crossentropy> : OfClassLogits<true> {};

}  // namespace
