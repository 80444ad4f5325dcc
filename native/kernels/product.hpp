// C = A·B in register tiles of MR rows by NR vectors. Vectors run over the columns of C and k runs
// in order, so each element is one FMA chain whatever the tile, the vector width and the caller's
// split of rows and columns: the same bits everywhere.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

using hl::Product;

// Accumulators hide the FMA latency (4 cycles, two units: at least 8) and leave registers for NR
// vectors of B and one broadcast of A. Vectors in a block of 64 bytes: 1, 2 or 4.
#if defined(__AVX512F__)
constexpr int widest_tile = 4;  // 32 registers: 6 × 4 + 4 + 1, 8 × 2 + 2 + 1
constexpr int tile_rows(int vectors) {
    return vectors >= 3 ? 6 : 8;
}
#elif defined(__aarch64__)
constexpr int widest_tile = 4;  // 32 registers: 6 × 4 + 4 + 1
constexpr int tile_rows(int) {
    return 6;
}
#else
constexpr int widest_tile = 2;  // 16 registers: 6 × 2 + 2 + 1
constexpr int tile_rows(int) {
    return 6;
}
#endif

// A's element (i, k): rows adjacent (RowStep 1: weights read down a column) or columns adjacent.
template <class T, int MR, int NR, bool RowsAdjacent>
void tile(const Product<T>& p, int row, int column) {
    const T* a = p.a + row * p.a_row;
    const T* b = p.b + column;
    T* c = p.c + row * p.c_row + column;
    V<T> sum[MR][NR];
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
        const V<T> first = broadcast(p.start != nullptr ? p.start[row + i] : T(0));
#pragma GCC unroll 4
        for (int j = 0; j < NR; ++j) {
            sum[i][j] = p.accumulate ? load(c + i * p.c_row + j * Lanes<T>) : first;
        }
    }
    const ptrdiff_t row_step = RowsAdjacent ? 1 : p.a_row;
    const ptrdiff_t k_step = RowsAdjacent ? p.a_column : 1;
    for (int k = 0; k < p.k; ++k) {
        V<T> right[NR];
#pragma GCC unroll 4
        for (int j = 0; j < NR; ++j) right[j] = load(b + j * Lanes<T>);
#pragma GCC unroll 8
        for (int i = 0; i < MR; ++i) {
            const V<T> left = broadcast(a[i * row_step]);
#pragma GCC unroll 4
            for (int j = 0; j < NR; ++j) sum[i][j] = fma(left, right[j], sum[i][j]);
        }
        a += k_step;
        b += p.b_row;
    }
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 4
        for (int j = 0; j < NR; ++j) store(c + i * p.c_row + j * Lanes<T>, sum[i][j]);
    }
}

template <class T, int MR, int NR>
void tile_of_height(const Product<T>& p, int height, int row, int column) {
    if constexpr (MR > 0) {
        if (height != MR) return tile_of_height<T, MR - 1, NR>(p, height, row, column);
        if (p.a_row == 1) return tile<T, MR, NR, true>(p, row, column);
        tile<T, MR, NR, false>(p, row, column);
    }
}

// All rows of a panel of NR vectors; tile heights differ by at most one, so no tile is a sliver.
template <class T, int NR>
void panel(const Product<T>& p, int column) {
    constexpr int highest = tile_rows(NR);
    const int tiles = (p.m + highest - 1) / highest;
    for (int t = 0, row = 0; t < tiles; ++t) {
        const int height = p.m / tiles + (t < p.m % tiles ? 1 : 0);
        tile_of_height<T, highest, NR>(p, height, row, column);
        row += height;
    }
}

template <class T>
void multiply(const Product<T>& p) {
    int column = 0;
    for (; p.n - column >= widest_tile * Lanes<T>; column += widest_tile * Lanes<T>) {
        panel<T, widest_tile>(p, column);
    }
    if constexpr (widest_tile * Lanes<T> > hl::Block<T>) {
        const int rest = (p.n - column) / Lanes<T>;
        if (rest == 3) return panel<T, 3>(p, column);
        if (rest == 2) return panel<T, 2>(p, column);
        if (rest == 1) return panel<T, 1>(p, column);
    }
}

}  // namespace
