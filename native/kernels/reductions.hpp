// Sums along memory: 16 virtual lanes of double on every instruction set, then one tree.
#pragma once

#include <stddef.h>

namespace {

constexpr size_t virtual_lanes = 16;

struct LaneSums {
    double lane[virtual_lanes] = {};

    double total() {
        constexpr size_t half = virtual_lanes / 2;
        double sum[half];
        for (size_t l = 0; l < half; ++l) sum[l] = lane[l] + lane[l + half];
        return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
    }
};

template <class T>
double sum(size_t n, const T* x) {
    LaneSums sums;
    const size_t whole = n / virtual_lanes * virtual_lanes;
    for (size_t i = 0; i < whole; i += virtual_lanes) {
        for (size_t l = 0; l < virtual_lanes; ++l) sums.lane[l] += static_cast<double>(x[i + l]);
    }
    for (size_t l = 0; l < virtual_lanes; ++l) {
        sums.lane[l] += whole + l < n ? static_cast<double>(x[whole + l]) : 0.0;
    }
    return sums.total();
}

template <class T>
double sum_of_magnitudes(size_t n, const T* x) {
    LaneSums sums;
    for (size_t i = 0; i < n; ++i) {
        sums.lane[i % virtual_lanes] += __builtin_fabs(static_cast<double>(x[i]));
    }
    return sums.total();
}

template <class T>
double sum_of_squares(size_t n, const T* x) {
    LaneSums sums;
    const size_t whole = n / virtual_lanes * virtual_lanes;
    for (size_t i = 0; i < whole; i += virtual_lanes) {
        for (size_t l = 0; l < virtual_lanes; ++l) {
            const double value = static_cast<double>(x[i + l]);
            sums.lane[l] += value * value;
        }
    }
    for (size_t i = whole; i < n; ++i) {
        const double value = static_cast<double>(x[i]);
        sums.lane[i - whole] += value * value;
    }
    return sums.total();
}

// Σ x·y.
template <class T>
double dot(size_t n, const T* x, const T* y) {
    LaneSums sums;
    const size_t whole = n / virtual_lanes * virtual_lanes;
    for (size_t i = 0; i < whole; i += virtual_lanes) {
        for (size_t l = 0; l < virtual_lanes; ++l) {
            sums.lane[l] += static_cast<double>(x[i + l]) * static_cast<double>(y[i + l]);
        }
    }
    for (size_t i = whole; i < n; ++i) {
        sums.lane[i - whole] += static_cast<double>(x[i]) * static_cast<double>(y[i]);
    }
    return sums.total();
}

template <class T>
bool all_finite(size_t n, const T* x) {
    bool finite = true;
    for (size_t i = 0; i < n; ++i) finite &= x[i] - x[i] == T(0);
    return finite;
}

}  // namespace
