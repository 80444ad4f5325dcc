// Dense, activation and dropout as steps.
#pragma once

#include "random.hpp"
#include "step.hpp"

namespace hl {

// Rows of the arena where a value and its gradient begin; no gradient: −1.
struct Buffer {
    int units;
    int value;
    int gradient;
};

template <class T>
class ActivationFunction {
  public:
    ActivationFunction(Activation kind, T parameter)
        : kind_(static_cast<int>(kind)), parameter_(parameter) {}

    void forward(const Batch<T>& batch, int units, int z, int a, int first,
                 int columns) const noexcept {
        if (kind_ == static_cast<int>(Activation::linear) && z == a) return;
        batch.kernels.activate[kind_](units, columns, batch.stride, batch.row(z) + first,
                                      batch.row(a) + first, parameter_);
    }
    void backward(const Batch<T>& batch, int units, int z, int a, int gradient, int first,
                  int columns) const noexcept {
        if (kind_ == static_cast<int>(Activation::linear)) return;
        const int saved = saves_output[kind_] ? a : z;
        batch.kernels.derive[kind_](units, columns, batch.stride, batch.row(saved) + first,
                                    batch.row(gradient) + first, parameter_);
    }

  private:
    int kind_;
    T parameter_;
};

// a = f(W'x + b). The kernel lies as Keras has it, [in, out], rows `stride` apart.
template <class T>
class DenseStep final : public Step<T> {
  public:
    struct Layout {
        Buffer input;
        Buffer output;
        int pre_activation;  // arena row of z; equal to output.value when z is not kept
        int ones;            // arena row of ones, the bias's input
        int transposed;      // arena row where dz' [columns, stride] begins: `stride` rows' worth
        size_t kernel;       // element of the parameters; the bias row follows the kernel
        int stride;
        bool use_bias;
        T l2;
        int rows_at_once;  // gradient rows that fit into the scratch
    };

    DenseStep(const Layout& layout, ActivationFunction<T> activation)
        : at_(layout), activation_(activation) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        const T* bias =
            at_.use_bias ? kernel(batch) + ptrdiff_t{at_.input.units} * at_.stride : nullptr;
        batch.kernels.multiply({.m = at_.output.units,
                                .n = columns,
                                .k = at_.input.units,
                                .a = kernel(batch),
                                .a_row = 1,
                                .a_column = at_.stride,
                                .b = batch.row(at_.input.value) + first,
                                .b_row = batch.stride,
                                .start = bias,
                                .accumulate = false,
                                .c = batch.row(at_.pre_activation) + first,
                                .c_row = batch.stride});
        activation_.forward(batch, at_.output.units, at_.pre_activation, at_.output.value, first,
                            columns);
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (!this->fused_with_loss) {
            activation_.backward(batch, at_.output.units, at_.pre_activation, at_.output.value,
                                 at_.output.gradient, first, columns);
        }
        const T* gradient = batch.row(at_.output.gradient) + first;
        batch.kernels.transpose(at_.output.units, columns, gradient, batch.stride,
                                transposed(batch) + ptrdiff_t{first} * at_.stride, at_.stride);
        if (at_.input.gradient < 0) return;
        batch.kernels.multiply({.m = at_.input.units,
                                .n = columns,
                                .k = at_.output.units,
                                .a = kernel(batch),
                                .a_row = at_.stride,
                                .a_column = 1,
                                .b = gradient,
                                .b_row = batch.stride,
                                .start = nullptr,
                                .accumulate = this->accumulate,
                                .c = batch.row(at_.input.gradient) + first,
                                .c_row = batch.stride});
    }

    int parameter_rows() const noexcept override {
        return at_.input.units + (at_.use_bias ? 1 : 0);
    }

    void update(const Batch<T>& batch, const Update<T>& update, int begin,
                int end) const noexcept override {
        const int kernel_end = end < at_.input.units ? end : at_.input.units;
        for (int row = begin; row < kernel_end; row += at_.rows_at_once) {
            const int rows =
                kernel_end - row < at_.rows_at_once ? kernel_end - row : at_.rows_at_once;
            update_rows(batch, update, batch.row(at_.input.value + row), row, rows, at_.l2);
        }
        if (end > at_.input.units) {
            update_rows(batch, update, batch.row(at_.ones), at_.input.units, 1, T(0));
        }
    }

  private:
    const T* kernel(const Batch<T>& batch) const noexcept { return batch.parameters + at_.kernel; }
    T* transposed(const Batch<T>& batch) const noexcept { return batch.row(at_.transposed); }

    // dW[row, :] = Σ_b x[row, b]·dz[b, :], applied while it is in the cache.
    void update_rows(const Batch<T>& batch, const Update<T>& update, const T* inputs, int row,
                     int rows, T l2) const noexcept {
        batch.kernels.multiply({.m = rows,
                                .n = at_.stride,
                                .k = batch.samples,
                                .a = inputs,
                                .a_row = batch.stride,
                                .a_column = 1,
                                .b = transposed(batch),
                                .b_row = at_.stride,
                                .start = nullptr,
                                .accumulate = false,
                                .c = update.scratch,
                                .c_row = at_.stride});
        const size_t offset = at_.kernel + static_cast<size_t>(row) * at_.stride;
        UpdateRule<T> rule = update.rule;
        rule.two_l2 = T(2) * l2;
        batch.kernels.update[static_cast<int>(update.optimizer)](
            rows * at_.stride, update.parameters + offset, update.scratch, update.state_1 + offset,
            update.state_2 + offset, rule);
    }

    Layout at_;
    ActivationFunction<T> activation_;
};

// An activation of its own: its input is z.
template <class T>
class ActivationStep final : public Step<T> {
  public:
    ActivationStep(Buffer input, Buffer output, ActivationFunction<T> activation)
        : input_(input), output_(output), activation_(activation) {}

    void fuse_with_loss() noexcept { this->fused_with_loss = true; }
    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        activation_.forward(batch, output_.units, input_.value, output_.value, first, columns);
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        if (!this->fused_with_loss) {
            activation_.backward(batch, output_.units, input_.value, output_.value,
                                 output_.gradient, first, columns);
        }
        batch.kernels.copy(output_.units, columns, batch.stride,
                           batch.row(output_.gradient) + first, batch.row(input_.gradient) + first,
                           this->accumulate);
    }

  private:
    Buffer input_;
    Buffer output_;
    ActivationFunction<T> activation_;
};

// Inverted dropout while training, the identity otherwise.
template <class T>
class DropoutStep final : public Step<T> {
  public:
    DropoutStep(Buffer input, Buffer output, int mask, double keep, uint32_t part)
        : input_(input), output_(output), mask_(mask), keep_(keep), part_(part) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        const T* x = batch.row(input_.value) + first;
        T* y = batch.row(output_.value) + first;
        if (!batch.training) {
            batch.kernels.copy(output_.units, columns, batch.stride, x, y, false);
            return;
        }
        const uint64_t key = random_bits(batch.seed, Stream::dropout, part_, 0);
        batch.kernels.dropout(output_.units, columns, first, batch.stride, x, y,
                              batch.row(mask_) + first, keep_, key, batch.step);
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        T* gradient = batch.row(output_.gradient) + first;
        batch.kernels.multiply_elementwise(output_.units, columns, batch.stride,
                                           batch.row(mask_) + first, gradient);
        batch.kernels.copy(output_.units, columns, batch.stride, gradient,
                           batch.row(input_.gradient) + first, this->accumulate);
    }

  private:
    Buffer input_;
    Buffer output_;
    int mask_;
    double keep_;
    uint32_t part_;
};

}  // namespace hl
