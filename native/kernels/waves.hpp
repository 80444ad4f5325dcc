// Cosine and sine of 2π·frequency·x + phase, and what comes back to that angle.
#pragma once

#include "trigonometric.hpp"

namespace {

// `sine_of_it` may be null: not wanted.
template <class T>
HL_INLINE void wave(V<T> angle, T* cosine, T* sine_of_it) {
    store(cosine, sine<T>(angle, 1));
    if (sine_of_it != nullptr) store(sine_of_it, sine<T>(angle, 0));
}

template <class T>
void circle(int n, const T* angles, T* cosine, T* sine_of_it) {
    for (int j = 0; j < n; j += Lanes<T>) {
        wave<T>(load(angles + j), cosine + j, sine_of_it != nullptr ? sine_of_it + j : nullptr);
    }
}

// A row a frequency. No FMA in the angle: a row predicted alone has the same operations outside
// the kernels.
template <class T>
void waves(int frequencies, int columns, ptrdiff_t stride, const T* x, const T* frequency,
           const T* phase, T* cosine, T* sine_of_it) {
    for (int f = 0; f < frequencies; ++f) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            V<T> angle = load(x + j) * frequency[f] * hl::two_pi<T>;
            if (phase != nullptr) angle = angle + phase[f];
            const ptrdiff_t at = f * stride + j;
            wave<T>(angle, cosine + at, sine_of_it != nullptr ? sine_of_it + at : nullptr);
        }
    }
}

// slope <- upstream of the sine · cosine − upstream of the cosine · sine; no upstream of the sine:
// null. In place or not.
template <class T>
void wave_slopes(int frequencies, int columns, ptrdiff_t stride, const T* cosine_upstream,
                 const T* sine_of_it, const T* sine_upstream, const T* cosine, T* slope) {
    for (int f = 0; f < frequencies; ++f) {
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = f * stride + j;
            const V<T> falling = load(cosine_upstream + at) * load(sine_of_it + at);
            store(slope + at, sine_upstream == nullptr
                                  ? -falling
                                  : load(sine_upstream + at) * load(cosine + at) - falling);
        }
    }
}

}  // namespace
