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

// Σ x·y, or Σ x, over n samples of some members at a time, so that memory is read as it lies.
template <class T, bool Products>
HL_INLINE void sum_each(size_t n, int members, const hl::MemberSums<T>& s, double* totals) {
    constexpr size_t width = hl::Block<T>;
    LaneSums sums[hl::members_at_once];
    const T *x = s.x, *y = s.y;
    for (size_t first = 0; first < n; first += width, x += s.x_block, y += s.y_block) {
        const size_t count = n - first < width ? n - first : width;
        for (int m = 0; m < members; ++m) {
            double* lane = sums[m].lane + first % virtual_lanes;
            const T *own = x + m * width, *other = Products ? y + m * s.y_member : own;
            const auto add = [&](size_t l) {
                const double value = static_cast<double>(own[l]);
                lane[l] += Products ? value * static_cast<double>(other[l]) : value;
            };
            if (count == width) {
                for (size_t l = 0; l < width; ++l) add(l);
            } else {
                for (size_t l = 0; l < count; ++l) add(l);
            }
        }
    }
    for (int m = 0; m < members; ++m) totals[m] = sums[m].total();
}

template <class T>
void sum_members(size_t n, int members, const hl::MemberSums<T>& sums, double* totals) {
    if (sums.y == nullptr) return sum_each<T, false>(n, members, sums, totals);
    sum_each<T, true>(n, members, sums, totals);
}

}  // namespace
