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
        const bool finish = at_.activation.is_elementwise() && !at_.activation.is_linear();
        T* z = batch.row(at_.pre_activation) + first;
        batch.kernels.multiply({.m = at_.output.units,
                                .n = columns,
                                .k = at_.input.units,
                                .a = batch.parameters + at_.kernel,
                                .a_row = out_step(),
                                .a_column = in_step(),
                                .b = batch.row(at_.input.value) + first,
                                .b_row = batch.stride,
                                .start = at_.use_bias ? batch.parameters + at_.bias : nullptr,
                                .start_step = 1,
                                .accumulate = false,
                                .c = z,
                                .c_row = batch.stride,
                                .finish = finish ? at_.activation.value(batch.kernels) : nullptr,
                                .finish_from = z,
                                .finish_to = batch.row(at_.output.value) + first,
                                .finish_parameter = at_.activation.parameter(),
                                .packed = batch.packed});
        if (finish) return;
        at_.activation.forward(batch, at_.output.units, at_.pre_activation, at_.output.value, first,
                               columns);
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
        if (!this->fused_with_loss && !at_.receives_dz) {
            at_.activation.backward(batch, at_.output.units, at_.pre_activation, at_.output.value,
                                    at_.output.gradient, first, columns);
        }
        const T* gradient = batch.row(at_.output.gradient) + first;
        batch.kernels.transpose(at_.narrow ? at_.input.units : at_.output.units, columns,
                                at_.narrow ? batch.row(at_.input.value) + first : gradient,
                                batch.stride, transposed(batch) + ptrdiff_t{first} * Block<T>,
                                block_stride(batch));
        if (at_.input.gradient < 0) return;
        T* input_gradient = batch.row(at_.input.gradient) + first;
        const bool finish = !at_.input_activation.is_linear();
        batch.kernels.multiply(
            {.m = at_.input.units,
             .n = columns,
             .k = at_.output.units,
             .a = batch.parameters + at_.kernel,
             .a_row = in_step(),
             .a_column = out_step(),
             .b = gradient,
             .b_row = batch.stride,
             .start = nullptr,
             .start_step = 0,
             .accumulate = this->accumulate,
             .c = input_gradient,
             .c_row = batch.stride,
             .finish = finish ? at_.input_activation.slope(batch.kernels) : nullptr,
             .finish_from = finish ? batch.row(at_.input_saved) + first : nullptr,
             .finish_to = input_gradient,
             .finish_parameter = at_.input_activation.parameter(),
             .packed = batch.packed});
    }

    // Threads share the kernel's rows where it is wide, its columns where it is narrow.
    void update(const Batch<T>& batch, const Update<T>& update, int thread,
                int threads) const noexcept override {
        if (at_.narrow) {
            const int blocks = round_up_to_block<T>(at_.input.units) / Block<T>;
            const int first = share_begin(blocks, thread, threads) * Block<T>;
            const int end = share_begin(blocks, thread + 1, threads) * Block<T>;
            descend(batch, update, at_.output.units, end - first, batch.samples,
                    batch.row(at_.output.gradient),
                    transposed(batch) + first / Block<T> * block_stride(batch), at_.kernel + first,
                    at_.l2);
        } else {
            const int first = share_begin(at_.input.units, thread, threads);
            const int end = share_begin(at_.input.units, thread + 1, threads);
            descend(batch, update, end - first, round_up_to_block<T>(at_.output.units),
                    batch.samples, batch.row(at_.input.value + first), transposed(batch),
                    at_.kernel + static_cast<size_t>(first) * at_.stride, at_.l2);
        }
        if (at_.use_bias && thread == threads - 1) update_bias(batch, update);
    }

  private:
    ptrdiff_t in_step() const noexcept { return at_.narrow ? 1 : at_.stride; }
    ptrdiff_t out_step() const noexcept { return at_.narrow ? at_.stride : 1; }
    T* transposed(const Batch<T>& batch) const noexcept { return batch.row(at_.transposed); }
    static ptrdiff_t block_stride(const Batch<T>& batch) noexcept {
        return batch.stride * Block<T>;
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
