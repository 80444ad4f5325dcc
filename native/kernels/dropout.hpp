// Inverted dropout with counter-based random bits: what happens to a cell depends on (key, step,
// unit, column) alone, not on who computes it or in which order.
// Srivastava et al. (2014), JMLR 15.
#pragma once

#include "../engine/kernel_table.hpp"
#include "philox.hpp"
#include "vector.hpp"

namespace {

template <class T>
void dropout(int units, int columns, int first_column, ptrdiff_t stride, const T* x, T* y, T* mask,
             double keep, uint64_t key, uint64_t step) {
    constexpr int n = hl::Block<T>;
    using Lane = PhiloxLanes<n>;
    // The largest word that keeps a cell; of 2^32 words at least one does, and with keep = 1 all.
    const uint64_t keeping = static_cast<uint64_t>(keep * 4294967296.0);
    const uint32_t largest = static_cast<uint32_t>(keeping > 0 ? keeping - 1 : 0);
    const T scale = static_cast<T>(1.0 / keep);
    for (int j = 0; j < columns; j += n) {
        typename Lane::Words column;
        for (int l = 0; l < n; ++l) column[l] = static_cast<uint32_t>(first_column + j + l);
        for (int i = 0; i < units; i += 4) {
            const typename Lane::Words zero = {};
            typename Lane::Words words[4] = {column, zero + static_cast<uint32_t>(i / 4),
                                             zero + static_cast<uint32_t>(step),
                                             zero + static_cast<uint32_t>(step >> 32)};
            Lane::generate(words, key);
            for (int u = i; u < units && u < i + 4; ++u) {
                const ptrdiff_t at = u * stride + j;
                for (int l = 0; l < n; ++l) {
                    mask[at + l] = words[u - i][l] <= largest ? scale : T(0);
                    y[at + l] = x[at + l] * mask[at + l];
                }
            }
        }
    }
}

}  // namespace
