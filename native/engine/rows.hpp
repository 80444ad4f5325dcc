// Rows of a table as the caller holds them; nothing is copied.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hl {

template <class T>
struct Rows {
    const T* inputs;  // [n of the table, features], row-major
    size_t n;         // rows to read: of the subset, or all of the table
    int features;
    const T* targets;  // [n of the table, target_units]; a class index has one unit
    int target_units;
    const T* weights;                  // [n of the table], or null for ones
    const uint32_t* subset = nullptr;  // [n] places in the table, or null for 0, 1, …, n − 1
};

}  // namespace hl
