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

    // Of the batch that `batches` precede; a course is of batches too.
    double learning_rate(uint64_t batches, const Course& course) const noexcept {
        return settings_.learning_rate.value(batches / settings_.accumulation, updates_of(course));
    }
    void set_schedule(Schedule schedule) noexcept { settings_.learning_rate = std::move(schedule); }

    // `penalty_share`: what the penalties of weights are multiplied with.
    Update<T> next(uint64_t batches, const Course& course, T* parameters,
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
        double rate_factor, decay_factor, l1, l2;
        bool operator==(const Group&) const = default;
    };

    Course updates_of(const Course& course) const noexcept {
        return {course.first / settings_.accumulation, course.steps / settings_.accumulation};
    }
    bool needs_slot(int number) const noexcept;
    bool is_woven() const noexcept;
    Timing timing(bool last) const noexcept;
    T* slot(int number) const noexcept {
        return slots_[number].size() > 0 ? slots_[number].data() : nullptr;
    }
    void prepare_average(uint64_t step) noexcept;
    void prepare_rules(uint64_t step, const Course& course) noexcept;
    void share_penalties(double share) noexcept;
    void each_stretch(int thread, int threads, const auto& work) const noexcept;
    double scale_of(int parameter) const noexcept;
    bool clips_norms() const noexcept {
        return settings_.clipping == Clipping::norm || settings_.clipping == Clipping::global_norm;
    }

    OptimizerSettings settings_;
    const Kernels<T>& kernels_;
    // Whether a penalty of pairs of weights adds to the gradient once it is whole.
    bool has_pairs_ = false;
    std::vector<Stretch> stretches_;
    std::vector<Group> groups_;
    std::vector<UpdateRule<T>> rules_;           // of each group
    std::vector<const UpdateRule<T>*> rule_of_;  // of each parameter
    Aligned<T> slots_[3];
    Aligned<T> gradient_;
    std::vector<double> squares_;  // of each stretch of the gradient
    Aligned<T> average_;
    bool has_average_ = false;
    T average_keeps_ = T(0);  // of itself, in this step
    bool overwrites_ = false;
    double beta_1_power_ = 1.0;
    double beta_2_power_ = 1.0;
    double nadam_power_ = 1.0;    // of 0.96
    double nadam_product_ = 1.0;  // of the momenta so far
};

extern template class OptimizerState<float>;
extern template class OptimizerState<double>;

}  // namespace hl
