// Q(x) = erfc(x/√2)/2, the upper tail of the normal distribution, for the exact gelu.
// (x + 2)·exp(x²/2)·Q(x) is a polynomial in t = (x − 4)/(x + 4); tools/fit_gaussian_tail.py
// fitted it and says how far it is off.
#pragma once

#include "elementary.hpp"

namespace {

template <class T>
struct TailFit;

template <>
struct TailFit<float> {
    static constexpr float farthest = 20.0f;  // Q is 0 beyond
    static constexpr float coefficients[] = {
        // float, degree 12, relative error 1.8e-9
        0.5664638478f,    -0.2671011905f,   0.1383788931f,    -0.04310727963f,  -0.001333119781f,
        0.009445919997f,  -0.004494110375f, 0.0003464370627f, 0.0005051959602f, -0.0001281628777f,
        -5.469593863e-5f, 1.541668252e-5f,  5.129588623e-6f,
    };
};

template <>
struct TailFit<double> {
    static constexpr double farthest = 40.0;
    static constexpr double coefficients[] = {
        // double, degree 24, relative error 2.3e-17
        0.56646384781181362003,    -0.26710119887498149347,     0.13837889006368782393,
        -0.043107043284159237822,  -0.0013330333217067776359,   0.0094440019967498215512,
        -0.0044948165173962031167, 0.00035319076500090516695,   0.00050771285147684200946,
        -0.0001399852347643335725, -0.000059204953812008627844, 0.000025882012760583121096,
        9.3238254384343293365e-6,  -4.2628135556031110548e-6,   -1.9529077703820207162e-6,
        6.127884535871098075e-7,   4.6074633276833696207e-7,    -5.413689403384975067e-8,
        -1.0530640118710287134e-7, -5.9685268767397467667e-9,   2.0673788234416157728e-8,
        3.4388823414942783429e-9,  -2.9990564881668738941e-9,   -4.8824932986481999668e-10,
        2.3432166315295209093e-10,
    };
};

template <class T>
struct NormalTail {
    V<T> density;  // exp(−x²/2)
    V<T> tail;     // Q(x)
};

// For x >= 0; x² is carried in two parts, for exp would multiply its rounding error by x²/2.
template <class T>
HL_INLINE NormalTail<T> normal_tail(V<T> x) {
    using Fit = TailFit<T>;
    constexpr int count = static_cast<int>(sizeof(Fit::coefficients) / sizeof(T));
    x = at_most<T>(x, Fit::farthest);
    const V<T> square = x * x;
    const V<T> rest = fma(x, x, -square);
    const V<T> leading = exp<T>(square * T(-0.5));
    const V<T> density = fma(leading, rest * T(-0.5), leading);
    const V<T> t = (x - T(4)) / (x + T(4));
    V<T> p = broadcast(Fit::coefficients[count - 1]);
#pragma GCC unroll 32
    for (int i = count - 2; i >= 0; --i) p = fma(p, t, broadcast(Fit::coefficients[i]));
    return {density, density * (p / (x + T(2)))};
}

}  // namespace
