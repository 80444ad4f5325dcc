// The products of one sample, whose units lie side by side: vectors run over the outputs, and over
// k runs the same chain as in product.hpp, so that a row alone has the bits it has among others.
#pragma once

#include "vector.hpp"

namespace {

template <class T, int NR>
HL_INLINE void weigh_vectors(int k, const T* x, const T* weights, ptrdiff_t row, T* z) {
    V<T> sum[NR];
#pragma GCC unroll 8
    for (int j = 0; j < NR; ++j) sum[j] = load(z + j * Lanes<T>);
    for (int i = 0; i < k; ++i, weights += row) {
        const V<T> factor = broadcast(x[i]);
#pragma GCC unroll 8
        for (int j = 0; j < NR; ++j) sum[j] = fma(factor, load(weights + j * Lanes<T>), sum[j]);
    }
#pragma GCC unroll 8
    for (int j = 0; j < NR; ++j) store(z + j * Lanes<T>, sum[j]);
}

// z[n] += x·weights[k, n]: eight chains of vectors hide the latency of one.
template <class T>
void weigh(int n, int k, const T* x, const T* weights, ptrdiff_t row, T* z) {
    int j = 0;
    for (; n - j >= 8 * Lanes<T>; j += 8 * Lanes<T>) {
        weigh_vectors<T, 8>(k, x, weights + j, row, z + j);
    }
    for (; n - j >= 4 * Lanes<T>; j += 4 * Lanes<T>) {
        weigh_vectors<T, 4>(k, x, weights + j, row, z + j);
    }
    for (; j < n; j += Lanes<T>) weigh_vectors<T, 1>(k, x, weights + j, row, z + j);
}

// z[i] += weights[i, :]·x for a few rows: four scalar chains at a time.
template <class T>
void weigh_rows(int rows, int k, const T* x, const T* weights, ptrdiff_t row, T* z) {
    constexpr int at_once = 4;
    for (int i = 0; i < rows; i += at_once) {
        const T* w[at_once];
        T sum[at_once];
        for (int r = 0; r < at_once; ++r) {
            const int own = i + r < rows ? i + r : rows - 1;
            w[r] = weights + own * row;
            sum[r] = z[own];
        }
        for (int q = 0; q < k; ++q) {
            for (int r = 0; r < at_once; ++r) {
                if constexpr (sizeof(T) == 4) {
                    sum[r] = __builtin_fmaf(x[q], w[r][q], sum[r]);
                } else {
                    sum[r] = __builtin_fma(x[q], w[r][q], sum[r]);
                }
            }
        }
        for (int r = 0; r < at_once && i + r < rows; ++r) z[i + r] = sum[r];
    }
}

}  // namespace
