// What disturbs a batch while training and does nothing otherwise.
#pragma once

#include "program.hpp"
#include "random.hpp"
#include "schedule.hpp"

namespace hl {

// Base of these steps. Each cell of the output is one of the input times one of the mask, plus what
// does not depend on the input. How strong the noise is may change from step to step.
template <class T>
class NoiseStep : public Step<T> {
  public:
    static constexpr bool masks = true;  // else the slope is 1, and no cell is multiplied

    // `part` tells the random numbers of several steps apart.
    NoiseStep(const Places& places, Schedule strength, Stream stream, uint32_t part)
        : input_(places.input()),
          output_(places.output),
          mask_(places.training),
          strength_(std::move(strength)),
          stream_(stream),
          part_(part) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept final {
        if (batch.training) {
            return batch.each_member(first, columns,
                                     [&](const Cells& cells) { disturb(batch, cells); });
        }
        batch.kernels.copy(output_.units, columns, batch.stride, T(1),
                           batch.row(input_.value) + first, batch.row(output_.value) + first,
                           false);
    }

    void forward_one(const Batch<T>& batch) const noexcept final {
        const T* x = batch.row(input_.value);
        for (int i = 0; i < output_.units; ++i) batch.row(output_.value)[i] = x[i];
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        batch.kernels.multiply_elementwise(
            output_.units, columns, batch.stride, batch.row(output_.gradient) + first,
            batch.row(mask_) + first, batch.row(input_.gradient) + first, input_.adds);
    }

  protected:
    // Each member has random numbers of its own.
    virtual void disturb(const Batch<T>& batch, const Cells& cells) const noexcept = 0;

    double strength(const Batch<T>& batch) const noexcept { return batch.now.value(strength_); }
    uint64_t key(const Batch<T>& batch, const Cells& cells) const noexcept {
        uint64_t key;
        batch.kernels.random_bits(batch.seed, static_cast<uint32_t>(stream_), part_, cells.member,
                                  1, &key);
        return key;
    }

    Buffer input_;
    Buffer output_;
    int mask_;

  private:
    Schedule strength_;
    Stream stream_;
    uint32_t part_;
};

// `Kind` is made of places, a schedule and a part.
template <template <class> class Kind, class T>
int add_noise(Program<T>& program, int at, const Schedule& strength, uint32_t part) {
    const int units = program.units(at);
    return program.add({at}, units, false, {.training = Kind<T>::masks ? units : 0},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<Kind<T>>(places, strength, part);
                       });
}

}  // namespace hl
