// The steps without weights: activation and dropout.
#pragma once

#include "activation_function.hpp"
#include "random.hpp"

namespace hl {

// An activation of its own: its input is z.
template <class T>
class ActivationStep final : public Step<T> {
  public:
    ActivationStep(Buffer input, Buffer output, ActivationFunction<T> activation)
        : input_(input), output_(output), activation_(activation) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        activation_.forward(batch, output_.units, input_.value, output_.value, first, columns);
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        activation_.forward_one(batch, output_.units, input_.value, output_.value);
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

// Inverted dropout while training, the identity otherwise. The rate may change from step to step.
template <class T>
class DropoutStep final : public Step<T> {
  public:
    DropoutStep(Buffer input, Buffer output, int mask, Schedule rate, uint32_t part)
        : input_(input), output_(output), mask_(mask), rate_(std::move(rate)), part_(part) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        const T* x = batch.row(input_.value) + first;
        T* y = batch.row(output_.value) + first;
        if (!batch.training) {
            batch.kernels.copy(output_.units, columns, batch.stride, x, y, false);
            return;
        }
        const double keep = 1.0 - rate_.value(batch.step, batch.course);
        uint64_t key;
        batch.kernels.random_bits(batch.seed, static_cast<uint32_t>(Stream::dropout), part_, 0, 1,
                                  &key);
        batch.kernels.dropout(output_.units, columns, first, batch.stride, x, y,
                              batch.row(mask_) + first, keep, key, batch.step);
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        const T* x = batch.row(input_.value);
        for (int i = 0; i < output_.units; ++i) batch.row(output_.value)[i] = x[i];
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
    Schedule rate_;
    uint32_t part_;
};

}  // namespace hl
