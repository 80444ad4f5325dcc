// The products of one sample, whose units lie side by side: vectors run over the outputs, and over
// k runs the same chain as in product.hpp, so that a row alone has the bits it has among others.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

// Vectors `first` to `first + NR` of z.
template <class T, int NR>
HL_INLINE void weigh_vectors(int first, int k, const T* x, const T* weights, ptrdiff_t block,
                             T* z) {
    constexpr int of_block = hl::Block<T> / Lanes<T>;
    V<T> sum[NR];
    const T* w[NR];
#pragma GCC unroll 8
    for (int j = 0; j < NR; ++j) {
        sum[j] = load(z + (first + j) * Lanes<T>);
        w[j] = weights + (first + j) / of_block * block + (first + j) % of_block * Lanes<T>;
    }
    for (int i = 0; i < k; ++i) {
        const V<T> factor = broadcast(x[i]);
#pragma GCC unroll 8
        for (int j = 0; j < NR; ++j) {
            sum[j] = fma(factor, load(w[j] + ptrdiff_t{i} * hl::Block<T>), sum[j]);
        }
    }
#pragma GCC unroll 8
    for (int j = 0; j < NR; ++j) store(z + (first + j) * Lanes<T>, sum[j]);
}

// z[n] += x·weights[k, n]: eight chains of vectors hide the latency of one.
template <class T>
void weigh(int n, int k, const T* x, const T* weights, ptrdiff_t block, T* z) {
    const int vectors = n / Lanes<T>;
    int j = 0;
    for (; vectors - j >= 8; j += 8) weigh_vectors<T, 8>(j, k, x, weights, block, z);
    for (; vectors - j >= 4; j += 4) weigh_vectors<T, 4>(j, k, x, weights, block, z);
    for (; j < vectors; ++j) weigh_vectors<T, 1>(j, k, x, weights, block, z);
}

// z[i] += weights[i, :]·x for a few rows: four scalar chains at a time.
template <class T>
void weigh_rows(int rows, int k, const T* x, const T* weights, ptrdiff_t block, T* z) {
    constexpr int at_once = 4, width = hl::Block<T>;
    for (int i = 0; i < rows; i += at_once) {
        ptrdiff_t row[at_once];
        T sum[at_once];
        for (int r = 0; r < at_once; ++r) {
            const int own = i + r < rows ? i + r : rows - 1;
            row[r] = ptrdiff_t{own} * width;
            sum[r] = z[own];
        }
        for (int q = 0; q < k; ++q) {
            const T* w = weights + q / width * block + q % width;
            for (int r = 0; r < at_once; ++r) {
                if constexpr (sizeof(T) == 4) {
                    sum[r] = __builtin_fmaf(x[q], w[row[r]], sum[r]);
                } else {
                    sum[r] = __builtin_fma(x[q], w[row[r]], sum[r]);
                }
            }
        }
        for (int r = 0; r < at_once && i + r < rows; ++r) z[i + r] = sum[r];
    }
}

}  // namespace
