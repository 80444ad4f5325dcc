// Philox4x32-10, many counters at once: Salmon et al. (2011), "Parallel random numbers: as easy as
// 1, 2, 3", doi:10.1145/2063384.2063405.
#pragma once

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

// One generator a lane.
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

// Blocks of counters at a time; what lies beyond n is computed and not kept.
inline void random_bits(uint64_t seed, uint32_t stream, uint32_t part, uint64_t first, int n,
                        uint64_t* bits) {
    constexpr int lanes = 16;
    using Lane = PhiloxLanes<lanes>;
    for (int i = 0; i < n; i += lanes) {
        typename Lane::Words words[4] = {};
        for (int l = 0; l < lanes; ++l) {
            const uint64_t index = first + static_cast<uint64_t>(i + l);
            words[0][l] = static_cast<uint32_t>(index);
            words[1][l] = static_cast<uint32_t>(index >> 32);
        }
        words[2] += part;
        words[3] += stream;
        Lane::generate(words, seed);
        for (int l = 0; l < lanes && i + l < n; ++l) {
            bits[i + l] = uint64_t{words[0][l]} << 32 | words[1][l];
        }
    }
}

}  // namespace
