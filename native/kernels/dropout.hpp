// Inverted dropout with counter-based random bits: what happens to a cell depends on (key, step,
// unit, column) alone, not on who computes it or in which order.
// Srivastava et al. (2014), JMLR 15; Philox4x32-10: Salmon et al. (2011),
// doi:10.1145/2063384.2063405.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

template <int N>
struct LaneWords;
template <>
struct LaneWords<16> {
    typedef uint32_t Words __attribute__((vector_size(64)));
    typedef uint64_t Wide __attribute__((vector_size(128)));
};
template <>
struct LaneWords<8> {
    typedef uint32_t Words __attribute__((vector_size(32)));
    typedef uint64_t Wide __attribute__((vector_size(64)));
};

// One Philox generator a lane, for a block of columns at once.
template <int N>
struct PhiloxLanes {
    using Words = typename LaneWords<N>::Words;
    using Wide = typename LaneWords<N>::Wide;

    static HL_INLINE void round(Words (&c)[4], uint32_t key_0, uint32_t key_1) {
        const Wide p = __builtin_convertvector(c[0], Wide) * 0xD2511F53u;
        const Wide q = __builtin_convertvector(c[2], Wide) * 0xCD9E8D57u;
        const Words p_high = __builtin_convertvector(p >> 32, Words);
        const Words q_high = __builtin_convertvector(q >> 32, Words);
        c[0] = q_high ^ c[1] ^ key_0;
        c[1] = __builtin_convertvector(q, Words);
        c[2] = p_high ^ c[3] ^ key_1;
        c[3] = __builtin_convertvector(p, Words);
    }

    static HL_INLINE void generate(Words (&c)[4], uint64_t key) {
        uint32_t key_0 = static_cast<uint32_t>(key), key_1 = static_cast<uint32_t>(key >> 32);
        for (int i = 0; i < 10; ++i) {
            round(c, key_0, key_1);
            key_0 += 0x9E3779B9u;
            key_1 += 0xBB67AE85u;
        }
    }
};

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
