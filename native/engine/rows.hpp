// Rows of a table as the caller holds them; nothing is copied.
#pragma once

#include <cstddef>

namespace hl {

template <class T>
struct Rows {
    const T* inputs;  // [n, features], row-major
    size_t n;
    int features;
    const T* targets;  // [n, target_units], row-major; a class index has one unit
    int target_units;
    const T* weights;  // [n], or null for ones
};

}  // namespace hl
