// What random bits are for. The kernel `random_bits` makes them: (seed, stream, part, index) → 64
// bits, whoever asks and in whatever order; `part` tells apart what shares a stream (a node, a
// parameter, an epoch).
#pragma once

#include <cstdint>

namespace hl {

enum class Stream : uint32_t { initial_weights = 1, shuffle = 2, dropout = 3, noise = 4 };

// Uniform in [0, 1), with 53 random bits.
inline double random_fraction(uint64_t bits) noexcept {
    return static_cast<double>(bits >> 11) * 0x1p-53;
}

// Uniform in (−1/2, 1/2), with 52 random bits; each number has its negative.
inline double random_centred(uint64_t bits) noexcept {
    return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52 - 0.5;
}

// Uniform in [0, n), by multiplication (Lemire 2019); its bias, n/2^64, is beyond measurement.
inline uint64_t random_below(uint64_t n, uint64_t bits) noexcept {
    return static_cast<uint64_t>(static_cast<unsigned __int128>(n) * bits >> 64);
}

}  // namespace hl
