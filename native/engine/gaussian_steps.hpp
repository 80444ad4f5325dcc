// Normally distributed noise, added or multiplied, as steps.
#pragma once

#include <cmath>

#include "noise_step.hpp"

namespace hl {

// x + N(0, stddev).
template <class T>
class GaussianNoiseStep final : public NoiseStep<T> {
  public:
    static constexpr bool masks = false;

    GaussianNoiseStep(const Places& places, Schedule stddev, uint32_t part)
        : NoiseStep<T>(places, std::move(stddev), Stream::noise, part) {}

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (this->input_.gradient < 0) return;
        batch.kernels.copy(this->output_.units, columns, batch.stride, T(1),
                           batch.row(this->output_.gradient) + first,
                           batch.row(this->input_.gradient) + first, this->input_.adds);
    }

  private:
    void disturb(const Batch<T>& batch, const Cells& cells) const noexcept override {
        T* y = batch.row(this->output_.value) + cells.first;
        batch.kernels.normal(this->output_.units, cells.columns, cells.sample, batch.stride, T(0),
                             static_cast<T>(this->strength(batch)), y, this->key(batch, cells),
                             batch.step);
        batch.kernels.copy(this->output_.units, cells.columns, batch.stride, T(1),
                           batch.row(this->input_.value) + cells.first, y, true);
    }
};

// x·N(1, sqrt(rate / (1 − rate))): the variance of what dropout multiplies with.
// Srivastava et al. (2014), JMLR 15, section 10.
template <class T>
class GaussianDropoutStep final : public NoiseStep<T> {
  public:
    GaussianDropoutStep(const Places& places, Schedule rate, uint32_t part)
        : NoiseStep<T>(places, std::move(rate), Stream::noise, part) {}

  private:
    void disturb(const Batch<T>& batch, const Cells& cells) const noexcept override {
        const double rate = this->strength(batch);
        T* mask = batch.row(this->mask_) + cells.first;
        batch.kernels.normal(this->output_.units, cells.columns, cells.sample, batch.stride, T(1),
                             static_cast<T>(std::sqrt(rate / (1.0 - rate))), mask,
                             this->key(batch, cells), batch.step);
        batch.kernels.multiply_elementwise(this->output_.units, cells.columns, batch.stride,
                                           batch.row(this->input_.value) + cells.first, mask,
                                           batch.row(this->output_.value) + cells.first, false);
    }
};

}  // namespace hl
