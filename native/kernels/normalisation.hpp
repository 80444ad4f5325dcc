// Normalisation over the samples of each unit, and over the units of each sample.
#pragma once

#include "../engine/kernel_table.hpp"
#include "reductions.hpp"
#include "vector.hpp"

namespace {

// Of each unit: the mean of its samples, and the mean of their squared distances from it.
template <class T>
void moments(int units, int samples, ptrdiff_t stride, const T* x, T* mean, T* variance) {
    constexpr int lanes = static_cast<int>(virtual_lanes);
    const int whole = samples / lanes * lanes;
    for (int i = 0; i < units; ++i) {
        const T* own = x + i * stride;
        const double middle = sum(static_cast<size_t>(samples), own) / samples;
        LaneSums squares;
        for (int j = 0; j < whole; j += lanes) {
            for (int l = 0; l < lanes; ++l) {
                const double distance = static_cast<double>(own[j + l]) - middle;
                squares.lane[l] += distance * distance;
            }
        }
        for (int j = whole; j < samples; ++j) {
            const double distance = static_cast<double>(own[j]) - middle;
            squares.lane[j - whole] += distance * distance;
        }
        mean[i] = static_cast<T>(middle);
        variance[i] = static_cast<T>(squares.total() / samples);
    }
}

// 1/sqrt(variance + epsilon), n a multiple of Block<T>.
template <class T>
void inverse_deviations(int n, const T* variance, T epsilon, T* inverse) {
    for (int i = 0; i < n; i += Lanes<T>) {
        store(inverse + i, T(1) / square_root(load(variance + i) + epsilon));
    }
}

// Of each unit: Σ dy and Σ dy·(x − mean) over its samples.
template <class T>
void sums_about_mean(int units, int samples, ptrdiff_t stride, const T* dy, const T* x,
                     const T* mean, double* sums, double* products) {
    constexpr int lanes = static_cast<int>(virtual_lanes);
    const int whole = samples / lanes * lanes;
    for (int i = 0; i < units; ++i) {
        const T *slope = dy + i * stride, *own = x + i * stride;
        const double middle = static_cast<double>(mean[i]);
        LaneSums plain, weighted;
        for (int j = 0; j < whole; j += lanes) {
            for (int l = 0; l < lanes; ++l) {
                const double upstream = static_cast<double>(slope[j + l]);
                plain.lane[l] += upstream;
                weighted.lane[l] += upstream * (static_cast<double>(own[j + l]) - middle);
            }
        }
        for (int j = whole; j < samples; ++j) {
            const double upstream = static_cast<double>(slope[j]);
            plain.lane[j - whole] += upstream;
            weighted.lane[j - whole] += upstream * (static_cast<double>(own[j]) - middle);
        }
        sums[i] = plain.total();
        products[i] = weighted.total();
    }
}

// dx <- factor·(dy − shift − (x − mean)·slope), or dx + this.
template <class T>
void derive_about_mean(int units, int columns, ptrdiff_t stride, const T* dy, const T* x,
                       const T* mean, const T* factor, const T* shift, const T* slope, T* dx,
                       bool accumulate) {
    for (int i = 0; i < units; ++i) {
        const V<T> middle = broadcast(mean[i]), scale = broadcast(factor[i]);
        const V<T> less = broadcast(shift[i]), along = broadcast(slope[i]);
        for (int j = 0; j < columns; j += Lanes<T>) {
            const ptrdiff_t at = i * stride + j;
            const V<T> rest = load(dy + at) - less - (load(x + at) - middle) * along;
            store(dx + at, accumulate ? load(dx + at) + rest * scale : rest * scale);
        }
    }
}

// Vectors of columns that are computed side by side, which hides the latency of the chains.
constexpr int vectors_at_once = 4;

template <class T>
HL_INLINE void each_columns(int columns, const auto& work) {
    int j = 0;
    for (; columns - j >= vectors_at_once * Lanes<T>; j += vectors_at_once * Lanes<T>) {
        work.template operator()<vectors_at_once>(j);
    }
    for (; j < columns; j += Lanes<T>) work.template operator()<1>(j);
}

// y <- (x − mean)·inverse·gamma + beta; what comes before gamma into `normalised`, unless null.
// No FMA: a row predicted alone has the same operations outside the kernels.
template <class T>
void normalise_units(const hl::UnitNorm<T>& norm, int units, int columns, ptrdiff_t stride,
                     const T* x, const T* gamma, const T* beta, T* y, T* normalised, T* inverse) {
    each_columns<T>(columns, [&]<int N>(int first) __attribute__((always_inline)) {
        V<T> mean[N] = {}, sum[N] = {}, scale[N];
        if (norm.centres) {
            for (int i = 0; i < units; ++i) {
                const T* own = x + i * stride + first;
#pragma GCC unroll 4
                for (int v = 0; v < N; ++v) mean[v] += load(own + v * Lanes<T>);
            }
#pragma GCC unroll 4
            for (int v = 0; v < N; ++v) mean[v] *= norm.share;
        }
        for (int i = 0; i < units; ++i) {
            const T* own = x + i * stride + first;
#pragma GCC unroll 4
            for (int v = 0; v < N; ++v) {
                const V<T> distance = load(own + v * Lanes<T>) - mean[v];
                sum[v] += distance * distance;
            }
        }
        const V<T> most = broadcast(norm.most);
#pragma GCC unroll 4
        for (int v = 0; v < N; ++v) {
            scale[v] = T(1) / square_root(sum[v] * norm.share + norm.epsilon);
            scale[v] = scale[v] > most ? most : scale[v];
            if (inverse != nullptr) store(inverse + first + v * Lanes<T>, scale[v]);
        }
        for (int i = 0; i < units; ++i) {
            const ptrdiff_t at = i * stride + first;
#pragma GCC unroll 4
            for (int v = 0; v < N; ++v) {
                V<T> value = (load(x + at + v * Lanes<T>) - mean[v]) * scale[v];
                if (normalised != nullptr) store(normalised + at + v * Lanes<T>, value);
                if (gamma != nullptr) value *= gamma[i];
                if (beta != nullptr) value += beta[i];
                store(y + at + v * Lanes<T>, value);
            }
        }
    });
}

// dx <- inverse·(g − share·Σg − normalised·share·Σ(g·normalised)), g = dy·gamma, or dx + this; the
// first sum if the norm centres, the second unless the inverse was cut off.
template <class T>
void derive_units(const hl::UnitNorm<T>& norm, int units, int columns, ptrdiff_t stride,
                  const T* dy, const T* gamma, const T* normalised, const T* inverse, T* dx,
                  bool accumulate) {
    each_columns<T>(columns, [&]<int N>(int first) __attribute__((always_inline)) {
        V<T> plain[N] = {}, weighted[N] = {}, scale[N];
        for (int i = 0; i < units; ++i) {
            const ptrdiff_t at = i * stride + first;
            const V<T> own = broadcast(gamma != nullptr ? gamma[i] : T(1));
#pragma GCC unroll 4
            for (int v = 0; v < N; ++v) {
                const V<T> g = load(dy + at + v * Lanes<T>) * own;
                plain[v] += g;
                weighted[v] += g * load(normalised + at + v * Lanes<T>);
            }
        }
        const V<T> zero = broadcast(T(0));
#pragma GCC unroll 4
        for (int v = 0; v < N; ++v) {
            scale[v] = load(inverse + first + v * Lanes<T>);
            plain[v] = norm.centres ? plain[v] * norm.share : zero;
            weighted[v] = scale[v] >= norm.most ? zero : weighted[v] * norm.share;
        }
        for (int i = 0; i < units; ++i) {
            const ptrdiff_t at = i * stride + first;
            const V<T> own = broadcast(gamma != nullptr ? gamma[i] : T(1));
#pragma GCC unroll 4
            for (int v = 0; v < N; ++v) {
                const ptrdiff_t here = at + v * Lanes<T>;
                const V<T> g = load(dy + here) * own;
                const V<T> slope =
                    (g - plain[v] - load(normalised + here) * weighted[v]) * scale[v];
                store(dx + here, accumulate ? load(dx + here) + slope : slope);
            }
        }
    });
}

}  // namespace
