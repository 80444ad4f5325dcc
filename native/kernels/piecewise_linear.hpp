// How far a number has come through each of some bins, and the slope of that. Only the first bin
// goes below 0, for what is left of all edges, and only the last above 1.
#pragma once

#include "vector.hpp"

namespace {

template <class T>
void piecewise_linear(int bins, int columns, ptrdiff_t stride, const T* x, const T* edges, T* y) {
    const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
    for (int t = 0; t < bins; ++t) {
        const T width = edges[t + 1] - edges[t];
        for (int j = 0; j < columns; j += Lanes<T>) {
            V<T> way = (load(x + j) - edges[t]) / width;
            if (t > 0) way = way < zero ? zero : way;
            if (t < bins - 1) way = way > one ? one : way;
            store(y + t * stride + j, way);
        }
    }
}

// gradient <- Σ over bins that x is in of upstream / width, or gradient + this.
template <class T>
void piecewise_linear_gradient(int bins, int columns, ptrdiff_t stride, const T* x, const T* edges,
                               const T* upstream, T* gradient, bool accumulate) {
    const V<T> zero = broadcast(T(0));
    for (int j = 0; j < columns; j += Lanes<T>) {
        const V<T> at = load(x + j);
        V<T> sum = accumulate ? load(gradient + j) : zero;
        for (int t = 0; t < bins; ++t) {
            V<T> slope = load(upstream + t * stride + j) / (edges[t + 1] - edges[t]);
            if (t > 0) slope = at < edges[t] ? zero : slope;
            if (t < bins - 1) slope = at > edges[t + 1] ? zero : slope;
            sum = sum + slope;
        }
        store(gradient + j, sum);
    }
}

}  // namespace
