// Counter-based random numbers: (seed, stream, index) → bits, whoever asks and in whatever order.
// Philox4x32-10: Salmon et al. (2011), "Parallel random numbers: as easy as 1, 2, 3".
#pragma once

#include <array>
#include <cstdint>

namespace hl {

enum class Stream : uint32_t { initial_weights = 1, shuffle = 2, dropout = 3 };

inline std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, uint64_t key) noexcept {
    uint32_t key_0 = static_cast<uint32_t>(key), key_1 = static_cast<uint32_t>(key >> 32);
    for (int i = 0; i < 10; ++i) {
        const uint64_t p = uint64_t{counter[0]} * 0xD2511F53u;
        const uint64_t q = uint64_t{counter[2]} * 0xCD9E8D57u;
        counter = {static_cast<uint32_t>(q >> 32) ^ counter[1] ^ key_0, static_cast<uint32_t>(q),
                   static_cast<uint32_t>(p >> 32) ^ counter[3] ^ key_1, static_cast<uint32_t>(p)};
        key_0 += 0x9E3779B9u;
        key_1 += 0xBB67AE85u;
    }
    return counter;
}

// 64 bits number `index` of a stream; `part` tells apart what shares one (a node, a parameter).
inline uint64_t random_bits(uint64_t seed, Stream stream, uint32_t part, uint64_t index) noexcept {
    const auto words = philox({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32),
                               part, static_cast<uint32_t>(stream)},
                              seed);
    return uint64_t{words[0]} << 32 | words[1];
}

// Uniform in [0, 1), with 53 random bits.
inline double random_uniform(uint64_t seed, Stream stream, uint32_t part, uint64_t index) noexcept {
    return static_cast<double>(random_bits(seed, stream, part, index) >> 11) * 0x1p-53;
}

// Uniform in [0, n), by multiplication (Lemire 2019); its bias, n/2^64, is beyond measurement.
inline uint64_t random_below(uint64_t n, uint64_t bits) noexcept {
    return static_cast<uint64_t>(static_cast<unsigned __int128>(n) * bits >> 64);
}

}  // namespace hl
