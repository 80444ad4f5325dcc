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

// How products go through weights: a tile takes `tallest_tile` rows at most, and so many rows stay
// in the second-level cache, 96 kB, while a batch passes. Whoever shares weights cuts them there.
inline constexpr int tallest_tile = 8, rows_at_once = 96;

// What a row of targets holds: a value a unit, a share a class, or the number of the class.
enum class Targets { values, one_hot, index };

template <class T>
inline constexpr T two_pi = T(6.283185307179586476925);

// What one step of an optimizer needs for weights that have their factors in common; the formulas
// are Keras's (see kernels/optimizers.hpp).
template <class T>
struct UpdateRule {
    T learning_rate = T(0);  // holds corrections of the bias
    T momentum = T(0);
    T beta_1_rest = T(0);  // 1 − beta_1, taken before rounding to T
    T beta_2 = T(0);       // or rho
    T beta_2_rest = T(0);
    T epsilon = T(0);
    T mean_factor = T(0);  // Nadam's, of the mean and of the gradient
    T gradient_factor = T(0);
    T decay = T(0);  // weight_decay · learning_rate before corrections
    // The gradient of the penalties l1·|w| + l2·w².
    T l1;
    T two_l2;
    bool penalises;  // either is not 0
    bool has_momentum;
    bool nesterov;
    bool centered;
    bool amsgrad;
};

// When a step changes the weights: the rule is woven into the sums of the gradient, which is never
// whole; or it follows each part of the gradient; or the whole of it; or it waits for more batches.
enum class Timing { woven, by_parts, whole, later };

// An optimizer's step, and what it changes.
template <class T>
struct Update {
    Optimizer optimizer;
    Timing timing;
    const UpdateRule<T>* const* rules;  // of each of the program's parameters
    T* parameters;
    T* state_1;  // null: it has none
    T* state_2;
    T* state_3;
    T* gradient;   // null where the rule is woven
    bool adds;     // the gradient of a batch to what is there
    T share;       // of each batch in the gradient, once it has all
    T clip_value;  // what no element of the gradient exceeds
};

// [units, columns] of rows `stride` apart: an activation or the derivative of one. `parameters` are
// the activation's own, in the order of its row.
template <class T>
using Pass = void (*)(int units, int columns, ptrdiff_t stride, const T* from, T* to,
                      const T* parameters);
// The most of them that a row has.
inline constexpr int most_parameters = 3;

// A product C = A·B (+ what C starts from), each element one sequential FMA chain over k.
template <class T>
struct Product {
    int m, n, k;  // n a multiple of Block<T>
    // A lies in blocks, `a_block` apart, of Block<T> rows or of Block<T> columns. Element (i, k) is
    // at a[i / Block * a_block + k * Block + i % Block] where rows are in blocks, else
    // at a[k / Block * a_block + i * Block + k % Block].
    const T* a;
    ptrdiff_t a_block;
    bool rows_in_blocks;
    const T* b;  // [k, n], rows b_row apart, 64-byte aligned
    ptrdiff_t b_row;
    const T* start;   // [m] first value of each row's chains, or null for zero
    bool accumulate;  // chains start from C itself
    T* c;             // [m, n], rows c_row apart, 64-byte aligned
    ptrdiff_t c_row;

    // Run on each part of C as it is done and still in the cache, unless null; `finish_from` and
    // `finish_to` have C's shape, and one of them is C.
    Pass<T> finish;
    const T* finish_from;
    T* finish_to;
    const T* finish_parameters;
};

// The gradient of weights, gradient[m, n] = A·B, and what an optimizer makes of it, without the
// gradient ever being whole: see kernels/descent.hpp.
template <class T>
struct Descent {
    int m, n, k;  // n a multiple of Block<T>
    const T* a;   // [m, k], rows a_row apart
    ptrdiff_t a_row;
    const T* b;  // [n / Block<T>, k, Block<T>], blocks b_block apart, 64-byte aligned
    ptrdiff_t b_block;
    ptrdiff_t weights;  // element of the parameters where [n / Block<T>, m, Block<T>] begin
    ptrdiff_t weights_block;
    const UpdateRule<T>* rule;
};

// Gradients that are summed and wait for the optimizer, and what is on its way through the rule:
// a thread's own, from one descent to the next. Zeros: nothing.
template <class T>
struct alignas(64) Waiting {
    static constexpr unsigned capacity = 32;  // vectors; a power of two
    T gradients[capacity * Block<T>];
    ptrdiff_t weights[capacity];
    const UpdateRule<T>* rule;  // of all that waits
    unsigned first;             // vectors that ever left, and that ever came
    unsigned last;
    alignas(64) unsigned char moving[1024];  // the Conveyor of kernels/descent.hpp
};

// A loss of some samples: its value for each, times the sample's weight, and its gradient with
// respect to `prediction`, times weight·scale. What has weight 0 has loss 0 and gradient 0.
template <class T>
struct Comparison {
    int units, columns;
    ptrdiff_t stride;
    const T* prediction;  // [units, columns], rows `stride` apart
    const T* target;      // rows `target_stride` apart, as many as the loss takes for so many units
    ptrdiff_t target_stride;
    const T* weight;  // [columns], or null for ones
    T scale;
    const T* numbers;  // [n_numbers], the settings of the loss in the order of its row
    int n_numbers;
    T* losses;    // [columns]
    T* gradient;  // [units, columns], rows `stride` apart; null: not wanted
};

// What a sample is divided by, over its units: y = (x − mean)·inverse, where the inverse is
// 1/sqrt(share·Σ(x − mean)² + epsilon), and at most `most`.
template <class T>
struct UnitNorm {
    bool centres;  // else the mean is taken as 0
    T share;
    T epsilon;
    T most;
};

// y <- x·factor + offset with numbers of each member. A row is a unit; y has a block of samples for
// each member in turn, then the next block.
template <class T>
struct MemberScaling {
    int units, blocks, members;
    const T* x;
    ptrdiff_t x_stride;
    T* y;
    ptrdiff_t y_stride;
    bool shares_x;    // x has one block of samples for all members, else one for each
    const T* factor;  // [units / Block<T>, members, Block<T>]
    const T* offset;  // the same, or null for 0
    bool accumulate;  // y <- y + …
};

// Σ x·y, or Σ x where y is null, over the samples of members, whose blocks lie so far apart: x has
// a block for each member in turn; the next member's of y is `y_member` further, 0 if it is shared.
inline constexpr int members_at_once = 8;
template <class T>
struct MemberSums {
    const T* x;
    ptrdiff_t x_block;
    const T* y;
    ptrdiff_t y_block;
    ptrdiff_t y_member;
};

template <class T>
struct Kernels {
    void (*multiply)(const Product<T>&);
    // The same chains for one sample, weights in blocks of Block<T> columns, `block` apart:
    // z[n] += x[k]·weights[k, n], n a multiple of Block<T>, and z[rows] += weights[rows, k]·x[k].
    void (*weigh)(int n, int k, const T* x, const T* weights, ptrdiff_t block, T* z);
    void (*weigh_rows)(int rows, int k, const T* x, const T* weights, ptrdiff_t block, T* z);

    // In place or not.
    Pass<T> activate[static_cast<int>(Activation::count)];
    // gradient <- gradient · f'(saved), saved being z or a as the activation's row says.
    Pass<T> derive[static_cast<int>(Activation::count)];

    // Of outputs; and of pre-activations, to which a cross-entropy's own activation is still to
    // come (null for the other losses).
    void (*loss[static_cast<int>(Loss::count)][2])(const Comparison<T>&);
    // Metric per sample, times its weight, into values[columns]. `parameter` is its only setting.
    void (*metric[static_cast<int>(Metric::count)])(int units, int columns, ptrdiff_t stride,
                                                    const T* outputs, const T* target,
                                                    ptrdiff_t target_stride, Targets targets,
                                                    const T* weight, T parameter, T* values);

    // Leaves some of its weights to the next call: after the last, `finish_descent` does the rest.
    // All calls in between have the same update. Null: this optimizer's rule is not woven.
    void (*descend[static_cast<int>(Optimizer::count)])(const Update<T>&, const Descent<T>&,
                                                        Waiting<T>&);
    void (*finish_descent[static_cast<int>(Optimizer::count)])(const Update<T>&, Waiting<T>&);
    // The same in three parts, for whoever needs the gradient in between: into the update's
    // gradient; of n elements from `first` on, the penalties, the batch's share and the limit; and
    // the rule, with `scale` times the gradient. n is a multiple of Block<T>.
    void (*differentiate)(const Update<T>&, const Descent<T>&, Waiting<T>&);
    void (*complete)(const Update<T>&, const UpdateRule<T>&, ptrdiff_t first, ptrdiff_t n);
    void (*apply[static_cast<int>(Optimizer::count)])(const Update<T>&, const UpdateRule<T>&,
                                                      T scale, ptrdiff_t first, ptrdiff_t n);

    // destination[unit / Block, column, unit % Block] <- source[unit, column], blocks
    // `block_stride` apart; missing units of the last vector are zero. So what a tile of weights
    // needs lies together, however wide the layer.
    void (*transpose)(int units, int columns, const T* source, ptrdiff_t source_stride,
                      T* destination, ptrdiff_t block_stride);
    // destination[feature, column] <- source[rows[column], feature], or row `first + column` when
    // rows is null; columns past the last sample repeat it.
    void (*gather)(int features, int columns, int samples, const T* source, ptrdiff_t source_stride,
                   const uint32_t* rows, size_t first, T* destination, ptrdiff_t stride);

    // The bits number first, …, first + n − 1 of a stream; see engine/random.hpp.
    void (*random_bits)(uint64_t seed, uint32_t stream, uint32_t part, uint64_t first, int n,
                        uint64_t* bits);
    // y <- x · mask, mask being 1/keep or 0 by the random bits of (key, step, unit, column).
    void (*dropout)(int units, int columns, int first_column, ptrdiff_t stride, const T* x, T* y,
                    T* mask, double keep, uint64_t key, uint64_t step);
    // The same with mask = slope or 0, and y <- x·slope + offset, or `dropped`.
    void (*alpha_dropout)(int units, int columns, int first_column, ptrdiff_t stride, const T* x,
                          T* y, T* mask, double keep, T slope, T offset, T dropped, uint64_t key,
                          uint64_t step);
    // to <- mean + deviation·z, z a normal number by the random bits of (key, step, unit, column).
    void (*normal)(int units, int columns, int first_column, ptrdiff_t stride, T mean, T deviation,
                   T* to, uint64_t key, uint64_t step);

    // In place or not; `accumulate`: the result is added to what is there.
    // target <- a·b, cell by cell.
    void (*multiply_elementwise)(int units, int columns, ptrdiff_t stride, const T* a, const T* b,
                                 T* target, bool accumulate);
    // target <- source·factor.
    void (*copy)(int units, int columns, ptrdiff_t stride, T factor, const T* source, T* target,
                 bool accumulate);
    // The same with numbers of each unit: x·factor; (x − shift)·factor + offset;
    // from + share·(towards − from).
    void (*scale)(int units, int columns, ptrdiff_t stride, const T* x, const T* factor, T* y,
                  bool accumulate);
    void (*affine)(int units, int columns, ptrdiff_t stride, const T* x, const T* shift,
                   const T* factor, const T* offset, T* y);
    void (*blend)(int units, int columns, ptrdiff_t stride, const T* from, const T* towards,
                  const T* share, T* y, bool accumulate);

    // sums[code − first_code] += rows[sample], Block<T> numbers, in the order of the samples; of
    // `count` codes.
    void (*add_by_code)(int samples, const T* codes, int first_code, int count, const T* rows,
                        T* sums);
    // A row a bin, whose `edges` are bins + 1 rising numbers; see kernels/piecewise_linear.hpp.
    void (*piecewise_linear)(int bins, int columns, ptrdiff_t stride, const T* x, const T* edges,
                             T* y);
    void (*piecewise_linear_gradient)(int bins, int columns, ptrdiff_t stride, const T* x,
                                      const T* edges, const T* upstream, T* gradient,
                                      bool accumulate);
    // Cosine and sine (null: not wanted) of n angles, a multiple of Block<T>; and of
    // x·frequency·2π + phase (null: none), a row a frequency, with what comes back to the angle.
    void (*circle)(int n, const T* angles, T* cosine, T* sine);
    void (*waves)(int frequencies, int columns, ptrdiff_t stride, const T* x, const T* frequency,
                  const T* phase, T* cosine, T* sine);
    void (*wave_slopes)(int frequencies, int columns, ptrdiff_t stride, const T* cosine_upstream,
                        const T* sine, const T* sine_upstream, const T* cosine, T* slope);
    // Over the samples of each unit: see kernels/normalisation.hpp.
    void (*moments)(int units, int samples, ptrdiff_t stride, const T* x, T* mean, T* variance);
    void (*inverse_deviations)(int n, const T* variance, T epsilon, T* inverse);
    void (*sums_about_mean)(int units, int samples, ptrdiff_t stride, const T* dy, const T* x,
                            const T* mean, double* sums, double* products);
    void (*derive_about_mean)(int units, int columns, ptrdiff_t stride, const T* dy, const T* x,
                              const T* mean, const T* factor, const T* shift, const T* slope, T* dx,
                              bool accumulate);
    // Over the units of each sample; null pointers: not there, or not wanted.
    void (*normalise_units)(const UnitNorm<T>&, int units, int columns, ptrdiff_t stride,
                            const T* x, const T* gamma, const T* beta, T* y, T* normalised,
                            T* inverse);
    void (*derive_units)(const UnitNorm<T>&, int units, int columns, ptrdiff_t stride, const T* dy,
                         const T* gamma, const T* normalised, const T* inverse, T* dx,
                         bool accumulate);
    // What members (engine/step.hpp) have of their own. `fold_members` sums x·factor over them: x
    // has a block for each, y one for all.
    void (*scale_members)(const MemberScaling<T>&);
    void (*fold_members)(const MemberScaling<T>&);
    // The mean of the members.
    void (*average_members)(int units, int blocks, int members, const T* x, ptrdiff_t x_stride,
                            T* y, ptrdiff_t y_stride);
    // penalties[columns] <- Σ over units of l1·|x| + l2·x²; gradient <- l1·sign(x) + two_l2·x.
    void (*penalise)(int units, int columns, ptrdiff_t stride, T l1, T l2, const T* x,
                     T* penalties);
    void (*penalty_slope)(int units, int columns, ptrdiff_t stride, T l1, T two_l2, const T* x,
                          T* gradient, bool accumulate);
    // Of products of lines with each other, what is left of the penalty's slope: see
    // kernels/penalties.hpp.
    void (*take_signs)(int rows, int columns, ptrdiff_t stride, int first, T* c, double* sums);
    void (*leave_across)(int rows, int columns, ptrdiff_t stride, const T* lines, const T* along,
                         T* slopes);
    // Of x [n, Block<T>]: Σx² of each column; x·factor, a factor a column.
    void (*squares_of_columns)(int n, const T* x, double* sums);
    void (*scale_columns)(int n, const T* factors, T* x);

    // Sums in a fixed order: 16 virtual lanes, then one tree.
    double (*sum)(size_t n, const T* x);
    double (*sum_of_squares)(size_t n, const T* x);
    double (*sum_of_magnitudes)(size_t n, const T* x);
    // y <- a·x + b·y
    void (*mix)(size_t n, T a, const T* x, T b, T* y);
    double (*dot)(size_t n, const T* x, const T* y);
    // The same sums over n samples, for each of `members_at_once` members at most.
    void (*sum_members)(size_t n, int members, const MemberSums<T>&, double* totals);
    bool (*all_finite)(size_t n, const T* x);

    // Fused multiply-adds on registers alone; returns how many operations they were.
    double (*multiply_registers)(size_t rounds, T factor, T* sum);
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
