// As many fused multiply-adds a second as registers alone allow: the yardstick of the benchmarks.
#pragma once

#include "vector.hpp"

namespace {

// Runs `rounds` rounds; returns how many floating-point operations they were.
template <class T>
double multiply_registers(size_t rounds, T factor, T* sum) {
    constexpr int chains = 12;  // more than latency times units, fewer than any register file
    V<T> total[chains];
#pragma GCC unroll 12
    for (int i = 0; i < chains; ++i) total[i] = broadcast(*sum + T(i));
    const V<T> a = broadcast(factor), b = broadcast(T(1) - factor);
    for (size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (int i = 0; i < chains; ++i) total[i] = fma(total[i], a, b);
    }
    for (int i = 1; i < chains; ++i) total[0] = total[0] + total[i];
    *sum = total[0][0];
    return 2.0 * chains * Lanes<T> * static_cast<double>(rounds);
}

}  // namespace
