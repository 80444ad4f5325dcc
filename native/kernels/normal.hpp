// Normally distributed numbers from counters. Box and Muller (1958),
// doi:10.1214/aoms/1177706645.
#pragma once

#include "cell_words.hpp"
#include "trigonometric.hpp"

namespace {

// (k + ½)/2^31 for the upper 31 bits k of a word: signed numbers of 31 bits become floating point
// alike on every instruction set. In float the largest may round to 1.
HL_INLINE V<float> fraction(CellVector<float> words) {
    const V<float> whole = __builtin_convertvector((VBits<float>)(words >> 1), V<float>);
    return (whole + 0.5f) * 0x1p-31f;
}
HL_INLINE V<double> fraction(CellVector<double> words) {
    const V<double> magic = broadcast(0x1p52);
    const V<double> whole = (V<double>)((VBits<double>)(words >> 1) | (VBits<double>)magic) - magic;
    return (whole + 0.5) * 0x1p-31;
}

// to <- mean + deviation·z. The units 2i and 2i + 1 are a pair of Box and Muller's.
template <class T>
void normal(int units, int columns, int first_column, ptrdiff_t stride, T mean, T deviation, T* to,
            uint64_t key, uint64_t step) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        for (int i = 0; i < units; i += 4) {
            const FourUnits<T> random(i, first_column + j, key, step);
            for (int w = 0; w < 4 && i + w < units; w += 2) {
                const V<T> radius = square_root(log<T>(fraction(random.of(w))) * T(-2)) * deviation;
                const V<T> angle = fraction(random.of(w + 1)) * T(6.28318530717958647693);
                T* own = to + (i + w) * stride + j;
                store(own, radius * sine<T>(angle, 1) + mean);
                if (i + w + 1 < units) store(own + stride, radius * sine<T>(angle, 0) + mean);
            }
        }
    }
}

}  // namespace
