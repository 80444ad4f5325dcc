#include "optimizer_state.hpp"

namespace hl {

template <class T>
OptimizerState<T>::OptimizerState(OptimizerSettings settings, const Kernels<T>& kernels,
                                  const Program<T>& program)
    : settings_(std::move(settings)),
      kernels_(kernels),
      stretches_(stretches_of(program.parameters())),
      squares_(stretches_.size()) {
    const std::vector<ParameterBlock>& parameters = program.parameters();
    std::vector<size_t> group_of;
    for (size_t p = 0; p < parameters.size(); ++p) {
        Group group{parameters[p].rate_factor, parameters[p].decay_factor, parameters[p].l1,
                    parameters[p].l2};
        if (!settings_.rate_factors.empty()) group.rate_factor *= settings_.rate_factors[p];
        if (!settings_.decay_factors.empty()) group.decay_factor *= settings_.decay_factors[p];
        const auto found = std::find(groups_.begin(), groups_.end(), group);
        group_of.push_back(found - groups_.begin());
        if (found == groups_.end()) groups_.push_back(group);
    }
    rules_.resize(groups_.size());
    for (size_t group : group_of) rule_of_.push_back(&rules_[group]);
    const size_t size = program.parameter_size();
    for (int i = 0; i < slots(); ++i) slots_[i] = Aligned<T>(size);
    if (!is_woven()) gradient_ = Aligned<T>(size);
    if (averages()) average_ = Aligned<T>(size);
    forget();
}

template <class T>
int OptimizerState<T>::slots() const noexcept {
    if (settings_.kind == Optimizer::sgd && settings_.momentum == 0.0) return 0;
    return optimizer_slots[static_cast<int>(settings_.kind)];
}

template <class T>
bool OptimizerState<T>::is_woven() const noexcept {
    return kernels_.descend[static_cast<int>(settings_.kind)] != nullptr &&
           settings_.clipping == Clipping::none && settings_.accumulation == 1;
}

template <class T>
UpdateRule<T> OptimizerState<T>::rule_of(const Group& group, double rate,
                                         double correction) const noexcept {
    const double own = rate * group.rate_factor;
    return {.learning_rate = static_cast<T>(own * correction),
            .momentum = static_cast<T>(settings_.momentum),
            .nesterov = static_cast<T>(settings_.nesterov),
            .beta_1_rest = static_cast<T>(1.0 - settings_.beta_1),
            .beta_2_rest = static_cast<T>(1.0 - settings_.beta_2),
            .epsilon = static_cast<T>(settings_.epsilon),
            .decay = static_cast<T>(settings_.weight_decay * own * group.decay_factor),
            .l1 = static_cast<T>(group.l1),
            .two_l2 = static_cast<T>(2.0 * group.l2),
            .penalises = group.l1 != 0.0 || group.l2 != 0.0};
}

template <class T>
Update<T> OptimizerState<T>::next(uint64_t batches, const Course& course, T* parameters) noexcept {
    const uint64_t place = batches % settings_.accumulation;
    const bool last = place + 1 == static_cast<uint64_t>(settings_.accumulation);
    const uint64_t step = batches / settings_.accumulation;
    if (averages()) {
        // Keras's: the first step's average is of its weights alone.
        const bool keeps = has_average_ && step > 0;
        average_keeps_ = static_cast<T>(keeps ? settings_.average_momentum : 0.0);
        has_average_ = true;
        overwrites_ = settings_.overwrites > 0 && (step + 1) % settings_.overwrites == 0;
    }
    Update<T> update{.optimizer = settings_.kind,
                     .timing = is_woven() ? Timing::woven
                               : !last    ? Timing::later
                               : settings_.clipping == Clipping::norm ||
                                       settings_.clipping == Clipping::global_norm
                                   ? Timing::whole
                                   : Timing::by_parts,
                     .rules = rule_of_.data(),
                     .parameters = parameters,
                     .state_1 = slot(0),
                     .state_2 = slot(1),
                     .gradient = is_woven() ? nullptr : gradient_.data(),
                     .adds = place > 0,
                     .share = static_cast<T>(1.0 / settings_.accumulation),
                     .clip_value = settings_.clipping == Clipping::value
                                       ? static_cast<T>(settings_.limit)
                                       : std::numeric_limits<T>::infinity()};
    if (!last) return update;
    beta_1_power_ *= settings_.beta_1;
    beta_2_power_ *= settings_.beta_2;
    const double rate = settings_.learning_rate.value(step, updates_of(course));
    const bool adam = settings_.kind == Optimizer::adam || settings_.kind == Optimizer::adamw;
    const double correction = adam ? std::sqrt(1.0 - beta_2_power_) / (1.0 - beta_1_power_) : 1.0;
    for (size_t g = 0; g < groups_.size(); ++g) rules_[g] = rule_of(groups_[g], rate, correction);
    return update;
}

template <class T>
void OptimizerState<T>::each_stretch(int thread, int threads, const auto& work) const noexcept {
    const int all = static_cast<int>(stretches_.size());
    const int end = share_begin(all, thread + 1, threads);
    for (int i = share_begin(all, thread, threads); i < end; ++i) work(i, stretches_[i]);
}

template <class T>
void OptimizerState<T>::complete(const Update<T>& update, int thread, int threads) noexcept {
    each_stretch(thread, threads, [&](int place, const Stretch& at) {
        kernels_.complete(update, *rule_of_[at.parameter], at.first, at.size);
        squares_[place] = kernels_.sum_of_squares(at.size, update.gradient + at.first);
    });
}

// What the gradient of a parameter is multiplied with, so that the norm does not exceed the limit.
// One that is no number makes the weights so, too.
template <class T>
double OptimizerState<T>::scale_of(int parameter) const noexcept {
    double sum = 0.0;
    for (size_t i = 0; i < stretches_.size(); ++i) {
        if (settings_.clipping == Clipping::global_norm || stretches_[i].parameter == parameter) {
            sum += squares_[i];
        }
    }
    const double norm = std::sqrt(sum);
    return norm <= settings_.limit ? 1.0 : settings_.limit / norm;
}

template <class T>
void OptimizerState<T>::apply(const Update<T>& update, int thread, int threads) const noexcept {
    int known = -1;
    T scale = T(1);
    each_stretch(thread, threads, [&](int, const Stretch& at) {
        if (at.parameter != known) {
            known = at.parameter;
            scale = static_cast<T>(scale_of(known));
        }
        kernels_.apply[static_cast<int>(update.optimizer)](update, *rule_of_[at.parameter], scale,
                                                           at.first, at.size);
    });
}

template <class T>
void OptimizerState<T>::average(const Update<T>& update, int thread, int threads) const noexcept {
    const T rest = static_cast<T>(average_keeps_ == T(0) ? 1.0 : 1.0 - settings_.average_momentum);
    each_stretch(thread, threads, [&](int, const Stretch& at) {
        T* mean = average_.data() + at.first;
        T* weights = update.parameters + at.first;
        kernels_.mix(at.size, rest, weights, average_keeps_, mean);
        if (overwrites_) std::copy_n(mean, at.size, weights);
    });
}

template <class T>
void OptimizerState<T>::forget() noexcept {
    for (Aligned<T>& slot : slots_) slot.clear();
    gradient_.clear();
    average_.clear();
    has_average_ = false;
    beta_1_power_ = beta_2_power_ = 1.0;
}

template class OptimizerState<float>;
template class OptimizerState<double>;

}  // namespace hl
