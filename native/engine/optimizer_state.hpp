// What an optimizer remembers from step to step, and the numbers of each step.
#pragma once

#include <cmath>

#include "optimizer_settings.hpp"
#include "stretches.hpp"

namespace hl {

template <class T>
class OptimizerState {
  public:
    OptimizerState(OptimizerSettings settings, const Kernels<T>& kernels,
                   const Program<T>& program);

    // The update of the batch that `batches` precede; a course is of batches too.
    Moment moment(uint64_t batches, const Course& course) const noexcept {
        const uint64_t each = settings_.accumulation;
        return {batches / each, {course.first / each, course.steps / each}};
    }
    double learning_rate(const Moment& now) const noexcept {
        return now.value(settings_.learning_rate);
    }
    void set_schedule(Schedule schedule) noexcept { settings_.learning_rate = std::move(schedule); }

    // What all updates of these parameters have; and what there is besides in the one that a batch
    // belongs to which `batches` precede.
    Update<T> updates(T* parameters) noexcept;
    // `penalty_share`: what the penalties of weights are multiplied with.
    void prepare(Update<T>& update, uint64_t batches, const Moment& now,
                 double penalty_share) noexcept;

    // A thread's share of what comes when the gradient is whole; between the two, all threads meet.
    void complete(const Update<T>& update, int thread, int threads) noexcept;
    void apply(const Update<T>& update, int thread, int threads) const noexcept;

    // The gradient of the last update, where that has one.
    const T* gradient() const noexcept { return gradient_.data(); }

    // Whether it keeps a mean of the weights; a thread's share of its step.
    bool averages() const noexcept { return settings_.averages; }
    void average(const Update<T>& update, int thread, int threads) const noexcept;
    // Whether it has taken a step already.
    bool has_average() const noexcept { return has_average_; }
    const Aligned<T>& average() const noexcept { return average_; }

    void forget() noexcept;

  private:
    // Weights with the same factors and penalties have one rule.
    struct Group {
        double rate_factor, decay_factor;
        Schedule l1, l2;
        bool operator==(const Group&) const = default;
    };

    bool needs_slot(int number) const noexcept;
    Timing timing(bool last) const noexcept;
    T* slot(int number) const noexcept {
        return slots_[number].size() > 0 ? slots_[number].data() : nullptr;
    }
    void prepare_average(const Moment& now) noexcept;
    void prepare_rules(const Moment& now) noexcept;
    void prepare_penalties(const Moment& now, double share) noexcept;
    void each_stretch(int thread, int threads, const auto& work) const noexcept;
    double scale_of(int parameter) const noexcept;
    bool clips_norms() const noexcept {
        return settings_.clipping == Clipping::norm || settings_.clipping == Clipping::global_norm;
    }

    OptimizerSettings settings_;
    const Kernels<T>& kernels_;
    // Whether a penalty of pairs of weights adds to the gradient once it is whole.
    bool has_pairs_ = false;
    bool is_woven_;  // no gradient is ever whole
    std::vector<Stretch> stretches_;
    std::vector<Group> groups_;
    std::vector<UpdateRule<T>> rules_;           // of each group
    bool is_steady_;                             // of a rule, only rate and decay change
    bool has_rules_ = false;                     // since the last `forget`
    std::vector<const UpdateRule<T>*> rule_of_;  // of each parameter
    Aligned<T> slots_[3];
    Aligned<T> gradient_;
    std::vector<double> squares_;  // of each stretch of the gradient
    double limit_ = 0.0;           // to the gradient, in this step
    Aligned<T> average_;
    bool has_average_ = false;
    T average_keeps_ = T(0), average_takes_ = T(1);  // of itself and of the weights, in this step
    bool overwrites_ = false;
    double beta_1_power_ = 1.0;
    double beta_2_power_ = 1.0;
    double nadam_power_ = 1.0;    // of 0.96
    double nadam_product_ = 1.0;  // of the momenta so far
};

extern template class OptimizerState<float>;
extern template class OptimizerState<double>;

}  // namespace hl
