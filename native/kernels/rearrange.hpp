// Transposes in registers, and the gathering of a batch's rows into columns.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

// The low (or high) halves of a and b, element by element in turn.
template <class T, bool High>
HL_INLINE V<T> interleave(V<T> a, V<T> b) {
    constexpr int n = Lanes<T>, from = High ? n / 2 : 0;
    if constexpr (n == 16) {
        return __builtin_shufflevector(a, b, from, n + from, from + 1, n + from + 1, from + 2,
                                       n + from + 2, from + 3, n + from + 3, from + 4, n + from + 4,
                                       from + 5, n + from + 5, from + 6, n + from + 6, from + 7,
                                       n + from + 7);
    } else if constexpr (n == 8) {
        return __builtin_shufflevector(a, b, from, n + from, from + 1, n + from + 1, from + 2,
                                       n + from + 2, from + 3, n + from + 3);
    } else if constexpr (n == 4) {
        return __builtin_shufflevector(a, b, from, n + from, from + 1, n + from + 1);
    } else {
        return __builtin_shufflevector(a, b, from, n + from);
    }
}

// A square of Lanes × Lanes: log2(Lanes) rounds of perfect shuffles.
template <class T>
HL_INLINE void transpose_square(V<T> (&rows)[Lanes<T>]) {
    constexpr int n = Lanes<T>;
#pragma GCC unroll 4
    for (int round = 1; round < n; round *= 2) {
        V<T> next[n];
#pragma GCC unroll 16
        for (int i = 0; i < n / 2; ++i) {
            next[2 * i] = interleave<T, false>(rows[i], rows[i + n / 2]);
            next[2 * i + 1] = interleave<T, true>(rows[i], rows[i + n / 2]);
        }
#pragma GCC unroll 16
        for (int i = 0; i < n; ++i) rows[i] = next[i];
    }
}

template <class T>
void transpose(int units, int columns, const T* source, ptrdiff_t source_stride, T* destination,
               ptrdiff_t block_stride) {
    constexpr int n = Lanes<T>, width = hl::Block<T>;
    for (int i = 0; i < units; i += n) {
        T* block = destination + i / width * block_stride + i % width;
        for (int j = 0; j < columns; j += n) {
            V<T> square[n];
            for (int r = 0; r < n; ++r) {
                square[r] =
                    i + r < units ? load(source + (i + r) * source_stride + j) : broadcast(T(0));
            }
            transpose_square<T>(square);
            for (int r = 0; r < n; ++r) {
                store(block + (j + r) * width, square[r]);
            }
        }
    }
}

template <class T>
void gather(int features, int columns, int samples, const T* source, ptrdiff_t source_stride,
            const uint32_t* rows, size_t first, T* destination, ptrdiff_t stride) {
    constexpr int n = Lanes<T>;
    const int whole = features / n * n;
    for (int j = 0; j < columns; j += n) {
        const T* row[n];
        for (int r = 0; r < n; ++r) {
            const int sample = j + r < samples ? j + r : samples - 1;
            const size_t index = rows != nullptr ? rows[sample] : first + sample;
            row[r] = source + index * source_stride;
        }
        for (int f = 0; f < whole; f += n) {
            V<T> square[n];
            for (int r = 0; r < n; ++r) square[r] = load_unaligned(row[r] + f);
            transpose_square<T>(square);
            for (int r = 0; r < n; ++r) store(destination + (f + r) * stride + j, square[r]);
        }
        for (int f = whole; f < features; ++f) {
            for (int r = 0; r < n; ++r) destination[f * stride + j + r] = row[r][f];
        }
    }
}

template <class T>
void copy(int units, int columns, ptrdiff_t stride, T factor, const T* source, T* target,
          bool accumulate) {
    for (int i = 0; i < units; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            const V<T> x = load(source + at) * factor;
            store(target + at, accumulate ? load(target + at) + x : x);
        }
    }
}

template <class T>
void multiply_elementwise(int units, int columns, ptrdiff_t stride, const T* a, const T* b,
                          T* target, bool accumulate) {
    for (int i = 0; i < units; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            const V<T> product = load(a + at) * load(b + at);
            store(target + at, accumulate ? load(target + at) + product : product);
        }
    }
}

}  // namespace
