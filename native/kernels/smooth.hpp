// The activations made of exponentials, logarithms, roots and waves.
#pragma once

#include "gaussian_tail.hpp"
#include "piecewise.hpp"
#include "trigonometric.hpp"

namespace {

// Where an exponential has made 0 or 1 of z, the end of this range does as well: an infinity times
// 0 would be no number.
template <class T>
HL_INLINE V<T> near_zero(V<T> z, T farthest) {
    return within<T>(z, -farthest, farthest);
}

template <>
struct Body<Activation::elu> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T* p) {
        const V<T> zero = broadcast(T(0));
        const V<T> below = expm1<T>(z > T(0) ? zero : z) * p[0];
        return z < T(0) ? below : z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T* p) {
        const V<T> one = broadcast(T(1));
        return a <= T(0) ? a + p[0] : one;
    }
};

template <>
struct Body<Activation::celu> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T* p) {
        const V<T> zero = broadcast(T(0));
        const V<T> below = expm1<T>((z > T(0) ? zero : z) / p[0]) * p[0];
        return z < T(0) ? below : z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T* p) {
        const V<T> one = broadcast(T(1));
        return a <= T(0) ? a / p[0] + T(1) : one;
    }
};

// Klambauer et al. (2017), arXiv:1706.02515, equation 2 and the constants below it.
template <>
struct Body<Activation::selu> {
    static constexpr bool saves_output = true;
    static constexpr double alpha = 1.6732632423543772848170429916717;
    static constexpr double scale = 1.0507009873554804934193349852946;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        const V<T> zero = broadcast(T(0));
        const V<T> below = expm1<T>(z > T(0) ? zero : z) * T(scale * alpha);
        return z < T(0) ? below : z * T(scale);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
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
    static HL_INLINE V<T> value(V<T> z, const T*) {
        const V<T> tail = normal_tail<T>(absolute<T>(z)).tail;
        return at_least<T>(z, -TailFit<T>::farthest) * (z < T(0) ? tail : T(1) - tail);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        const NormalTail<T> normal = normal_tail<T>(absolute<T>(z));
        const V<T> below = z < T(0) ? normal.tail : T(1) - normal.tail;
        return below +
               near_zero<T>(z, TailFit<T>::farthest) * (normal.density * T(inverse_root_two_pi));
    }
};

// z·σ(2u), u = √(2/π)·(z + 0.044715·z³): the same source, its approximation.
template <>
struct Body<Activation::gelu_tanh> {
    static constexpr bool saves_output = false;
    static constexpr double slope_of_2u = 1.5957691216057307117, cubic = 0.044715;
    static constexpr double farthest = 30.0;  // σ is 0 or 1 beyond
    template <class T>
    static HL_INLINE V<T> gate(V<T> z) {
        const V<T> one = broadcast(T(1));
        return ::sigmoid<T>(z * fma(z * z, broadcast(T(cubic)), one) * T(slope_of_2u));
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return at_least<T>(z, T(-farthest)) * gate<T>(near_zero<T>(z, T(farthest)));
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        z = near_zero<T>(z, T(farthest));
        const V<T> s = gate<T>(z), one = broadcast(T(1));
        const V<T> rise = fma(z * z, broadcast(T(3 * cubic)), one) * T(slope_of_2u);
        return s * (z * (T(1) - s) * rise + T(1));
    }
};

template <>
struct Body<Activation::silu> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return at_least<T>(z, Format<T>::exp_lowest) * sigmoid<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        z = near_zero<T>(z, -Format<T>::exp_lowest);
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
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return at_least<T>(z, Format<T>::exp_lowest) * gate<T>(z).value;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        z = near_zero<T>(z, -Format<T>::exp_lowest);
        const Gate<T> g = gate<T>(z);
        return g.value + z * g.sigmoid * (g.complement * (g.value + T(1)));
    }
};

template <>
struct Body<Activation::softplus> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return softplus<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        return sigmoid<T>(z);
    }
};

// (z + √(z² + b))/2; for z < 0 the other form of the same number, b/(2·(√(z² + b) − z)), in which
// nothing cancels. Barron (2021), arXiv:2112.11687.
template <>
struct Body<Activation::squareplus> {
    static constexpr bool saves_output = false;
    // √(z² + b), which is |z| where z² would overflow.
    template <class T>
    static HL_INLINE V<T> root(V<T> z, T b) {
        constexpr T far = sizeof(T) == 4 ? T(1e15) : T(1e150);
        const V<T> size = absolute<T>(z), near = size > far ? broadcast(T(0)) : z;
        return size > far ? size : square_root(fma(near, near, broadcast(b)));
    }
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T* p) {
        const V<T> sum = absolute<T>(z) + root<T>(z, p[0]);
        const V<T> zero = broadcast(T(0));
        const V<T> below = p[0] == T(0) ? zero : T(0.5) * p[0] / sum;
        return z < T(0) ? below : sum * T(0.5);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T* p) {
        // (√(z² + b) + z)/(2·√(z² + b)), of which the numerator is had as above.
        const V<T> size = root<T>(z, p[0]), half = broadcast(T(0.5)), one = broadcast(T(1));
        const V<T> share = absolute<T>(z) == size ? one : absolute<T>(z) / size;
        const V<T> below = p[0] / (absolute<T>(z) + size) / size * half;
        const V<T> value = z < T(0) ? below : (share + T(1)) * half;
        return size == T(0) ? half : value;
    }
};

// 1/(1 + 1/|z|) beyond 1, so that infinity becomes 1.
template <>
struct Body<Activation::softsign> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        const V<T> size = absolute<T>(z), one = broadcast(T(1));
        const V<T> large = one / size;
        const V<T> numerator = size > T(1) ? one : size;
        return with_sign_of<T>(numerator / ((size > T(1) ? large : size) + T(1)), z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
        const V<T> rest = T(1) - absolute<T>(a);
        return rest * rest;
    }
};

template <>
struct Body<Activation::tanh> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return ::tanh<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
        return (T(1) - a) * (a + T(1));
    }
};

// z − tanh z = z·c/(1 + c), c = z²/(3 + z²/(5 + …)), near 0, where the difference would cancel:
// Lambert's continued fraction, cut where it is exact to the last place below |z| = 1.25.
template <>
struct Body<Activation::tanh_shrink> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        constexpr int levels = sizeof(T) == 4 ? 6 : 9;
        const V<T> far = broadcast(T(1.25));
        const V<T> near = absolute<T>(z) > far ? far : z;
        const V<T> square = near * near;
        V<T> n = broadcast(T(2 * levels + 1)), d = broadcast(T(1));
#pragma GCC unroll 16
        for (int k = levels - 1; k > 0; --k) {
            const V<T> next = fma(square, d, n * T(2 * k + 1));
            d = n;
            n = next;
        }
        const V<T> small = near * (square * d / fma(square, d, n));
        return absolute<T>(z) > far ? z - ::tanh<T>(z) : small;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        const V<T> t = ::tanh<T>(z);
        return t * t;
    }
};

template <>
struct Body<Activation::sigmoid> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return ::sigmoid<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
        return a * (T(1) - a);
    }
};

template <>
struct Body<Activation::log_sigmoid> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return -::softplus<T>(-z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        return ::sigmoid<T>(-z);
    }
};

template <>
struct Body<Activation::exponential> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return exp<T>(z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
        return a;
    }
};

template <>
struct Body<Activation::sin> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return sine<T>(z, 0);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        return sine<T>(z, 1);
    }
};

// exp(−z²), z² being carried in two parts, for exp multiplies its rounding error by z².
template <>
struct Body<Activation::gaussian> {
    static constexpr bool saves_output = false;
    template <class T>
    static constexpr T farthest = sizeof(T) == 4 ? T(11) : T(28);  // 0 beyond
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        z = near_zero<T>(z, farthest<T>);
        const V<T> square = z * z, rest = fma(z, z, -square);
        const V<T> leading = exp<T>(-square);
        return fma(leading, -rest, leading);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T* p) {
        return near_zero<T>(z, farthest<T>) * value<T>(z, p) * T(-2);
    }
};

}  // namespace
