// The optimizer's step on parameters whose gradient lies ready.
#pragma once

#include "descend.hpp"
#include "program.hpp"

namespace hl {

// `n` parameters that lie together from element `first` on, n a multiple of Block<T>.
template <class T>
void update_stretch(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting, int place,
                    size_t first, int n, const T* gradient) noexcept {
    static constexpr T one = T(1);
    descend<T>(batch.kernels, update,
               {.m = 1,
                .n = n,
                .k = 1,
                .a = &one,
                .a_row = 0,
                .b = gradient,
                .b_block = Block<T>,
                .weights = static_cast<ptrdiff_t>(first),
                .weights_block = Block<T>,
                .rule = update.rules[place]},
               waiting);
}

// Block `item` of a vector of `units` parameters; `gradient` gives that of a unit. What lies beyond
// the vector's end has the gradient 0.
template <class T>
void update_vector(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                   const Parameter& vector, int units, int item, const auto& gradient) noexcept {
    alignas(64) T block[Block<T>] = {};
    const int first = item * Block<T>;
    for (int i = 0; i < Block<T> && first + i < units; ++i) block[i] = gradient(first + i);
    update_stretch(batch, update, waiting, vector.place, vector.offset + first, Block<T>, block);
}

template <class T>
constexpr int blocks_of(int units) noexcept {
    return round_up_to_block<T>(units) / Block<T>;
}

}  // namespace hl
