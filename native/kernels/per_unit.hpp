// What is done to each unit with numbers of its own, over all its samples. No FMA: a row predicted
// alone has the same operations outside the kernels.
#pragma once

#include "vector.hpp"

namespace {

// y <- x·factor, or y + x·factor.
template <class T>
void scale(int units, int columns, ptrdiff_t stride, const T* x, const T* factor, T* y,
           bool accumulate) {
    for (int i = 0; i < units; ++i) {
        const V<T> own = broadcast(factor[i]);
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            const V<T> scaled = load(x + at) * own;
            store(y + at, accumulate ? load(y + at) + scaled : scaled);
        }
    }
}

// y <- (x − shift)·factor + offset.
template <class T>
void affine(int units, int columns, ptrdiff_t stride, const T* x, const T* shift, const T* factor,
            const T* offset, T* y) {
    for (int i = 0; i < units; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            store(y + at, (load(x + at) - shift[i]) * factor[i] + offset[i]);
        }
    }
}

// y <- from + share·(towards − from), or y + this.
template <class T>
void blend(int units, int columns, ptrdiff_t stride, const T* from, const T* towards,
           const T* share, T* y, bool accumulate) {
    for (int i = 0; i < units; ++i) {
        const V<T> own = broadcast(share[i]);
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            const V<T> start = load(from + at);
            const V<T> blended = start + own * (load(towards + at) - start);
            store(y + at, accumulate ? load(y + at) + blended : blended);
        }
    }
}

}  // namespace
