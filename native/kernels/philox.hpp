// Philox4x32-10, many counters at once: Salmon et al. (2011), "Parallel random numbers: as easy as
// 1, 2, 3", doi:10.1145/2063384.2063405.
#pragma once

#include "vector.hpp"

namespace {

// One generator a lane, and one of its words in the lower half of each: what is in the upper half
// means nothing, since the multiplier reads the lower one alone.
struct Philox {
    static constexpr int lanes = HL_VECTOR_BYTES / 8;
    using Words = WideWords;
    Words word[4];

    HL_INLINE void generate(uint64_t key) {
        uint32_t key_0 = static_cast<uint32_t>(key), key_1 = static_cast<uint32_t>(key >> 32);
#pragma GCC unroll 10
        for (int i = 0; i < 10; ++i) {
            const Words p = multiply_words(word[0], 0xD2511F53u);
            const Words q = multiply_words(word[2], 0xCD9E8D57u);
            word[0] = (q >> 32) ^ word[1] ^ uint64_t { key_0 };
            word[1] = q;
            word[2] = (p >> 32) ^ word[3] ^ uint64_t { key_1 };
            word[3] = p;
            key_0 += 0x9E3779B9u;
            key_1 += 0xBB67AE85u;
        }
    }
};

// {first, first + 1, …}
HL_INLINE Philox::Words counted_from(uint64_t first) {
    Philox::Words numbers;
    for (int l = 0; l < Philox::lanes; ++l) numbers[l] = first + static_cast<uint64_t>(l);
    return numbers;
}

// As many counters at a time as there are lanes; what lies beyond n is computed and not kept.
inline void random_bits(uint64_t seed, uint32_t stream, uint32_t part, uint64_t first, int n,
                        uint64_t* bits) {
    const Philox::Words zero = {};
    for (int i = 0; i < n; i += Philox::lanes) {
        const Philox::Words index = counted_from(first + static_cast<uint64_t>(i));
        Philox random = {{index, index >> 32, zero + uint64_t{part}, zero + uint64_t{stream}}};
        random.generate(seed);
        const Philox::Words result = random.word[0] << 32 | (random.word[1] & 0xFFFFFFFFu);
        if (n - i >= Philox::lanes) {
            __builtin_memcpy(bits + i, &result, sizeof(result));
        } else {
            for (int l = 0; i + l < n; ++l) bits[i + l] = result[l];
        }
    }
}

}  // namespace
