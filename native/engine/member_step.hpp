// The steps between what makes members of samples and what averages them: those of any program.
#pragma once

#include <memory>

#include "step.hpp"

namespace hl {

// A batch whose samples are the columns of all members. Columns past the last sample count too: in
// them the loss has the gradient 0.
template <class T>
Batch<T> member_batch(const Batch<T>& batch) noexcept {
    const auto& [members, memory, stride] = batch.member_columns;
    const bool alone = batch.stride == 1;
    Batch<T> own = batch;
    own.memory = memory;
    own.stride = stride;
    own.samples = members * (alone ? 1 : round_up_to_block<T>(batch.samples));
    own.capacity = members * (alone ? 1 : round_up_to_block<T>(batch.capacity));
    own.members = members;
    return own;
}

// A step that treats all columns alike, for the columns of all members at once.
template <class T>
class MemberStep final : public Step<T> {
  public:
    MemberStep(std::unique_ptr<Step<T>> step, int members)
        : step_(std::move(step)), members_(members) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        step_->forward(member_batch(batch), members_ * first, members_ * columns);
    }
    // A sample has its members side by side.
    void forward_one(const Batch<T>& batch) const noexcept override {
        const Batch<T> own = member_batch(batch);
        step_->forward(own, 0, round_up_to_block<T>(own.samples));
    }
    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        step_->backward(member_batch(batch), members_ * first, members_ * columns);
    }

    int forward_items(int samples) const noexcept override {
        return step_->forward_items(columns_of(samples));
    }
    void forward_item(const Batch<T>& batch, int item) const noexcept override {
        step_->forward_item(member_batch(batch), item);
    }
    bool derives() const noexcept override { return step_->derives(); }
    void derive(const Batch<T>& batch, int first, int columns) const noexcept override {
        step_->derive(member_batch(batch), members_ * first, members_ * columns);
    }
    int backward_items(int samples) const noexcept override {
        return step_->backward_items(columns_of(samples));
    }
    void backward_item(const Batch<T>& batch, int item) const noexcept override {
        step_->backward_item(member_batch(batch), item);
    }

    int update_items() const noexcept override { return step_->update_items(); }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        step_->update_item(member_batch(batch), update, waiting, item);
    }

  private:
    int columns_of(int samples) const noexcept { return members_ * round_up_to_block<T>(samples); }

    std::unique_ptr<Step<T>> step_;
    int members_;
};

}  // namespace hl
