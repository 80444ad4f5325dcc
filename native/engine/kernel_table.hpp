// The only door to the kernels: one table of function pointers an instruction set.
//
// Layout of every batch buffer: one row a unit, one column a sample ("units by samples"), rows
// `stride` elements apart. Columns come in blocks of `Block<T>` (64 bytes), rows start on 64-byte
// boundaries, so no kernel has a column tail; columns past the last sample hold finite leftovers
// that nothing reads. Each sample lives in one vector lane from input to loss, which is why its
// numbers depend neither on the vector width nor on the samples beside it.
//
// This header is compiled with instruction-set flags: nothing here may pull in code from the
// standard library, whose inline functions the linker could then share with older processors.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "registry.hpp"

namespace hl {

// Columns in 64 bytes: 16 floats or 8 doubles.
template <class T>
inline constexpr int Block = 64 / static_cast<int>(sizeof(T));

// What one step of an optimizer needs; the formulas are Keras's (see kernels/optimizers.hpp).
template <class T>
struct UpdateRule {
    T learning_rate;  // Adam's already holds its bias correction
    T momentum;
    T nesterov;     // 0 or 1
    T beta_1_rest;  // 1 − beta_1, taken before rounding to T
    T beta_2_rest;
    T epsilon;
    T decay;   // weight_decay · learning_rate before bias correction
    T two_l2;  // gradient of l2·w² is two_l2·w
};

// A product C = A·B (+ what C starts from), each element one sequential FMA chain over k.
template <class T>
struct Product {
    int m, n, k;  // n a multiple of Block<T>
    const T* a;   // element (i, j) at a[i*a_row + j*a_column]
    ptrdiff_t a_row;
    ptrdiff_t a_column;
    const T* b;  // [k, n], rows b_row apart, 64-byte aligned
    ptrdiff_t b_row;
    const T* start;   // [m] first value of each row's chains, or null for zero
    bool accumulate;  // chains start from C itself
    T* c;             // [m, n], rows c_row apart, 64-byte aligned
    ptrdiff_t c_row;
};

template <class T>
struct Kernels {
    void (*multiply)(const Product<T>&);

    // [units, columns] in place or not; `parameter` is the activation's own.
    void (*activate[static_cast<int>(Activation::count)])(int units, int columns, ptrdiff_t stride,
                                                          const T* z, T* a, T parameter);
    // gradient <- gradient · f'(saved), saved being z or a as the activation's row says.
    void (*derive[static_cast<int>(Activation::count)])(int units, int columns, ptrdiff_t stride,
                                                        const T* saved, T* gradient, T parameter);

    // Losses per sample, times its weight, into losses[columns]; their gradient, times
    // weight·scale, into gradient (null: not wanted). `prediction` is a for the regressions and z
    // for the cross-entropies, whose gradient is with respect to z.
    void (*loss[static_cast<int>(Loss::count)])(int units, int columns, ptrdiff_t stride,
                                                const T* prediction, const T* target,
                                                ptrdiff_t target_stride, const T* weight, T scale,
                                                T parameter, T* losses, T* gradient);
    // Metric per sample, times its weight, into values[columns].
    void (*metric[static_cast<int>(Metric::count)])(int units, int columns, ptrdiff_t stride,
                                                    const T* prediction, const T* target,
                                                    ptrdiff_t target_stride, const T* weight,
                                                    T* values);

    // One update of n values (a multiple of Block<T>).
    void (*update[static_cast<int>(Optimizer::count)])(int n, T* w, const T* g, T* state_1,
                                                       T* state_2, const UpdateRule<T>& rule);

    // destination[column, unit] <- source[unit, column]; missing units of the last block are zero.
    void (*transpose)(int units, int columns, const T* source, ptrdiff_t source_stride,
                      T* destination, ptrdiff_t destination_stride);
    // destination[feature, column] <- source[rows[column], feature], or row `first + column` when
    // rows is null; columns past the last sample repeat it.
    void (*gather)(int features, int columns, int samples, const T* source, ptrdiff_t source_stride,
                   const uint32_t* rows, size_t first, T* destination, ptrdiff_t stride);

    // y <- x · mask, mask being 1/keep or 0 by the random bits of (key, step, unit, column).
    void (*dropout)(int units, int columns, int first_column, ptrdiff_t stride, const T* x, T* y,
                    T* mask, double keep, uint64_t key, uint64_t step);
    void (*multiply_elementwise)(int units, int columns, ptrdiff_t stride, const T* mask, T* x);
    // target <- source, or target <- target + source.
    void (*copy)(int units, int columns, ptrdiff_t stride, const T* source, T* target,
                 bool accumulate);

    // Sums in a fixed order: 16 virtual lanes, then one tree.
    double (*sum)(size_t n, const T* x);
    double (*sum_of_squares)(size_t n, const T* x);
    bool (*all_finite)(size_t n, const T* x);
};

struct KernelTable {
    const char* isa;
    Kernels<float> f32;
    Kernels<double> f64;
};

template <class T>
const Kernels<T>& kernels_of(const KernelTable& table) noexcept;
template <>
inline const Kernels<float>& kernels_of<float>(const KernelTable& table) noexcept {
    return table.f32;
}
template <>
inline const Kernels<double>& kernels_of<double>(const KernelTable& table) noexcept {
    return table.f64;
}

}  // namespace hl
