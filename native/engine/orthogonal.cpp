#include "orthogonal.hpp"

#include <cmath>
#include <vector>

namespace hl {

namespace {

// a[from:, begin:] -= beta·v·(vᵀ·a), v in the column `from` of `vectors`; rows in order, so that
// every sum has one order. Both have `columns` columns.
void reflect(int rows, int columns, int from, int begin, double beta, const double* vectors,
             double* a, std::vector<double>& sums) {
    sums.assign(columns, 0.0);
    for (int i = from; i < rows; ++i) {
        const double v = vectors[size_t(i) * columns + from];
        for (int j = begin; j < columns; ++j) sums[j] += v * a[size_t(i) * columns + j];
    }
    for (int j = begin; j < columns; ++j) sums[j] *= beta;
    for (int i = from; i < rows; ++i) {
        const double v = vectors[size_t(i) * columns + from];
        for (int j = begin; j < columns; ++j) a[size_t(i) * columns + j] -= v * sums[j];
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
