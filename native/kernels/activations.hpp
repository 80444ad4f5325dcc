// What an activation does to a batch: one body each, in piecewise.hpp and smooth.hpp, over all
// cells; and those that couple the units of a sample. A row without a body does not compile.
#pragma once

#include "smooth.hpp"

namespace {

template <class T, Activation A>
void activate(int units, int columns, ptrdiff_t stride, const T* z, T* a, const T* parameters) {
    for (int i = 0; i < units; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            store(a + at, Body<A>::template value<T>(load(z + at), parameters));
        }
    }
}

template <class T, Activation A>
void derive(int units, int columns, ptrdiff_t stride, const T* saved, T* gradient,
            const T* parameters) {
    for (int i = 0; i < units; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            store(gradient + at,
                  load(gradient + at) * Body<A>::template slope<T>(load(saved + at), parameters));
        }
    }
}

// Softmax couples the units of a sample, which all lie in one lane: plain loops over the units,
// whose order is the order of the sum.
template <class T>
void softmax(int units, int columns, ptrdiff_t stride, const T* z, T* a, const T*) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        const V<T> largest = largest_unit<T>(units, stride, z + j);
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < units; ++i) {
            const V<T> e = exp<T>(load(z + i * stride + j) - largest);
            store(a + i * stride + j, e);
            sum = sum + e;
        }
        for (int i = 0; i < units; ++i) {
            store(a + i * stride + j, load(a + i * stride + j) / sum);
        }
    }
}

template <class T>
void derive_softmax(int units, int columns, ptrdiff_t stride, const T* a, T* gradient, const T*) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        V<T> mean = broadcast(T(0));
        for (int i = 0; i < units; ++i) {
            mean = fma(load(a + i * stride + j), load(gradient + i * stride + j), mean);
        }
        for (int i = 0; i < units; ++i) {
            const ptrdiff_t at = i * stride + j;
            store(gradient + at, load(a + at) * (load(gradient + at) - mean));
        }
    }
}

template <class T>
void log_softmax(int units, int columns, ptrdiff_t stride, const T* z, T* a, const T*) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        const V<T> largest = largest_unit<T>(units, stride, z + j);
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < units; ++i) sum = sum + exp<T>(load(z + i * stride + j) - largest);
        const V<T> logarithm = log<T>(sum);
        for (int i = 0; i < units; ++i) {
            const ptrdiff_t at = i * stride + j;
            store(a + at, load(z + at) - largest - logarithm);
        }
    }
}

template <class T>
void derive_log_softmax(int units, int columns, ptrdiff_t stride, const T* a, T* gradient,
                        const T*) {
    for (int j = 0; j < columns; j += Lanes<T>) {
        V<T> sum = broadcast(T(0));
        for (int i = 0; i < units; ++i) sum = sum + load(gradient + i * stride + j);
        for (int i = 0; i < units; ++i) {
            const ptrdiff_t at = i * stride + j;
            store(gradient + at, load(gradient + at) - exp<T>(load(a + at)) * sum);
        }
    }
}

// z_i·σ(z_{i + n/2}): the second half of the units are gates for the first.
// Dauphin et al. (2017), arXiv:1612.08083.
template <class T>
void glu(int units, int columns, ptrdiff_t stride, const T* z, T* a, const T*) {
    const ptrdiff_t gate = units / 2 * stride;
    for (int i = 0; i < units / 2; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            store(a + at, load(z + at) * sigmoid<T>(load(z + at + gate)));
        }
    }
}

// From the gradient of the n/2 outputs, in the first rows, to that of all n units.
template <class T>
void derive_glu(int units, int columns, ptrdiff_t stride, const T* z, T* gradient, const T*) {
    const ptrdiff_t gate = units / 2 * stride;
    for (int i = 0; i < units / 2; ++i) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            const V<T> open = sigmoid<T>(load(z + at + gate)), own = load(gradient + at);
            store(gradient + at + gate, own * load(z + at) * (open * (T(1) - open)));
            store(gradient + at, own * open);
        }
    }
}

template <>
struct Body<Activation::glu> {
    static constexpr bool saves_output = false;
};
template <>
struct Body<Activation::softmax> {
    static constexpr bool saves_output = true;
};
template <>
struct Body<Activation::log_softmax> {
    static constexpr bool saves_output = true;
};

}  // namespace
