// Dropout and AlphaDropout as steps.
#pragma once

#include <cmath>

#include "noise_step.hpp"

namespace hl {

// Inverted dropout.
template <class T>
class DropoutStep final : public NoiseStep<T> {
  public:
    DropoutStep(const Places& places, Schedule rate, uint32_t part)
        : NoiseStep<T>(places, std::move(rate), Stream::dropout, part) {}

  private:
    void disturb(const Batch<T>& batch, const Cells& cells) const noexcept override {
        batch.kernels.dropout(this->output_.units, cells.columns, cells.sample, batch.stride,
                              batch.row(this->input_.value) + cells.first,
                              batch.row(this->output_.value) + cells.first,
                              batch.row(this->mask_) + cells.first, 1.0 - this->strength(batch),
                              this->key(batch, cells), batch.step);
    }
};

// What is dropped becomes the lowest value of selu, and an affine map then brings mean and variance
// back to 0 and 1. Klambauer et al. (2017), arXiv:1706.02515, section "New dropout technique".
template <class T>
class AlphaDropoutStep final : public NoiseStep<T> {
  public:
    AlphaDropoutStep(const Places& places, Schedule rate, uint32_t part)
        : NoiseStep<T>(places, std::move(rate), Stream::dropout, part) {}

  private:
    // −α·λ of selu, as in the paper.
    static constexpr double lowest = -1.6732632423543772 * 1.0507009873554805;

    void disturb(const Batch<T>& batch, const Cells& cells) const noexcept override {
        const double rate = this->strength(batch);
        const double slope = 1.0 / std::sqrt((1.0 - rate) * (1.0 + rate * lowest * lowest));
        const double offset = -slope * lowest * rate;
        batch.kernels.alpha_dropout(
            this->output_.units, cells.columns, cells.sample, batch.stride,
            batch.row(this->input_.value) + cells.first,
            batch.row(this->output_.value) + cells.first, batch.row(this->mask_) + cells.first,
            1.0 - rate, static_cast<T>(slope), static_cast<T>(offset),
            static_cast<T>(slope * lowest + offset), this->key(batch, cells), batch.step);
    }
};

}  // namespace hl
