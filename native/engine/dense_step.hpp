// The Dense layer as a step: three products, each finished while its parts are in the cache.
#pragma once

#include <algorithm>

#include "activation_function.hpp"
#include "descend.hpp"

namespace hl {

// a = f(W'x + b).
//
// The kernel lies in blocks of Block<T> columns, [columns / Block, rows, Block], so that a tile of
// a product reads one line after the other and every thread owns whole stretches of memory. Wide:
// columns are outputs; the gradient is X·dZ', so dz is transposed. Narrow, a few outputs: columns
// are inputs, so that vectors are full of weights; the gradient is dZ·X', and x is transposed.
template <class T>
class DenseStep final : public Step<T> {
  public:
    struct Layout {
        Buffer input;
        Buffer output;
        int units;           // of z: the columns of the kernel
        int pre_activation;  // arena row of z; equal to output.value when z is not kept
        int ones;            // arena row of ones, the bias's input
        int transposed;      // arena row where the blocks of dz' or x' begin
        size_t kernel;       // element of the parameters
        size_t bias;
        int place;  // of the kernel among the program's parameters; the bias follows
        bool narrow;
        bool use_bias;
        ActivationFunction<T> activation;
        // Where this step is the last to write its input's gradient: the activation that made the
        // input, and the arena row its derivative is taken from. Else linear.
        ActivationFunction<T> input_activation;
        int input_saved;
        bool receives_dz;  // such a reader, or the loss, has applied this step's own derivative
    };

    explicit DenseStep(const Layout& layout) : at_(layout) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        forward_part(batch, 0, at_.units, first, columns);
    }

    int forward_items(int samples) const noexcept override {
        return splits(at_.units) && at_.activation.is_elementwise() ? unit_items(at_.units)
                                                                    : this->column_items(samples);
    }
    void forward_item(const Batch<T>& batch, int item) const noexcept override {
        if (!splits(at_.units) || !at_.activation.is_elementwise()) {
            return Step<T>::forward_item(batch, item);
        }
        const int units = at_.units, first = item * units_at_once(units);
        forward_part(batch, first, units_of_item(units, item), 0,
                     round_up_to_block<T>(batch.samples));
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        const int units = at_.units, padded = round_up_to_block<T>(units);
        const T* bias = batch.parameters + at_.bias;
        T* z = batch.row(at_.pre_activation);
        for (int i = 0; i < padded; ++i) z[i] = at_.use_bias ? bias[i] : T(0);
        const T* x = batch.row(at_.input.value);
        const T* kernel = batch.parameters + at_.kernel;
        if (at_.narrow) {
            batch.kernels.weigh_rows(units, at_.input.units, x, kernel, kernel_block(), z);
        } else {
            batch.kernels.weigh(padded, at_.input.units, x, kernel, kernel_block(), z);
        }
        at_.activation.forward_one(batch, units, at_.pre_activation, at_.output.value);
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (derives()) derive(batch, first, columns);
        transpose(batch, first, columns);
        backward_part(batch, 0, at_.input.units, first, columns);
    }

    bool derives() const noexcept override {
        return !at_.receives_dz && !at_.activation.is_linear();
    }
    void derive(const Batch<T>& batch, int first, int columns) const noexcept override {
        at_.activation.backward(batch, at_.units, at_.pre_activation, at_.output.value,
                                at_.output.gradient, first, columns);
    }

    // First those that transpose, some columns each, then those of the input's gradient.
    int backward_items(int samples) const noexcept override {
        const int input = at_.input.gradient < 0    ? 0
                          : splits(at_.input.units) ? unit_items(at_.input.units)
                                                    : this->column_items(samples);
        return this->column_items(samples) + input;
    }
    void backward_item(const Batch<T>& batch, int item) const noexcept override {
        const int transposing = this->column_items(batch.capacity);
        const bool by_units = item >= transposing && splits(at_.input.units);
        const int own = item < transposing ? item : item - transposing;
        const int columns = this->columns_of_item(batch, own);
        if (by_units) {
            backward_part(batch, own * units_at_once(at_.input.units),
                          units_of_item(at_.input.units, own), 0,
                          round_up_to_block<T>(batch.samples));
        } else if (columns <= 0) {
            return;
        } else if (item < transposing) {
            transpose(batch, own * this->item_columns, columns);
        } else {
            backward_part(batch, 0, at_.input.units, own * this->item_columns, columns);
        }
    }

    // Parts of the kernel's rows, in each pair of blocks: stretches of memory, so that neighbouring
    // lines, which the prefetchers draw, seldom have two owners. After them comes the bias.
    int update_items() const noexcept override {
        return block_pairs() * row_parts() + (at_.use_bias ? 1 : 0);
    }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        if (item == block_pairs() * row_parts()) return update_bias(batch, update, waiting);
        const int column = item / row_parts() * pair, part = item % row_parts();
        const int left = round_up_to_block<T>(columns()) - column;
        const int row = first_row(part);
        const int value = at_.narrow ? at_.output.gradient : at_.input.value;
        descend<T>(batch.kernels, update,
                   {.m = first_row(part + 1) - row,
                    .n = std::min(left, pair),
                    .k = batch.samples,
                    .a = batch.row(value + row),
                    .a_row = batch.stride,
                    .b = transposed(batch) + column / Block<T> * block_stride(batch),
                    .b_block = block_stride(batch),
                    .weights = static_cast<ptrdiff_t>(at_.kernel) +
                               column / Block<T> * kernel_block() + row * Block<T>,
                    .weights_block = kernel_block(),
                    .rule = update.rules[at_.place]},
                   waiting);
    }

  private:
    int rows() const noexcept { return at_.narrow ? at_.units : at_.input.units; }
    int columns() const noexcept { return at_.narrow ? at_.input.units : at_.units; }
    ptrdiff_t kernel_block() const noexcept { return ptrdiff_t{rows()} * Block<T>; }

    // Items of an update: two blocks of columns, which a tile of it spans, and so many rows that
    // what a tile leaves to do when no other follows is nothing beside the others.
    static constexpr int pair = 2 * Block<T>, part_rows = 256;
    int block_pairs() const noexcept { return (columns() + pair - 1) / pair; }
    int row_parts() const noexcept { return (rows() + part_rows - 1) / part_rows; }
    int first_row(int part) const noexcept {
        const int tiles = (rows() + tallest_tile - 1) / tallest_tile;
        return std::min(rows(), share_begin(tiles, part, row_parts()) * tallest_tile);
    }

    // Units of an item where a layer's units are shared: whole blocks; where there are many, as
    // many as a product takes at once; where there are few, an eighth, so that threads end at about
    // the same time.
    static int units_at_once(int units) noexcept {
        const int blocks = units / (8 * Block<T>);
        return Block<T> * std::clamp(blocks, 2, rows_at_once / Block<T>);
    }
    static int unit_items(int units) noexcept {
        const int at_once = units_at_once(units);
        return (units + at_once - 1) / at_once;
    }
    static int units_of_item(int units, int item) noexcept {
        const int at_once = units_at_once(units);
        return std::min(at_once, units - item * at_once);
    }
    // Whether a layer is wide enough for its units to be shared.
    static bool splits(int units) noexcept { return unit_items(units) >= 2; }

    T* transposed(const Batch<T>& batch) const noexcept { return batch.row(at_.transposed); }
    static ptrdiff_t block_stride(const Batch<T>& batch) noexcept {
        return batch.stride * Block<T>;
    }
    // The kernel from a unit on: of the blocks' own index, a multiple of Block<T>, or of the other.
    const T* kernel_from(const Batch<T>& batch, int unit, bool in_blocks) const noexcept {
        return batch.parameters + at_.kernel +
               unit * (in_blocks ? kernel_block() / Block<T> : ptrdiff_t{Block<T>});
    }

    // Some units of some samples.
    void forward_part(const Batch<T>& batch, int unit, int units, int first,
                      int columns) const noexcept {
        const bool finish = at_.activation.is_elementwise() && !at_.activation.is_linear();
        T* z = batch.row(at_.pre_activation + unit) + first;
        batch.kernels.multiply(
            {.m = units,
             .n = columns,
             .k = at_.input.units,
             .a = kernel_from(batch, unit, !at_.narrow),
             .a_block = kernel_block(),
             .rows_in_blocks = !at_.narrow,
             .b = batch.row(at_.input.value) + first,
             .b_row = batch.stride,
             .start = at_.use_bias ? batch.parameters + at_.bias + unit : nullptr,
             .accumulate = false,
             .c = z,
             .c_row = batch.stride,
             .finish = finish ? at_.activation.value(batch.kernels) : nullptr,
             .finish_from = z,
             .finish_to = batch.row(at_.output.value + unit) + first,
             .finish_parameters = at_.activation.parameters()});
        if (finish) return;
        at_.activation.forward(batch, units, at_.pre_activation + unit, at_.output.value + unit,
                               first, columns);
    }

    void transpose(const Batch<T>& batch, int first, int columns) const noexcept {
        const int units = at_.narrow ? at_.input.units : at_.units;
        const int row = at_.narrow ? at_.input.value : at_.output.gradient;
        batch.kernels.transpose(units, columns, batch.row(row) + first, batch.stride,
                                transposed(batch) + ptrdiff_t{first} * Block<T>,
                                block_stride(batch));
    }

    void backward_part(const Batch<T>& batch, int unit, int units, int first,
                       int columns) const noexcept {
        if (at_.input.gradient < 0) return;
        T* input_gradient = batch.row(at_.input.gradient + unit) + first;
        const bool finish = !at_.input_activation.is_linear();
        batch.kernels.multiply(
            {.m = units,
             .n = columns,
             .k = at_.units,
             .a = kernel_from(batch, unit, at_.narrow),
             .a_block = kernel_block(),
             .rows_in_blocks = at_.narrow,
             .b = batch.row(at_.output.gradient) + first,
             .b_row = batch.stride,
             .start = nullptr,
             .accumulate = at_.input.adds,
             .c = input_gradient,
             .c_row = batch.stride,
             .finish = finish ? at_.input_activation.slope(batch.kernels) : nullptr,
             .finish_from = finish ? batch.row(at_.input_saved + unit) + first : nullptr,
             .finish_to = input_gradient,
             .finish_parameters = at_.input_activation.parameters()});
    }

    // The sums of dz, whose blocks are transposed unless the kernel is narrow.
    void update_bias(const Batch<T>& batch, const Update<T>& update,
                     Waiting<T>& waiting) const noexcept {
        alignas(64) T sums[Block<T>] = {};
        if (at_.narrow) {
            for (int i = 0; i < at_.units; ++i) {
                sums[i] = static_cast<T>(
                    batch.kernels.sum(batch.samples, batch.row(at_.output.gradient + i)));
            }
        }
        descend<T>(batch.kernels, update,
                   {.m = 1,
                    .n = round_up_to_block<T>(at_.units),
                    .k = at_.narrow ? 1 : batch.samples,
                    .a = batch.row(at_.ones),
                    .a_row = 0,
                    .b = at_.narrow ? sums : transposed(batch),
                    .b_block = block_stride(batch),
                    .weights = static_cast<ptrdiff_t>(at_.bias),
                    .weights_block = Block<T>,
                    .rule = update.rules[at_.place + 1]},
                   waiting);
    }

    Layout at_;
};

}  // namespace hl
