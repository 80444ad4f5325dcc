// An activation with a learned share a unit: x + α·(f(x) − x), and the other way round,
// f(x) + α·(x − f(x)), which is PReLU where f is relu (He et al. 2015, arXiv:1502.01852).
#pragma once

#include "vector_update.hpp"

namespace hl {

template <class T>
class BlendStep final : public Step<T> {
  public:
    BlendStep(const Places& places, ActivationFunction<T> activation, bool towards_activation,
              Parameter shares)
        : input_(places.input()),
          output_(places.output),
          activated_(places.values),
          work_(places.training),
          activation_(activation),
          towards_activation_(towards_activation),
          shares_(shares) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        activation_.forward(batch, output_.units, input_.value, activated_, first, columns);
        batch.kernels.blend(output_.units, columns, batch.stride, batch.row(from()) + first,
                            batch.row(towards()) + first, shares(batch),
                            batch.row(output_.value) + first, false);
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        activation_.forward_one(batch, output_.units, input_.value, activated_);
        const T *start = batch.row(from()), *end = batch.row(towards());
        for (int i = 0; i < output_.units; ++i) {
            batch.row(output_.value)[i] = start[i] + shares(batch)[i] * (end[i] - start[i]);
        }
    }

    // What remains in `work_` is what a share is multiplied with: the way from one to the other.
    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        const auto copy = [&](T factor, int source, bool accumulate) {
            batch.kernels.copy(output_.units, columns, batch.stride, factor,
                               batch.row(source) + first, batch.row(work_) + first, accumulate);
        };
        if (input_.gradient >= 0) {
            copy(T(1), output_.gradient, false);
            activation_.backward(batch, output_.units, input_.value, activated_, work_, first,
                                 columns);
            const int start = towards_activation_ ? output_.gradient : work_;
            const int end = towards_activation_ ? work_ : output_.gradient;
            batch.kernels.blend(output_.units, columns, batch.stride, batch.row(start) + first,
                                batch.row(end) + first, shares(batch),
                                batch.row(input_.gradient) + first, input_.adds);
        }
        copy(T(1), towards(), false);
        copy(T(-1), from(), true);
    }

    int update_items() const noexcept override { return blocks_of<T>(output_.units); }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        update_vector(batch, update, waiting, shares_, output_.units, item, [&](int unit) {
            return static_cast<T>(batch.kernels.dot(
                batch.samples, batch.row(output_.gradient + unit), batch.row(work_ + unit)));
        });
    }

  private:
    int from() const noexcept { return towards_activation_ ? input_.value : activated_; }
    int towards() const noexcept { return towards_activation_ ? activated_ : input_.value; }
    const T* shares(const Batch<T>& batch) const noexcept {
        return batch.parameters + shares_.offset;
    }

    Buffer input_;
    Buffer output_;
    int activated_;
    int work_;
    ActivationFunction<T> activation_;
    bool towards_activation_;
    Parameter shares_;
};

template <class T>
int add_blend(Program<T>& program, int at, const ActivationFunction<T>& activation,
              bool towards_activation) {
    if (!activation.is_elementwise()) {
        throw std::invalid_argument("a share of an activation that couples units");
    }
    const int units = program.units(at);
    const Parameter shares = program.parameter(1, units, true);
    return program.add({at}, units, true, {.values = units, .training = units},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<BlendStep<T>>(places, activation,
                                                                 towards_activation, shares);
                       });
}

}  // namespace hl
