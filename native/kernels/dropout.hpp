// Dropout and AlphaDropout. Srivastava et al. (2014), JMLR 15; Klambauer et al. (2017),
// arXiv:1706.02515.
#pragma once

#include "cell_words.hpp"

namespace {

// `apply` is told of each vector of cells where it lies and which of them are kept.
template <class T>
HL_INLINE void choose_cells(int units, int columns, int first_column, ptrdiff_t stride, double keep,
                            uint64_t key, uint64_t step, const auto& apply) {
    // The largest word that keeps a cell; of 2^32 words at least one does, and with keep = 1 all.
    const uint64_t keeping = static_cast<uint64_t>(keep * 4294967296.0);
    const CellVector<T> largest =
        CellVector<T>{} + static_cast<uint32_t>(keeping > 0 ? keeping - 1 : 0);
    for (int j = 0; j < columns; j += Lanes<T>) {
        for (int i = 0; i < units; i += 4) {
            const FourUnits<T> random(i, first_column + j, key, step);
            for (int w = 0; w < 4 && i + w < units; ++w) {
                apply((i + w) * stride + j, random.of(w) <= largest);
            }
        }
    }
}

template <class T>
void dropout(int units, int columns, int first_column, ptrdiff_t stride, const T* x, T* y, T* mask,
             double keep, uint64_t key, uint64_t step) {
    const V<T> dropped = broadcast(T(0)), kept = broadcast(static_cast<T>(1.0 / keep));
    choose_cells<T>(units, columns, first_column, stride, keep, key, step,
                    [=](ptrdiff_t at, auto keeps) __attribute__((always_inline)) {
                        const V<T> factor = keeps ? kept : dropped;
                        store(mask + at, factor);
                        store(y + at, load(x + at) * factor);
                    });
}

template <class T>
void alpha_dropout(int units, int columns, int first_column, ptrdiff_t stride, const T* x, T* y,
                   T* mask, double keep, T slope, T offset, T dropped, uint64_t key,
                   uint64_t step) {
    const V<T> zero = broadcast(T(0)), factors = broadcast(slope);
    const V<T> offsets = broadcast(offset), instead = broadcast(dropped);
    choose_cells<T>(units, columns, first_column, stride, keep, key, step,
                    [=](ptrdiff_t at, auto keeps) __attribute__((always_inline)) {
                        const V<T> factor = keeps ? factors : zero;
                        store(mask + at, factor);
                        store(y + at, load(x + at) * factor + (keeps ? offsets : instead));
                    });
}

}  // namespace
