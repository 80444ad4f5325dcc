// The Dense layer as a step: three products, each finished while its parts are in the cache.
#pragma once

#include "activation_function.hpp"

namespace hl {

// a = f(W'x + b).
//
// Wide: the kernel lies as Keras has it, [in, out], and its gradient is X·dZ', so dz is transposed.
// Narrow, a few outputs: it lies [out, in], so that vectors are full of weights; its gradient is
// dZ·X', and x is transposed.
template <class T>
class DenseStep final : public Step<T> {
  public:
    struct Layout {
        Buffer input;
        Buffer output;
        int pre_activation;  // arena row of z; equal to output.value when z is not kept
        int ones;            // arena row of ones, the bias's input
        int transposed;      // arena row where the blocks of dz' or x' begin
        size_t kernel;       // element of the parameters
        size_t bias;
        int stride;  // of the kernel's rows
        bool narrow;
        bool use_bias;
        T l2;
        ActivationFunction<T> activation;
        // Where this step is the last to write its input's gradient: the activation that made the
        // input, and the arena row its derivative is taken from. Else linear.
        ActivationFunction<T> input_activation;
        int input_saved;
        bool receives_dz;  // such a reader has applied this step's own derivative
    };

    explicit DenseStep(const Layout& layout) : at_(layout) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        forward_part(batch, 0, at_.output.units, first, columns);
    }

    int forward_items(int samples) const noexcept override {
        return splits(at_.output.units) && at_.activation.is_elementwise()
                   ? unit_items(at_.output.units)
                   : this->column_items(samples);
    }
    void forward_item(const Batch<T>& batch, int item) const noexcept override {
        if (!splits(at_.output.units) || !at_.activation.is_elementwise()) {
            return Step<T>::forward_item(batch, item);
        }
        forward_part(batch, item * item_units, units_of_item(at_.output.units, item), 0,
                     round_up_to_block<T>(batch.samples));
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        const int units = at_.output.units, padded = round_up_to_block<T>(units);
        const T* bias = batch.parameters + at_.bias;
        T* z = batch.row(at_.pre_activation);
        for (int i = 0; i < padded; ++i) z[i] = at_.use_bias ? bias[i] : T(0);
        const T* x = batch.row(at_.input.value);
        const T* kernel = batch.parameters + at_.kernel;
        if (at_.narrow) {
            batch.kernels.weigh_rows(units, at_.input.units, x, kernel, at_.stride, z);
        } else {
            batch.kernels.weigh(padded, at_.input.units, x, kernel, at_.stride, z);
        }
        at_.activation.forward_one(batch, units, at_.pre_activation, at_.output.value);
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (derives()) derive(batch, first, columns);
        transpose(batch, first, columns);
        backward_part(batch, 0, at_.input.units, first, columns);
    }

    bool derives() const noexcept override {
        return !this->fused_with_loss && !at_.receives_dz && !at_.activation.is_linear();
    }
    void derive(const Batch<T>& batch, int first, int columns) const noexcept override {
        at_.activation.backward(batch, at_.output.units, at_.pre_activation, at_.output.value,
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
            backward_part(batch, own * item_units, units_of_item(at_.input.units, own), 0,
                          round_up_to_block<T>(batch.samples));
        } else if (columns <= 0) {
            return;
        } else if (item < transposing) {
            transpose(batch, own * this->item_columns, columns);
        } else {
            backward_part(batch, 0, at_.input.units, own * this->item_columns, columns);
        }
    }

    // Rows of a wide kernel and columns of a narrow one, which lie together: neighbouring lines
    // with different owners would travel between their caches, drawn by the prefetchers.
    int update_items() const noexcept override { return unit_items(at_.input.units); }
    void update_item(const Batch<T>& batch, const Update<T>& update,
                     int item) const noexcept override {
        const int first = item * item_units, units = units_of_item(at_.input.units, item);
        if (at_.narrow) {
            descend(batch, update, at_.output.units, round_up_to_block<T>(units), batch.samples,
                    batch.row(at_.output.gradient),
                    transposed(batch) + first / Block<T> * block_stride(batch), at_.kernel + first,
                    at_.l2);
        } else {
            descend(batch, update, units, round_up_to_block<T>(at_.output.units), batch.samples,
                    batch.row(at_.input.value + first), transposed(batch),
                    at_.kernel + static_cast<size_t>(first) * at_.stride, at_.l2);
        }
        if (at_.use_bias && first + units == at_.input.units) update_bias(batch, update);
    }

  private:
    // Units of an item: a multiple of every tile's height and of Block<T>, few enough for the
    // threads to end at about the same time.
    static constexpr int item_units = packed_rows;
    static int unit_items(int units) noexcept { return (units + item_units - 1) / item_units; }
    static int units_of_item(int units, int item) noexcept {
        const int left = units - item * item_units;
        return left < item_units ? left : item_units;
    }
    // Whether a layer is wide enough for its units to be shared.
    static bool splits(int units) noexcept { return units >= 2 * item_units; }

    ptrdiff_t in_step() const noexcept { return at_.narrow ? 1 : at_.stride; }
    ptrdiff_t out_step() const noexcept { return at_.narrow ? at_.stride : 1; }
    T* transposed(const Batch<T>& batch) const noexcept { return batch.row(at_.transposed); }
    static ptrdiff_t block_stride(const Batch<T>& batch) noexcept {
        return batch.stride * Block<T>;
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
             .a = batch.parameters + at_.kernel + unit * out_step(),
             .a_row = out_step(),
             .a_column = in_step(),
             .b = batch.row(at_.input.value) + first,
             .b_row = batch.stride,
             .start = at_.use_bias ? batch.parameters + at_.bias + unit : nullptr,
             .accumulate = false,
             .c = z,
             .c_row = batch.stride,
             .finish = finish ? at_.activation.value(batch.kernels) : nullptr,
             .finish_from = z,
             .finish_to = batch.row(at_.output.value + unit) + first,
             .finish_parameter = at_.activation.parameter(),
             .packed = batch.packed});
        if (finish) return;
        at_.activation.forward(batch, units, at_.pre_activation + unit, at_.output.value + unit,
                               first, columns);
    }

    void transpose(const Batch<T>& batch, int first, int columns) const noexcept {
        const int units = at_.narrow ? at_.input.units : at_.output.units;
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
             .k = at_.output.units,
             .a = batch.parameters + at_.kernel + unit * in_step(),
             .a_row = in_step(),
             .a_column = out_step(),
             .b = batch.row(at_.output.gradient) + first,
             .b_row = batch.stride,
             .start = nullptr,
             .accumulate = this->accumulate,
             .c = input_gradient,
             .c_row = batch.stride,
             .finish = finish ? at_.input_activation.slope(batch.kernels) : nullptr,
             .finish_from = finish ? batch.row(at_.input_saved + unit) + first : nullptr,
             .finish_to = input_gradient,
             .finish_parameter = at_.input_activation.parameter(),
             .packed = batch.packed});
    }

    void update_bias(const Batch<T>& batch, const Update<T>& update) const noexcept {
        const T* ones = batch.row(at_.ones);
        if (!at_.narrow) {
            descend(batch, update, 1, round_up_to_block<T>(at_.output.units), batch.samples, ones,
                    transposed(batch), at_.bias, T(0));
            return;
        }
        alignas(64) T sums[Block<T>] = {};
        for (int i = 0; i < at_.output.units; ++i) {
            sums[i] = static_cast<T>(
                batch.kernels.sum(batch.samples, batch.row(at_.output.gradient + i)));
        }
        descend(batch, update, 1, Block<T>, 1, ones, sums, at_.bias, T(0));
    }

    // Rows of `a` are as far apart as the batch's.
    void descend(const Batch<T>& batch, const Update<T>& update, int m, int n, int k, const T* a,
                 const T* b, size_t parameter, T l2) const noexcept {
        if (m == 0 || n == 0) return;
        UpdateRule<T> rule = update.rule;
        rule.two_l2 = T(2) * l2;
        batch.kernels.descend[static_cast<int>(update.optimizer)](
            {.m = m,
             .n = n,
             .k = k,
             .a = a,
             .a_row = batch.stride,
             .b = b,
             .b_block = block_stride(batch),
             .weights = update.parameters + parameter,
             .state_1 = update.state_1 + parameter,
             .state_2 = update.state_2 + parameter,
             .row = at_.stride,
             .rule = rule});
    }

    Layout at_;
};

}  // namespace hl
