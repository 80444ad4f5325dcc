// The rows of a parameter, or its columns, where its blocks hold them.
#pragma once

#include "program.hpp"

namespace hl {

// In lanes, lines lie side by side, [count / Block, length, Block]; else each goes through all
// blocks, [length / Block, count, Block]. A vector is a single row.
struct Lines {
    size_t offset;
    int count;
    int length;
    bool in_lanes;

    Lines(const ParameterBlock& block, bool rows) noexcept
        : offset(block.offset),
          count(rows ? block.rows : block.columns),
          length(rows ? block.columns : block.rows),
          in_lanes(rows == block.blocks_of_rows) {}

    // Of element k of line i, from the offset on.
    template <class T>
    size_t place(int i, int k) const noexcept {
        constexpr int width = Block<T>;
        return in_lanes ? (static_cast<size_t>(i / width) * length + k) * width + i % width
                        : (static_cast<size_t>(k / width) * count + i) * width + k % width;
    }
    // Elements from a block to the next.
    template <class T>
    ptrdiff_t block() const noexcept {
        return ptrdiff_t{in_lanes ? length : count} * Block<T>;
    }
};

}  // namespace hl
