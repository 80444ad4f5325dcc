// Whole training without Python: shuffling, batches, steps, validation, early stop, best weights.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "constraints.hpp"
#include "forward.hpp"
#include "lbfgs.hpp"
#include "optimizer_state.hpp"
#include "orthogonal_penalties.hpp"
#include "run.hpp"

namespace hl {

template <class T>
class Trainer {
  public:
    // `adaptive`: batches that are not worth all threads use fewer. `shared_penalties`: those of
    // weights are divided by what the rows of a batch weigh together, as scikit-learn has it.
    Trainer(Program<T> program, const Kernels<T>& kernels, std::vector<Objective<T>> objectives,
            OptimizerSettings optimizer, uint64_t seed, int threads, bool adaptive,
            bool shared_penalties = false);

    const Program<T>& program() const noexcept { return program_; }
    // [parameter_size], laid out as program().parameters() says; padding is zero.
    std::span<T> parameters() noexcept { return {parameters_.data(), parameters_.size()}; }
    // What training leaves: the average of the parameters where the optimizer keeps one.
    std::span<const T> final_parameters() const noexcept;
    // The parameters of the best epoch; empty before an early stop has judged one.
    std::span<T> best() noexcept { return {best_.data(), best_.size()}; }
    // Values of an epoch's record that are of the training rows: the loss and the metrics.
    int measures() const noexcept { return objectives_.values(); }

    // How often L-BFGS has looked at the loss and the gradient.
    long long looks() const noexcept { return lbfgs_ ? lbfgs_->looks() : 0; }

    // The rate of the next step; not to be set while steps are made.
    double learning_rate() const noexcept {
        return optimizer_.learning_rate(optimizer_.moment(steps_done_, course_));
    }
    void set_schedule(Schedule schedule) noexcept { optimizer_.set_schedule(std::move(schedule)); }

    // A second call goes on where the first stopped: optimizer state, epochs and random streams.
    Report fit(const Rows<T>& rows, const Rows<T>* validation, const FitSettings& settings,
               const Listener& listener);
    // The same with rules that the caller keeps, so that patience outlasts the call, and without
    // putting the best weights back: they are best().
    Report advance(const Rows<T>& rows, const Rows<T>* validation, const FitSettings& settings,
                   const Listener& listener, EarlyStop& early, Plateau& plateau, int first_epoch);

    // Mean loss with penalties, then what is measured. Empty: stopped by `keep_going`.
    std::vector<double> evaluate(const Rows<T>& rows, const KeepGoing& keep_going);
    // How many threads of the team a batch of this size is worth.
    int threads_for(int batch_size) const noexcept;
    // With these parameters.
    bool predict(const Rows<T>& rows, T* predictions, const KeepGoing& keep_going,
                 std::span<const T> parameters);
    bool predict(const Rows<T>& rows, T* predictions, const KeepGoing& keep_going) {
        return predict(rows, predictions, keep_going, parameters());
    }

  private:
    struct Fit;  // what the threads share while one call trains

    void shuffle(const Rows<T>& rows, std::vector<uint32_t>& order) const;
    bool shares_units(int batch_size) const noexcept;
    int samples_at_once(int columns) const noexcept;
    void differentiate_by_units(int thread, Fit& fit, const Compared<T>& own) noexcept;
    void finish_update(int thread, Fit& fit) noexcept;
    void train_steps(int thread, Fit& fit);
    void look_along(Fit& fit, double loss);
    double add_batch(Fit& fit, const Compared<T>& own) noexcept;
    double loss_of(Fit& fit) const noexcept;
    bool look(Fit& fit);
    void ask(Fit& fit, int step);
    bool train_epoch(Fit& fit, const FitSettings& settings);
    bool measure_epoch(Fit& fit, const Rows<T>* validation);
    void keep_last_good(Report& report, const Fit& fit);
    double penalty(const Moment& now) const noexcept;

    Program<T> program_;
    const Kernels<T>& kernels_;
    Objectives<T> objectives_;
    uint64_t seed_;
    bool adaptive_;
    bool shared_penalties_;
    ThreadTeam team_;
    Forward<T> forward_;

    Aligned<T> parameters_;
    Aligned<T> best_;
    OptimizerState<T> optimizer_;
    std::optional<Lbfgs<T>> lbfgs_;
    OrthogonalPenalties<T> orthogonal_;
    Constraints<T> constraints_;
    uint64_t epochs_done_ = 0;
    uint64_t steps_done_ = 0;
    Course course_;  // of the call that trains, or of the last one
};

extern template class Trainer<float>;
extern template class Trainer<double>;

}  // namespace hl
