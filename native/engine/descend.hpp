// The gradient of a part of the weights, and as much of the optimizer's step as its timing allows.
#pragma once

#include "kernel_table.hpp"

namespace hl {

template <class T>
void descend(const Kernels<T>& kernels, const Update<T>& update, const Descent<T>& descent,
             Waiting<T>& waiting) noexcept {
    const int optimizer = static_cast<int>(update.optimizer);
    if (update.timing == Timing::woven) return kernels.descend[optimizer](update, descent, waiting);
    kernels.differentiate(update, descent, waiting);
    if (update.timing == Timing::whole) return;
    const ptrdiff_t size = ptrdiff_t{descent.m} * Block<T>;
    for (int block = 0; block < descent.n / Block<T>; ++block) {
        const ptrdiff_t first = descent.weights + block * descent.weights_block;
        kernels.complete(update, *descent.rule, first, size);
        if (update.timing == Timing::later) continue;
        kernels.apply[optimizer](update, *descent.rule, T(1), first, size);
    }
}

}  // namespace hl
