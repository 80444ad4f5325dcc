#include "column_moments.hpp"

#include <algorithm>

namespace hl {

template <class T>
double column_moments(size_t rows, size_t columns, const T* x, const T* weights, double* means,
                      double* squares) noexcept {
    const auto count = [&](size_t i) { return weights != nullptr ? double{weights[i]} : 1.0; };
    const auto apart = [&](size_t i, size_t j) { return double{x[i * columns + j]} - x[j]; };
    std::fill_n(means, columns, 0.0);
    std::fill_n(squares, columns, 0.0);
    double total = 0.0;
    for (size_t i = 0; i < rows; ++i) {
        total += count(i);
        for (size_t j = 0; j < columns; ++j) means[j] += count(i) * apart(i, j);
    }
    for (size_t j = 0; j < columns; ++j) means[j] /= total;
    for (size_t i = 0; i < rows; ++i) {
        for (size_t j = 0; j < columns; ++j) {
            const double rest = apart(i, j) - means[j];
            squares[j] += count(i) * (rest * rest);
        }
    }
    for (size_t j = 0; j < columns; ++j) means[j] += x[j];
    return total;
}

template double column_moments(size_t, size_t, const float*, const float*, double*,
                               double*) noexcept;
template double column_moments(size_t, size_t, const double*, const double*, double*,
                               double*) noexcept;

}  // namespace hl
