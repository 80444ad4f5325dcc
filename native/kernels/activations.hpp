// One body an activation: f(z), and f' from what the forward pass kept (z, or f(z) when that is
// enough). A row without a body here does not compile.
#pragma once

#include "../engine/registry.hpp"
#include "gaussian_tail.hpp"

namespace {

using hl::Activation;

template <Activation A>
struct Body;

template <>
struct Body<Activation::linear> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        return z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T>, T) {
        return broadcast(T(1));
    }
};

template <>
struct Body<Activation::relu> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        const V<T> zero = broadcast(T(0));
        return z < T(0) ? zero : z;  // this way round NaN stays NaN
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, T) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        return a <= T(0) ? zero : one;
    }
};

template <>
struct Body<Activation::leaky_relu> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T negative_slope) {
        return z < T(0) ? z * negative_slope : z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, T negative_slope) {
        const V<T> below = broadcast(negative_slope), one = broadcast(T(1));
        return a <= T(0) ? below : one;
    }
};

template <>
struct Body<Activation::elu> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T alpha) {
        const V<T> zero = broadcast(T(0));
        const V<T> below = expm1<T>(z > T(0) ? zero : z) * alpha;
        return z < T(0) ? below : z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, T alpha) {
        const V<T> one = broadcast(T(1));
        return a <= T(0) ? a + alpha : one;
    }
};

// Klambauer et al. (2017), arXiv:1706.02515, equation 2 and the constants below it.
template <>
struct Body<Activation::selu> {
    static constexpr bool saves_output = true;
    static constexpr double alpha = 1.6732632423543772848170429916717;
    static constexpr double scale = 1.0507009873554804934193349852946;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        const V<T> zero = broadcast(T(0));
        const V<T> below = expm1<T>(z > T(0) ? zero : z) * T(scale * alpha);
        return z < T(0) ? below : z * T(scale);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, T) {
        const V<T> above = broadcast(T(scale));
        return a < T(0) ? a + T(scale * alpha) : above;
    }
};

// x·Φ(x) with the exact normal distribution: Hendrycks and Gimpel (2016), arXiv:1606.08415.
template <>
struct Body<Activation::gelu> {
    static constexpr bool saves_output = false;
    static constexpr double inverse_root_two_pi = 0.39894228040143267794;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        const V<T> tail = normal_tail<T>(absolute<T>(z)).tail;
        return z * (z < T(0) ? tail : T(1) - tail);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, T) {
        const NormalTail<T> normal = normal_tail<T>(absolute<T>(z));
        const V<T> below = z < T(0) ? normal.tail : T(1) - normal.tail;
        return below + z * (normal.density * T(inverse_root_two_pi));
    }
};

template <>
struct Body<Activation::silu> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        return z * sigmoid<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, T) {
        const V<T> s = sigmoid<T>(z);
        return s * (z * (T(1) - s) + T(1));
    }
};

// z·tanh(softplus(z)); with e = exp(−|z|) neither branch cancels. Misra (2019), arXiv:1908.08681.
template <>
struct Body<Activation::mish> {
    static constexpr bool saves_output = false;
    template <class T>
    struct Gate {
        V<T> value;       // w = tanh(softplus(z))
        V<T> complement;  // 1 − w
        V<T> sigmoid;
    };
    template <class T>
    static HL_INLINE Gate<T> gate(V<T> z) {
        const V<T> e = exp<T>(-absolute<T>(z));
        const V<T> one = broadcast(T(1)), two = broadcast(T(2));
        const V<T> square = e * e;
        const VBits<T> negative = z < T(0);
        const V<T> numerator = negative ? square + e * T(2) : e * T(2) + T(1);
        const V<T> rest = negative ? two : square * T(2);
        const V<T> denominator = numerator + rest;
        return {numerator / denominator, rest / denominator, (negative ? e : one) / (e + T(1))};
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        return z * gate<T>(z).value;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, T) {
        const Gate<T> g = gate<T>(z);
        return g.value + z * g.sigmoid * (g.complement * (g.value + T(1)));
    }
};

template <>
struct Body<Activation::softplus> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        return softplus<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, T) {
        return sigmoid<T>(z);
    }
};

template <>
struct Body<Activation::tanh> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        return ::tanh<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, T) {
        return (T(1) - a) * (a + T(1));
    }
};

template <>
struct Body<Activation::sigmoid> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, T) {
        return ::sigmoid<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, T) {
        return a * (T(1) - a);
    }
};

template <class T, Activation A>
void activate(int units, int columns, ptrdiff_t stride, const T* z, T* a, T parameter) {
    for (int i = 0; i < units; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            store(a + at, Body<A>::template value<T>(load(z + at), parameter));
        }
    }
}

template <class T, Activation A>
void derive(int units, int columns, ptrdiff_t stride, const T* saved, T* gradient, T parameter) {
    for (int i = 0; i < units; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            store(gradient + at,
                  load(gradient + at) * Body<A>::template slope<T>(load(saved + at), parameter));
        }
    }
}

// Softmax couples the units of a sample, which all lie in one lane: plain loops over the units,
// whose order is the order of the sum.
template <class T>
void softmax(int units, int columns, ptrdiff_t stride, const T* z, T* a, T) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        V<T> largest = load(z + j);
        for (int i = 1; i < units; ++i) {
            const V<T> x = load(z + i * stride + j);
            largest = largest < x ? x : largest;
        }
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < units; ++i) {
            const V<T> e = exp<T>(load(z + i * stride + j) - largest);
            store(a + i * stride + j, e);
            sum = sum + e;
        }
        for (int i = 0; i < units; ++i) {
            store(a + i * stride + j, load(a + i * stride + j) / sum);
        }
    }
}

template <class T>
void derive_softmax(int units, int columns, ptrdiff_t stride, const T* a, T* gradient, T) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        V<T> mean = broadcast(T(0));
        for (int i = 0; i < units; ++i) {
            mean = fma(load(a + i * stride + j), load(gradient + i * stride + j), mean);
        }
        for (int i = 0; i < units; ++i) {
            const ptrdiff_t at = i * stride + j;
            store(gradient + at, load(a + at) * (load(gradient + at) - mean));
        }
    }
}

template <>
struct Body<Activation::softmax> {
    static constexpr bool saves_output = true;
};

}  // namespace
