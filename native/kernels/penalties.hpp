// Penalties of outputs and of pairs of weights, and what constraints need of norms.
#pragma once

#include "vector.hpp"

namespace {

// penalties[column] <- Σ over the units of l1·|x| + l2·x².
template <class T>
void penalise(int units, int columns, ptrdiff_t stride, T l1, T l2, const T* x, T* penalties) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < units; ++i) {
            const V<T> value = load(x + i * stride + j);
            sum = sum + (magnitude(value) * l1 + value * value * l2);
        }
        store(penalties + j, sum);
    }
}

// gradient <- l1·sign(x) + two_l2·x, or gradient + this; sign(±0) = ±0.
template <class T>
void penalty_slope(int units, int columns, ptrdiff_t stride, T l1, T two_l2, const T* x,
                   T* gradient, bool accumulate) {
    const V<T> zero = broadcast(T(0)), step = broadcast(l1);
    for (int i = 0; i < units; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            const V<T> value = load(x + at);
            const V<T> slope = (value > zero   ? step
                                : value < zero ? -step
                                               : value) +
                               value * two_l2;
            store(gradient + at, accumulate ? load(gradient + at) + slope : slope);
        }
    }
}

// sums[column] <- Σ|c| of each column; c <- sign(c). Row first + j of column j counts as 0.
template <class T>
void take_signs(int rows, int columns, ptrdiff_t stride, int first, T* c, double* sums) {
    for (int j = 0; j < columns; ++j) sums[j] = 0.0;
    for (int i = 0; i < rows; ++i) {
        T* row = c + i * stride;
        if (i >= first && i < first + columns) row[i - first] = T(0);
        for (int j = 0; j < columns; ++j) {
            const T value = row[j];
            sums[j] += __builtin_fabs(static_cast<double>(value));
            row[j] = value > T(0) ? T(1) : value < T(0) ? T(-1) : value;
        }
    }
}

// slopes <- slopes − along·(Σ slopes·line)·line of each column: what is left of them across the
// line, whose length is 1.
template <class T>
void leave_across(int rows, int columns, ptrdiff_t stride, const T* lines, const T* along,
                  T* slopes) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < rows; ++i) {
            sum = fma(load(slopes + i * stride + j), load(lines + i * stride + j), sum);
        }
        sum = -sum * load(along + j);
        for (int i = 0; i < rows; ++i) {
            T* at = slopes + i * stride + j;
            store(at, fma(sum, load(lines + i * stride + j), load(at)));
        }
    }
}

// x is [n, Block]: of each column Σx², and x·factor.
template <class T>
void squares_of_columns(int n, const T* x, double* sums) {
    for (int l = 0; l < hl::Block<T>; ++l) sums[l] = 0.0;
    for (int i = 0; i < n; ++i) {
        for (int l = 0; l < hl::Block<T>; ++l) {
            const double value = static_cast<double>(x[i * hl::Block<T> + l]);
            sums[l] += value * value;
        }
    }
}

template <class T>
void scale_columns(int n, const T* factors, T* x) {
    for (int i = 0; i < n; ++i) {
        for (int l = 0; l < hl::Block<T>; l += Lanes<T>) {
            T* at = x + i * hl::Block<T> + l;
            store(at, load(at) * load(factors + l));
        }
    }
}

}  // namespace
