// Sine and cosine, made of correctly rounded operations only, as elementary.hpp.
#pragma once

#include "elementary.hpp"

namespace {

// π/2 in three parts: with FMAs, n times the first is taken away exactly, and what the others leave
// is nothing beside the result. Cody and Waite (1980), Software manual for the elementary
// functions.
template <class T>
struct HalfPi;
template <>
struct HalfPi<float> {
    static constexpr float parts[] = {0x1.921fb6p+0f, -0x1.777a5cp-25f, -0x1.ee59dap-50f};
    static constexpr float farthest = 4194304.0f;  // 2^22: n has to be a whole number of its type
    static constexpr int terms = 5;                // r^12/12! < 2^-32 for |r| <= π/4
};
template <>
struct HalfPi<double> {
    static constexpr double parts[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54,
                                       -0x1.f1976b7ed8fbcp-110};
    static constexpr double farthest = 35184372088832.0;  // 2^45
    static constexpr int terms = 9;                       // r^20/20! < 2^-68
};

// sin(x + quarters·π/2), x being taken as at most `farthest` from 0; of an infinity as of a NaN.
template <class T>
HL_INLINE V<T> sine(V<T> x, int quarters) {
    using F = Format<T>;
    using H = HalfPi<T>;
    const V<T> given = x, strange = x - x;  // NaN for NaN and infinities
    x = within<T>(x, -H::farthest, H::farthest);
    const V<T> magic = broadcast(F::round_magic);
    const V<T> shifted = fma(x, broadcast(T(0.63661977236758134308)), magic);
    const V<T> n = shifted - magic;
    V<T> r = x;
#pragma GCC unroll 3
    for (int i = 0; i < 3; ++i) r = fma(n, broadcast(-H::parts[i]), r);
    const V<T> square = r * r;
    V<T> odd = broadcast(inverse_factorial<T>(2 * H::terms + 1));
    V<T> even = broadcast(inverse_factorial<T>(2 * H::terms));
#pragma GCC unroll 16
    for (int i = H::terms - 1; i > 0; --i) {
        odd = fma(-odd, square, broadcast(inverse_factorial<T>(2 * i + 1)));
        even = fma(-even, square, broadcast(inverse_factorial<T>(2 * i)));
    }
    const V<T> sine_of_r = fma(-odd * square, r, r);
    const V<T> cosine_of_r = fma(-even, square, broadcast(T(1)));
    const VBits<T> quadrant = bits_of<T>(shifted) + quarters;
    const VBits<T> zero = {};
    const V<T> value = (quadrant & 1) != zero ? cosine_of_r : sine_of_r;
    const V<T> result = ((quadrant & 2) != zero ? -value : value) + strange;
    if (quarters != 0) return result;
    return given == T(0) ? given : result;  // which has a sign
}

}  // namespace
