#include "orthogonal.hpp"

#include <cmath>
#include <vector>

namespace hl {

namespace {

// Columns from `begin` on of two rows that share no memory.
void add_multiple(int begin, int end, double factor, const double* __restrict from,
                  double* __restrict to) {
    for (int j = begin; j < end; ++j) to[j] += factor * from[j];
}

// a[from:, begin:] -= beta·v·(vᵀ·a), v in the column `from` of `vectors`; rows in order, so that
// every sum has one order. Both have `columns` columns.
void reflect(int rows, int columns, int from, int begin, double beta, const double* vectors,
             double* a, std::vector<double>& sums) {
    sums.assign(columns, 0.0);
    for (int i = from; i < rows; ++i) {
        const size_t row = size_t(i) * columns;
        add_multiple(begin, columns, vectors[row + from], a + row, sums.data());
    }
    for (int j = begin; j < columns; ++j) sums[j] *= -beta;
    for (int i = from; i < rows; ++i) {
        const size_t row = size_t(i) * columns;
        add_multiple(begin, columns, vectors[row + from], sums.data(), a + row);
    }
}

}  // namespace

void orthonormal_columns(int rows, int columns, double* a, double* q) {
    std::vector<double> sums, diagonal(columns), beta(columns);
    for (int k = 0; k < columns; ++k) {
        double squares = 0.0;
        for (int i = k; i < rows; ++i) {
            squares += a[size_t(i) * columns + k] * a[size_t(i) * columns + k];
        }
        double& head = a[size_t(k) * columns + k];
        diagonal[k] = head > 0.0 ? -std::sqrt(squares) : std::sqrt(squares);
        head -= diagonal[k];
        beta[k] = squares > 0.0 ? -1.0 / (diagonal[k] * head) : 0.0;
        reflect(rows, columns, k, k + 1, beta[k], a, a, sums);
    }
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < columns; ++j) q[size_t(i) * columns + j] = i == j ? 1.0 : 0.0;
    }
    for (int k = columns; k-- > 0;) {
        reflect(rows, columns, k, k, beta[k], a, q, sums);
    }
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < columns; ++j) {
            if (diagonal[j] < 0.0) q[size_t(i) * columns + j] *= -1.0;
        }
    }
}

}  // namespace hl
