// Means and squares of columns, each one sum over the rows in their order.
#pragma once

#include <cstddef>

namespace hl {

// Of x [rows, columns], at least one row, rows counting as often as `weights` say, each more than 0
// (null: once): the mean of each column, and the sum of the squares of what is left without it,
// which is exactly 0 of a constant column, since all is counted from the first row. Returns how
// many rows counted.
template <class T>
double column_moments(size_t rows, size_t columns, const T* x, const T* weights, double* means,
                      double* squares) noexcept;

}  // namespace hl
