// What each member does for itself where samples go through several networks at once. No FMA: a row
// predicted alone has the same operations outside the kernels.
#pragma once

#include "../engine/kernel_table.hpp"
#include "reductions.hpp"
#include "vector.hpp"

namespace {

using hl::MemberScaling;

// Where the numbers of a unit begin; those of the next member are Block<T> further.
template <class T>
HL_INLINE ptrdiff_t numbers_of(int unit, int members) {
    constexpr int width = hl::Block<T>;
    return ptrdiff_t{unit / width} * members * width + unit % width;
}

template <class T>
void scale_members(const MemberScaling<T>& s) {
    constexpr int width = hl::Block<T>;
    for (int i = 0; i < s.units; ++i) {
        const ptrdiff_t own = numbers_of<T>(i, s.members);
        const T* x = s.x + i * s.x_stride;
        T* y = s.y + i * s.y_stride;
        for (int b = 0; b < s.blocks; ++b) {
            for (int m = 0; m < s.members; ++m) {
                const V<T> factor = broadcast(s.factor[own + m * width]);
                const V<T> offset = broadcast(s.offset ? s.offset[own + m * width] : T(0));
                for (int j = 0; j < width; j += Lanes<T>) {
                    V<T> value = load(x + j) * factor;
                    if (s.offset) value = value + offset;
                    store(y + j, s.accumulate ? load(y + j) + value : value);
                }
                y += width;
                if (!s.shares_x || m == s.members - 1) x += width;
            }
        }
    }
}

template <class T>
void fold_members(const MemberScaling<T>& s) {
    constexpr int width = hl::Block<T>;
    for (int i = 0; i < s.units; ++i) {
        const T* factor = s.factor + numbers_of<T>(i, s.members);
        for (int b = 0; b < s.blocks; ++b) {
            for (int j = 0; j < width; j += Lanes<T>) {
                const T* x = s.x + i * s.x_stride + ptrdiff_t{b} * s.members * width + j;
                T* y = s.y + i * s.y_stride + b * width + j;
                V<T> sum = load(x) * factor[0];
                for (int m = 1; m < s.members; ++m) {
                    sum = sum + load(x + m * width) * factor[m * width];
                }
                store(y, s.accumulate ? load(y) + sum : sum);
            }
        }
    }
}

template <class T>
void average_members(int units, int blocks, int members, const T* x, ptrdiff_t x_stride, T* y,
                     ptrdiff_t y_stride) {
    constexpr int width = hl::Block<T>;
    const V<T> count = broadcast(static_cast<T>(members));
    for (int i = 0; i < units; ++i) {
        for (int b = 0; b < blocks; ++b) {
            for (int j = 0; j < width; j += Lanes<T>) {
                const T* own = x + i * x_stride + ptrdiff_t{b} * members * width + j;
                V<T> sum = load(own);
                for (int m = 1; m < members; ++m) sum = sum + load(own + m * width);
                store(y + i * y_stride + b * width + j, sum / count);
            }
        }
    }
}

// Calls `add(lane, x, y)` for n samples, whose blocks lie so far apart.
template <class T>
HL_INLINE void each_sample(size_t n, const T* x, ptrdiff_t x_block, const T* y, ptrdiff_t y_block,
                           auto add) {
    constexpr size_t width = hl::Block<T>;
    for (size_t first = 0; first < n; first += width, x += x_block, y += y_block) {
        const size_t count = n - first < width ? n - first : width;
        for (size_t l = 0; l < count; ++l) add((first + l) % virtual_lanes, x[l], y[l]);
    }
}

template <class T>
double sum_blocks(size_t n, const T* x, ptrdiff_t x_block) {
    LaneSums sums;
    each_sample(n, x, x_block, x, x_block,
                [&](size_t lane, T a, T) { sums.lane[lane] += static_cast<double>(a); });
    return sums.total();
}

template <class T>
double dot_blocks(size_t n, const T* x, ptrdiff_t x_block, const T* y, ptrdiff_t y_block) {
    LaneSums sums;
    each_sample(n, x, x_block, y, y_block, [&](size_t lane, T a, T b) {
        sums.lane[lane] += static_cast<double>(a) * static_cast<double>(b);
    });
    return sums.total();
}

}  // namespace
