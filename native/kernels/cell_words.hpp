// Counter-based random words for the cells of a batch: what a cell gets depends on (key, step,
// unit, column) alone, not on who computes it or in which order.
#pragma once

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
using CellVector = typename CellWords<T>::Vector;

// Units `unit` to `unit + 3`, which one call of Philox gives, for a vector of columns.
template <class T>
struct FourUnits {
    CellWords<T> words[4];

    HL_INLINE FourUnits(int unit, int column, uint64_t key, uint64_t step) {
        const Philox::Words zero = {};
        for (int from = 0; from < Lanes<T>; from += Philox::lanes) {
            Philox random = {{counted_from(static_cast<uint64_t>(column + from)),
                              zero + static_cast<uint64_t>(unit / 4), zero + step,
                              zero + (step >> 32)}};
            random.generate(key);
            for (int w = 0; w < 4; ++w) words[w].set(from, random.word[w]);
        }
    }

    HL_INLINE CellVector<T> of(int w) const {
        CellVector<T> own;
        __builtin_memcpy(&own, words[w].word, sizeof(own));
        return own;
    }
};

}  // namespace
