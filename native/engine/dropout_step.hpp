// Dropout as a step.
#pragma once

#include "program.hpp"
#include "random.hpp"
#include "schedule.hpp"

namespace hl {

// Inverted dropout while training, the identity otherwise. The rate may change from step to step.
template <class T>
class DropoutStep final : public Step<T> {
  public:
    // `part` tells the random numbers of several dropouts apart.
    DropoutStep(const Places& places, Schedule rate, uint32_t part)
        : input_(places.input()),
          output_(places.output),
          mask_(places.training),
          rate_(std::move(rate)),
          part_(part) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        const T* x = batch.row(input_.value) + first;
        T* y = batch.row(output_.value) + first;
        if (!batch.training) {
            batch.kernels.copy(output_.units, columns, batch.stride, T(1), x, y, false);
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
        batch.kernels.multiply_elementwise(
            output_.units, columns, batch.stride, batch.row(output_.gradient) + first,
            batch.row(mask_) + first, batch.row(input_.gradient) + first, input_.adds);
    }

  private:
    Buffer input_;
    Buffer output_;
    int mask_;
    Schedule rate_;
    uint32_t part_;
};

template <class T>
int add_dropout(Program<T>& program, int at, const Schedule& rate, uint32_t part) {
    const int units = program.units(at);
    return program.add({at}, units, false, {.training = units},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<DropoutStep<T>>(places, rate, part);
                       });
}

}  // namespace hl
