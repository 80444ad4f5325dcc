// The penalty of a layer's value. It is a leaf of the graph: nothing reads it but the loss.
#pragma once

#include "program.hpp"

namespace hl {

// Into its one row, Σ l1·|x| + l2·x² over the units; to the gradient of x, that of the row's mean
// over the batch.
template <class T>
class ActivityPenaltyStep final : public Step<T> {
  public:
    ActivityPenaltyStep(const Places& places, Schedule l1, Schedule l2)
        : input_(places.input()), output_(places.output), l1_(std::move(l1)), l2_(std::move(l2)) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        batch.kernels.penalise(input_.units, columns, batch.stride,
                               static_cast<T>(batch.now.value(l1_)),
                               static_cast<T>(batch.now.value(l2_)),
                               batch.row(input_.value) + first, batch.row(output_.value) + first);
    }

    void forward_one(const Batch<T>&) const noexcept override {}

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        batch.kernels.penalty_slope(input_.units, columns, batch.stride,
                                    static_cast<T>(batch.now.value(l1_) / batch.samples),
                                    static_cast<T>(2.0 * batch.now.value(l2_) / batch.samples),
                                    batch.row(input_.value) + first,
                                    batch.row(input_.gradient) + first, input_.adds);
    }

  private:
    Buffer input_;
    Buffer output_;
    Schedule l1_, l2_;
};

// Not to be the last step: that one's value is the prediction.
template <class T>
void add_activity_penalty(Program<T>& program, int at, const Schedule& l1, const Schedule& l2) {
    program.add_penalty(
        program.add({at}, 1, false, {}, [=](const Places& places) -> std::unique_ptr<Step<T>> {
            return std::make_unique<ActivityPenaltyStep<T>>(places, l1, l2);
        }));
}

}  // namespace hl
