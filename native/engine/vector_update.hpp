// The optimizer's step on parameters whose gradient lies ready: a block of a vector at a time.
#pragma once

#include "descend.hpp"
#include "program.hpp"

namespace hl {

// Block `item` of a vector of `units` parameters; `gradient` gives that of a unit. What lies beyond
// the vector's end has the gradient 0.
template <class T>
void update_vector(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                   const Parameter& vector, int units, int item, const auto& gradient) noexcept {
    static constexpr T one = T(1);
    alignas(64) T block[Block<T>] = {};
    const int first = item * Block<T>;
    for (int i = 0; i < Block<T> && first + i < units; ++i) block[i] = gradient(first + i);
    descend<T>(batch.kernels, update,
               {.m = 1,
                .n = Block<T>,
                .k = 1,
                .a = &one,
                .a_row = 0,
                .b = block,
                .b_block = Block<T>,
                .weights = static_cast<ptrdiff_t>(vector.offset) + first,
                .weights_block = Block<T>,
                .rule = update.rules[vector.place]},
               waiting);
}

template <class T>
constexpr int blocks_of(int units) noexcept {
    return round_up_to_block<T>(units) / Block<T>;
}

}  // namespace hl
