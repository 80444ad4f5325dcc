// Metrics, one value a sample, every sample in its own lane. They read outputs and probabilities,
// never pre-activations.
#pragma once

#include "losses.hpp"

namespace {

using hl::Metric;
using hl::Targets;

// What a kernel gets: [units, columns] of outputs and of targets, or one row of class numbers.
template <class T>
struct Measured {
    int units;
    ptrdiff_t stride;
    const T* outputs;
    ptrdiff_t target_stride;
    const T* targets;

    HL_INLINE V<T> output(int unit, int column) const {
        return load(outputs + unit * stride + column);
    }
    HL_INLINE V<T> target(int unit, int column) const {
        return load(targets + unit * target_stride + column);
    }
};

// The mean over the units of a function of (output, target).
template <class Term>
struct MeanOfUnits {
    template <class T>
    static HL_INLINE V<T> value(const Measured<T>& at, int column, T parameter, Targets) {
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < at.units; ++i) {
            sum = sum +
                  Term::template value<T>(at.output(i, column), at.target(i, column), parameter);
        }
        return sum * (T(1) / static_cast<T>(at.units));
    }
};

// What a loss without settings has for a unit.
template <Loss L>
struct OfLoss {
    template <class T>
    static HL_INLINE V<T> value(V<T> output, V<T> target, T) {
        return LossBody<L>::template value<T>(output, target, nullptr);
    }
};

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

struct PinballError {
    template <class T>
    static HL_INLINE V<T> value(V<T> output, V<T> target, T quantile) {
        const V<T> missing = target - output, below = missing * quantile;
        return missing < T(0) ? missing * (quantile - T(1)) : below;
    }
};

// Whether both are on the same side, the output of the threshold and the target of a half.
struct SameSide {
    template <class T>
    static HL_INLINE V<T> value(V<T> output, V<T> target, T threshold) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        const V<T> called = output > threshold ? one : zero, due = target > T(0.5) ? one : zero;
        return called == due ? one : zero;
    }
};

// log p, with p kept off 0 and 1 by the spacing of numbers at 1.
template <class T>
HL_INLINE V<T> log_probability(V<T> p) {
    constexpr T spacing = sizeof(T) == 4 ? T(0x1p-23) : T(0x1p-52);
    return log<T>(within<T>(p, spacing, T(1) - spacing));
}

struct LabelSurprise {
    template <class T>
    static HL_INLINE V<T> value(V<T> output, V<T> target, T smoothing) {
        const V<T> due = target * (T(1) - smoothing) + T(0.5) * smoothing;
        const V<T> yes = due * log_probability<T>(output);
        return -(yes + (T(1) - due) * log_probability<T>(T(1) - output));
    }
};

template <bool Sparse>
struct ClassSurprise {
    template <class T>
    static HL_INLINE V<T> value(const Measured<T>& at, int column, T smoothing, Targets) {
        const T share = smoothing / static_cast<T>(at.units);
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < at.units; ++i) {
            const V<T> whole = class_target<T, Sparse>(at.targets, at.target_stride, i, column);
            const V<T> due = whole * (T(1) - smoothing) + share;
            sum = sum - due * log_probability<T>(at.output(i, column));
        }
        return sum;
    }
};

template <bool Sparse, class T>
HL_INLINE V<T> squares_of_classes(const Measured<T>& at, int column) {
    V<T> sum = broadcast(T(0));
    for (int i = 0; i < at.units; ++i) {
        const V<T> due = class_target<T, Sparse>(at.targets, at.target_stride, i, column);
        const V<T> error = at.output(i, column) - due;
        sum = sum + error * error;
    }
    return at.units == 2 ? sum * T(0.5) : sum;
}

struct BrierScore {
    template <class T>
    static HL_INLINE V<T> value(const Measured<T>& at, int column, T parameter, Targets targets) {
        if (targets == Targets::index) return squares_of_classes<true>(at, column);
        if (targets == Targets::one_hot) return squares_of_classes<false>(at, column);
        using Squares = MeanOfUnits<OfLoss<Loss::mean_squared_error>>;
        return Squares::value<T>(at, column, parameter, targets);
    }
};

// The largest unit of `row`, the first of equals, and its value.
template <class T>
struct LargestUnit {
    V<T> unit, value;

    HL_INLINE LargestUnit(int units, ptrdiff_t stride, const T* row)
        : unit(broadcast(T(0))), value(load(row)) {
        for (int i = 1; i < units; ++i) {
            const V<T> x = load(row + i * stride), here = broadcast(static_cast<T>(i));
            unit = x > value ? here : unit;
            value = x > value ? x : value;
        }
    }
};

// The class of a target.
template <bool Sparse, class T>
HL_INLINE V<T> wanted_class(const Measured<T>& at, int column) {
    if constexpr (Sparse) {
        return load(at.targets + column);
    } else {
        return LargestUnit<T>(at.units, at.target_stride, at.targets + column).unit;
    }
}

template <bool Sparse>
struct ClassAccuracy {
    template <class T>
    static HL_INLINE V<T> value(const Measured<T>& at, int column, T, Targets) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        const V<T> called = LargestUnit<T>(at.units, at.stride, at.outputs + column).unit;
        return called == wanted_class<Sparse>(at, column) ? one : zero;
    }
};

// Whether fewer than k units come before the wanted one: the larger, and of equals the later ones.
// NaN comes before everything, and is never among the k.
template <bool Sparse>
struct TopK {
    template <class T>
    static HL_INLINE V<T> value(const Measured<T>& at, int column, T k, Targets) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        const V<T> wanted = wanted_class<Sparse>(at, column);
        V<T> own = zero, before = zero;
        for (int i = 0; i < at.units; ++i) {
            own = wanted == static_cast<T>(i) ? at.output(i, column) : own;
        }
        for (int i = 0; i < at.units; ++i) {
            const V<T> other = at.output(i, column);
            const V<T> later = wanted < static_cast<T>(i) ? one : zero;
            before = before + (other < own ? zero : (other == own ? later : one));
        }
        return before < k ? (own == own ? one : zero) : zero;
    }
};

template <class T, class Value>
void measure(int units, int columns, ptrdiff_t stride, const T* outputs, const T* target,
             ptrdiff_t target_stride, Targets targets, const T* weight, T parameter, T* values) {
    const Measured<T> at{units, stride, outputs, target_stride, target};
    for (int j = 0; j < columns; j += Lanes<T>) {
        const V<T> value = Value::template value<T>(at, j, parameter, targets);
        store(values + j, weighed<T>(value, weight_of(weight, j)));
    }
}

template <Metric M>
struct MetricBody;
template <>
struct MetricBody<Metric::mean_squared_error> : MeanOfUnits<OfLoss<Loss::mean_squared_error>> {};
template <>  // its root is taken of the mean, by the caller
struct MetricBody<Metric::root_mean_squared_error> : MeanOfUnits<OfLoss<Loss::mean_squared_error>> {
};
template <>
struct MetricBody<Metric::mean_absolute_error> : MeanOfUnits<OfLoss<Loss::mean_absolute_error>> {};
template <>
struct MetricBody<Metric::mean_absolute_percentage_error>
    : MeanOfUnits<OfLoss<Loss::mean_absolute_percentage_error>> {};
template <>
struct MetricBody<Metric::mean_squared_logarithmic_error>
    : MeanOfUnits<OfLoss<Loss::mean_squared_logarithmic_error>> {};
template <>
struct MetricBody<Metric::pinball_loss> : MeanOfUnits<PinballError> {};
template <>
struct MetricBody<Metric::binary_accuracy> : MeanOfUnits<SameSide> {};
template <>
struct MetricBody<Metric::categorical_accuracy> : ClassAccuracy<false> {};
template <>
struct MetricBody<Metric::sparse_categorical_accuracy> : ClassAccuracy<true> {};
template <>
struct MetricBody<Metric::top_k_categorical_accuracy> : TopK<false> {};
template <>
struct MetricBody<Metric::sparse_top_k_categorical_accuracy> : TopK<true> {};
template <>
struct MetricBody<Metric::binary_crossentropy> : MeanOfUnits<LabelSurprise> {};
template <>
struct MetricBody<Metric::categorical_crossentropy> : ClassSurprise<false> {};
template <>
struct MetricBody<Metric::sparse_categorical_crossentropy> : ClassSurprise<true> {};
template <>
struct MetricBody<Metric::brier_score> : BrierScore {};

}  // namespace
