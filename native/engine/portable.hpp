// Powers, logarithms and a cosine in double with the same bits on every machine. The C library's
// are as accurate, but their last bit changes from one processor or library to the next; these
// consist of correctly rounded operations in a fixed order. To be included where contraction is
// off.
#pragma once

#include <cmath>

namespace hl {

// Σ terms·xⁱ for the odd or even series below, by Horner from the last term.
template <int n>
double series(const double (&terms)[n], double x) noexcept {
    double sum = terms[n - 1];
    for (int i = n - 2; i >= 0; --i) sum = sum * x + terms[i];
    return sum;
}

// cos(π·x), x in [0, 1]: the sine of the distance from a half, Taylor to the 21st power, the next
// term being less than 2⁻⁵⁹.
inline double cosine_of_half_turns(double x) noexcept {
    constexpr double terms[] = {1.0,
                                -1.0 / 6,
                                1.0 / 120,
                                -1.0 / 5040,
                                1.0 / 362880,
                                -1.0 / 39916800,
                                1.0 / 6227020800,
                                -1.0 / 1307674368000,
                                1.0 / 355687428096000,
                                -1.0 / 121645100408832000,
                                1.0 / 51090942171709440000.0};
    const double angle = 3.14159265358979323846 * (0.5 - x);
    return angle * series(terms, angle * angle);
}

// x = 2^exponent·e^rest, x > 0 and not subnormal.
struct Logarithm {
    int exponent;
    double rest;
};

// x = m·2^e with m in [√½, √2], and ln m = 2·artanh((m−1)/(m+1)), whose 12th term is less than 2⁻⁵⁸
// of the first.
inline Logarithm logarithm(double x) noexcept {
    constexpr double terms[] = {1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9, 1.0 / 11,
                                1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21};
    int exponent = 0;
    double m = std::frexp(x, &exponent);
    if (m < 0.70710678118654752440) {
        m *= 2.0;
        --exponent;
    }
    const double s = (m - 1.0) / (m + 1.0);
    return {exponent, 2.0 * s * series(terms, s * s)};
}

inline double natural_logarithm(double x) noexcept {
    const auto [exponent, rest] = logarithm(x);
    return exponent * 0.69314718055994530942 + rest;
}

// log₂ x; of a power of two, without any error.
inline double binary_logarithm(double x) noexcept {
    const auto [exponent, rest] = logarithm(x);
    return exponent + rest * 1.44269504088896340736;
}

// e^y: y = n·ln 2 + r with ln 2 in two parts, the first having zeros enough for n·(it) to be exact;
// Taylor to the 13th power, the next term being less than 2⁻⁵⁷.
inline double exponential(double y) noexcept {
    constexpr double high = 0x1.62e42fefap-1, low = 0x1.cf79abc9e3b3ap-40;
    constexpr double terms[] = {1.0,
                                1.0,
                                1.0 / 2,
                                1.0 / 6,
                                1.0 / 24,
                                1.0 / 120,
                                1.0 / 720,
                                1.0 / 5040,
                                1.0 / 40320,
                                1.0 / 362880,
                                1.0 / 3628800,
                                1.0 / 39916800,
                                1.0 / 479001600,
                                1.0 / 6227020800};
    if (y < -745.0) return 0.0;
    if (y > 709.0) return HUGE_VAL;
    const double n = std::floor(y / 0.69314718055994530942 + 0.5);
    return std::ldexp(series(terms, (y - n * high) - n * low), static_cast<int>(n));
}

// x^y, x ≥ 0. Its relative error is about |y·ln x| + 4 units in the last place.
inline double power(double x, double y) noexcept {
    if (y == 0.0) return 1.0;
    if (x == 0.0 || y == 1.0) return x;
    return exponential(y * natural_logarithm(x));
}

}  // namespace hl
