// Inverted dropout with counter-based random bits: what happens to a cell depends on (key, step,
// unit, column) alone, not on who computes it or in which order.
// Srivastava et al. (2014), JMLR 15.
#pragma once

#include "../engine/kernel_table.hpp"
#include "philox.hpp"
#include "vector.hpp"

namespace {

// A random word of 32 bits for each cell of a vector, in lanes as wide as the cell.
template <class T>
struct CellWords;
template <>
struct CellWords<float> {
    typedef uint32_t Vector __attribute__((vector_size(HL_VECTOR_BYTES), may_alias));
    typedef uint32_t Half __attribute__((vector_size(HL_VECTOR_BYTES / 2), may_alias));
    uint32_t word[Lanes<float>];

    HL_INLINE void set(int from, Philox::Words words) {
        const Half half = __builtin_convertvector(words, Half);
        __builtin_memcpy(word + from, &half, sizeof(half));
    }
};
template <>
struct CellWords<double> {
    typedef uint64_t Vector __attribute__((vector_size(HL_VECTOR_BYTES), may_alias));
    uint64_t word[Lanes<double>];

    HL_INLINE void set(int from, Philox::Words words) {
        const Philox::Words lower = words & 0xFFFFFFFFu;
        __builtin_memcpy(word + from, &lower, sizeof(lower));
    }
};

template <class T>
void dropout(int units, int columns, int first_column, ptrdiff_t stride, const T* x, T* y, T* mask,
             double keep, uint64_t key, uint64_t step) {
    using Vector = typename CellWords<T>::Vector;
    // The largest word that keeps a cell; of 2^32 words at least one does, and with keep = 1 all.
    const uint64_t keeping = static_cast<uint64_t>(keep * 4294967296.0);
    const Vector largest = Vector{} + static_cast<uint32_t>(keeping > 0 ? keeping - 1 : 0);
    const V<T> dropped = broadcast(T(0)), kept = broadcast(static_cast<T>(1.0 / keep));
    const Philox::Words zero = {};
    for (int j = 0; j < columns; j += Lanes<T>) {
        for (int i = 0; i < units; i += 4) {
            CellWords<T> words[4];
            for (int from = 0; from < Lanes<T>; from += Philox::lanes) {
                Philox random = {{counted_from(static_cast<uint64_t>(first_column + j + from)),
                                  zero + static_cast<uint64_t>(i / 4), zero + step,
                                  zero + (step >> 32)}};
                random.generate(key);
                for (int w = 0; w < 4; ++w) words[w].set(from, random.word[w]);
            }
            for (int w = 0; w < 4 && i + w < units; ++w) {
                Vector own;
                __builtin_memcpy(&own, words[w].word, sizeof(own));
                const ptrdiff_t at = (i + w) * stride + j;
                const V<T> factor = own <= largest ? kept : dropped;
                store(mask + at, factor);
                store(y + at, load(x + at) * factor);
            }
        }
    }
}

}  // namespace
