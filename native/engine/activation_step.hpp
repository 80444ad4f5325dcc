// An activation as a step of its own.
#pragma once

#include "activation_function.hpp"

namespace hl {

// An activation of its own: its input is z.
template <class T>
class ActivationStep final : public Step<T> {
  public:
    // `fused`: the gradient that arrives is that of z.
    ActivationStep(Buffer input, Buffer output, ActivationFunction<T> activation, bool fused)
        : input_(input), output_(output), activation_(activation), fused_(fused) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        activation_.forward(batch, input_.units, input_.value, output_.value, first, columns);
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        activation_.forward_one(batch, input_.units, input_.value, output_.value);
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        if (!fused_) {
            activation_.backward(batch, input_.units, input_.value, output_.value, output_.gradient,
                                 first, columns);
        }
        batch.kernels.copy(input_.units, columns, batch.stride, T(1),
                           batch.row(output_.gradient) + first, batch.row(input_.gradient) + first,
                           input_.adds);
    }

  private:
    Buffer input_;
    Buffer output_;
    ActivationFunction<T> activation_;
    bool fused_;
};

}  // namespace hl
