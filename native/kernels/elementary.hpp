// exp, expm1, log, log1p and tanh for vectors of float and double, made of correctly rounded
// operations only (+ − × ÷ and explicit FMA): every instruction set returns the same bits.
// NaN goes in, NaN comes out. The largest errors of what is made of them are in
// tests/tolerances.py.
#pragma once

#include "vector.hpp"

namespace {

template <class T>
struct Format;

template <>
struct Format<float> {
    static constexpr int mantissa_bits = 23;
    static constexpr int32_t bias = 127;
    static constexpr int32_t sqrt_half_bits = 0x3f3504f3;
    static constexpr float round_magic = 12582912.0f;  // 1.5·2^23: adding it rounds to an integer
    // ln 2 in two parts; the first has 15 trailing zero bits, so n·high is exact for |n| < 2^8.
    static constexpr float ln2_high = 0.693359375f;
    static constexpr float ln2_low = -2.12194440e-4f;
    static constexpr float exp_lowest = -104.0f;  // exp is 0 below
    static constexpr float exp_highest = 89.0f;   // exp is inf above
    static constexpr int exp_terms = 7;           // |r|^8/8! < 2^-27 for |r| <= ln2/2
    static constexpr int log_terms = 5;           // |s|^12 < 2^-30 for |s| <= 0.1716
};

template <>
struct Format<double> {
    static constexpr int mantissa_bits = 52;
    static constexpr int64_t bias = 1023;
    static constexpr int64_t sqrt_half_bits = 0x3fe6a09e667f3bcd;
    static constexpr double round_magic = 6755399441055744.0;
    // The first part has 21 trailing zero bits.
    static constexpr double ln2_high = 0x1.62e42feep-1;
    static constexpr double ln2_low = 0x1.a39ef35793c76p-33;
    static constexpr double exp_lowest = -746.0;
    static constexpr double exp_highest = 710.0;
    static constexpr int exp_terms = 13;
    static constexpr int log_terms = 11;
};

template <class T>
HL_INLINE VBits<T> bits_of(V<T> x) {
    return (VBits<T>)x;
}

template <class T>
HL_INLINE V<T> absolute(V<T> x) {
    return (V<T>)(bits_of<T>(x) & ~bits_of<T>(broadcast(T(-0.0))));
}

template <class T>
HL_INLINE V<T> with_sign_of(V<T> magnitude, V<T> sign) {
    const VBits<T> sign_bit = bits_of<T>(broadcast(T(-0.0)));
    return (V<T>)((bits_of<T>(magnitude) & ~sign_bit) | (bits_of<T>(sign) & sign_bit));
}

// x, or the nearest number in a range. NaN stays NaN.
template <class T>
HL_INLINE V<T> at_least(V<T> x, T least) {
    const V<T> floor = broadcast(least);
    return x < least ? floor : x;
}
template <class T>
HL_INLINE V<T> at_most(V<T> x, T most) {
    const V<T> ceiling = broadcast(most);
    return x > most ? ceiling : x;
}
template <class T>
HL_INLINE V<T> within(V<T> x, T least, T most) {
    return at_most<T>(at_least<T>(x, least), most);
}

// x = n·ln2 + r; exp(x) = 2^n·(1 + tail(r)). 2^n comes as two factors, so that results down to
// the smallest subnormal and up to the largest number are reached without a special case.
template <class T>
struct ExpParts {
    V<T> tail;
    V<T> factor_1;
    V<T> factor_2;
};

template <class T>
constexpr T inverse_factorial(int n) {
    double factorial = 1.0;
    for (int i = 2; i <= n; ++i) factorial *= i;
    return static_cast<T>(1.0 / factorial);
}

template <class T>
HL_INLINE ExpParts<T> exp_parts(V<T> x) {
    using F = Format<T>;
    x = within<T>(x, F::exp_lowest, F::exp_highest);
    const V<T> magic = broadcast(F::round_magic);
    const V<T> shifted = fma(x, broadcast(T(1.4426950408889634074)), magic);
    const V<T> n = shifted - magic;
    V<T> r = fma(n, broadcast(T(-F::ln2_high)), x);
    r = fma(n, broadcast(T(-F::ln2_low)), r);
    V<T> q = broadcast(inverse_factorial<T>(F::exp_terms));
#pragma GCC unroll 16
    for (int i = F::exp_terms - 1; i >= 2; --i) q = fma(q, r, broadcast(inverse_factorial<T>(i)));
    const V<T> tail = fma(r * r, q, r);
    const VBits<T> exponent = bits_of<T>(shifted) - bits_of<T>(magic);
    const VBits<T> half = exponent >> 1;
    const VBits<T> bias = VBits<T>{} + F::bias;
    return {tail, (V<T>)((half + bias) << F::mantissa_bits),
            (V<T>)((exponent - half + bias) << F::mantissa_bits)};
}

template <class T>
HL_INLINE V<T> exp(V<T> x) {
    const ExpParts<T> parts = exp_parts<T>(x);
    return (parts.tail + T(1)) * parts.factor_1 * parts.factor_2;
}

template <class T>
HL_INLINE V<T> expm1(V<T> x) {
    const ExpParts<T> parts = exp_parts<T>(x);
    const V<T> scaled = parts.tail * parts.factor_1 * parts.factor_2;
    return scaled + (parts.factor_1 * parts.factor_2 - T(1));
}

// log(1 + f) for |f| <= √2 − 1: with s = f/(2 + f), log(1 + f) = 2·artanh(s).
template <class T>
HL_INLINE V<T> log1p_small(V<T> f) {
    using F = Format<T>;
    const V<T> s = f / (f + T(2));
    const V<T> square = s * s;
    V<T> series = broadcast(T(2) / T(2 * F::log_terms + 1));
#pragma GCC unroll 16
    for (int i = F::log_terms - 1; i > 0; --i) {
        series = fma(series, square, broadcast(T(2) / T(2 * i + 1)));
    }
    series = series * square;
    const V<T> half_square = f * f * T(0.5);
    return f - (half_square - s * (half_square + series));
}

// log(x) for normal positive x (the engine takes it of sums that are at least 1).
template <class T>
HL_INLINE V<T> log(V<T> x) {
    using F = Format<T>;
    const VBits<T> bits = bits_of<T>(absolute<T>(x));  // a NaN may be negative
    const VBits<T> exponent = (bits - F::sqrt_half_bits) >> F::mantissa_bits;
    const V<T> mantissa = (V<T>)(bits - (exponent << F::mantissa_bits));
    // The same magic number turns small integers into floating point on every instruction set.
    const V<T> magic = broadcast(F::round_magic);
    const V<T> n = (V<T>)(exponent + bits_of<T>(magic)) - magic;
    const V<T> fraction = log1p_small<T>(mantissa - T(1));
    return fma(n, broadcast(F::ln2_high), fma(n, broadcast(F::ln2_low), fraction)) + (x - x);
}

// log(1 + u) for u in [0, 1].
template <class T>
HL_INLINE V<T> log1p_unit(V<T> u) {
    const V<T> limit = broadcast(T(0.41421356237309504880));
    const V<T> zero = broadcast(T(0)), ln2 = broadcast(T(0.69314718055994530942));
    const V<T> f = u > limit ? (u - T(1)) * T(0.5) : u;
    return log1p_small<T>(f) + (u > limit ? ln2 : zero);
}

template <class T>
HL_INLINE V<T> tanh(V<T> x) {
    const V<T> t = expm1<T>(absolute<T>(x) * T(-2));
    return with_sign_of<T>(-t / (t + T(2)), x);
}

template <class T>
HL_INLINE V<T> sigmoid(V<T> x) {
    const V<T> e = exp<T>(-absolute<T>(x));
    const V<T> one = broadcast(T(1));
    return (x < T(0) ? e : one) / (e + T(1));
}

template <class T>
HL_INLINE V<T> softplus(V<T> x) {
    return at_least<T>(x, T(0)) + log1p_unit<T>(exp<T>(-absolute<T>(x)));
}

// The largest unit of each sample, which has its own lane.
template <class T>
HL_INLINE V<T> largest_unit(int units, ptrdiff_t stride, const T* z) {
    V<T> largest = load(z);
    for (int i = 1; i < units; ++i) {
        const V<T> x = load(z + i * stride);
        largest = largest < x ? x : largest;
    }
    return largest;
}

}  // namespace
