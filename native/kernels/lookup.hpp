// What comes back to the rows of a table that samples were looked up in.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

template <class T>
void add_by_code(int samples, const T* codes, int first_code, int count, const T* rows, T* sums) {
    constexpr int width = hl::Block<T>;
    for (int s = 0; s < samples; ++s) {
        const unsigned place =
            static_cast<unsigned>(static_cast<int>(codes[s])) - static_cast<unsigned>(first_code);
        if (place >= static_cast<unsigned>(count)) continue;
        T* to = sums + place * ptrdiff_t{width};
        const T* row = rows + s * ptrdiff_t{width};
        for (int v = 0; v < width; v += Lanes<T>) store(to + v, load(to + v) + load(row + v));
    }
}

}  // namespace
