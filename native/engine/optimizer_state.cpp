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
        has_pairs_ = has_pairs_ || !parameters[p].orthogonality.factor.is_zero();
        if (found == groups_.end()) groups_.push_back(group);
    }
    for (const Group& group : groups_) {
        rules_.push_back({.l1 = T(0),
                          .two_l2 = T(0),
                          .penalises = !group.l1.is_zero() || !group.l2.is_zero(),
                          .has_momentum = settings_.has_momentum,
                          .nesterov = settings_.nesterov,
                          .centered = settings_.centered,
                          .amsgrad = settings_.amsgrad});
    }
    for (size_t group : group_of) rule_of_.push_back(&rules_[group]);
    const size_t size = program.parameter_size();
    for (int i = 0; i < 3; ++i) {
        if (needs_slot(i)) slots_[i] = Aligned<T>(size);
    }
    if (averages()) average_ = Aligned<T>(size);
    is_woven_ = kernels_.descend[static_cast<int>(settings_.kind)] != nullptr &&
                !settings_.amsgrad && settings_.clipping == Clipping::none &&
                settings_.accumulation == 1 && !has_pairs_;
    is_steady_ = settings_.kind != Optimizer::nadam;
    for (const Schedule* one :
         {&settings_.beta_1, &settings_.beta_2, &settings_.momentum, &settings_.epsilon}) {
        is_steady_ = is_steady_ && one->kind == ScheduleKind::constant;
    }
    if (!is_woven_) gradient_ = Aligned<T>(size);
    forget();
}

template <class T>
bool OptimizerState<T>::needs_slot(int number) const noexcept {
    if (number == 2) return settings_.centered || settings_.amsgrad;
    const int always = optimizer_slots[static_cast<int>(settings_.kind)];
    return number < always || (number == always && settings_.has_momentum);
}

template <class T>
Timing OptimizerState<T>::timing(bool last) const noexcept {
    if (!last || settings_.kind == Optimizer::lbfgs) return Timing::later;
    return clips_norms() || has_pairs_ ? Timing::whole : Timing::by_parts;
}

template <class T>
Update<T> OptimizerState<T>::updates(T* parameters) noexcept {
    return {.optimizer = settings_.kind,
            .timing = Timing::woven,
            .rules = rule_of_.data(),
            .parameters = parameters,
            .state_1 = slot(0),
            .state_2 = slot(1),
            .state_3 = slot(2),
            .gradient = gradient_.size() > 0 ? gradient_.data() : nullptr,
            .adds = false,
            .share = T(1),
            .clip_value = std::numeric_limits<T>::infinity()};
}

template <class T>
void OptimizerState<T>::prepare(Update<T>& update, uint64_t batches, const Moment& now,
                                double penalty_share) noexcept {
    prepare_penalties(now, penalty_share);  // of each batch
    if (averages()) prepare_average(now);
    if (is_woven_) return prepare_rules(now);
    const uint64_t place = batches % settings_.accumulation;
    const bool last = place + 1 == static_cast<uint64_t>(settings_.accumulation);
    if (last) prepare_rules(now);
    update.timing = timing(last);
    update.adds = place > 0;
    update.share = static_cast<T>(last ? 1.0 / settings_.accumulation : 1.0);
    limit_ = now.value(settings_.limit);
    const bool by_value = last && settings_.clipping == Clipping::value;
    update.clip_value = by_value ? static_cast<T>(limit_) : std::numeric_limits<T>::infinity();
}

// As in Keras: the average of the first step is of its weights alone.
template <class T>
void OptimizerState<T>::prepare_average(const Moment& now) noexcept {
    const bool keeps = has_average_ && now.step > 0;
    const double momentum = keeps ? now.value(settings_.average_momentum) : 0.0;
    average_keeps_ = static_cast<T>(momentum);
    average_takes_ = static_cast<T>(1.0 - momentum);
    has_average_ = true;
    overwrites_ = settings_.overwrites > 0 && (now.step + 1) % settings_.overwrites == 0;
}

template <class T>
void OptimizerState<T>::prepare_rules(const Moment& now) noexcept {
    const double rate = learning_rate(now);
    const double beta_1 = now.value(settings_.beta_1);
    const double beta_2 = now.value(settings_.beta_2);
    const double momentum = now.value(settings_.momentum);
    const double weight_decay = now.value(settings_.weight_decay);
    beta_1_power_ *= beta_1;
    beta_2_power_ *= beta_2;
    double correction = 1.0, epsilon = now.value(settings_.epsilon);
    double mean_factor = 0.0, gradient_factor = 0.0;
    switch (settings_.kind) {
        case Optimizer::adam:
        case Optimizer::adamw:
            correction = std::sqrt(1.0 - beta_2_power_) / (1.0 - beta_1_power_);
            break;
        case Optimizer::adamax:
            correction = 1.0 / (1.0 - beta_1_power_);
            break;
        case Optimizer::nadam: {
            nadam_power_ *= 0.96;
            const double own = beta_1 * (1.0 - 0.5 * nadam_power_);
            const double next = beta_1 * (1.0 - 0.5 * 0.96 * nadam_power_);
            nadam_product_ *= own;
            mean_factor = next / (1.0 - nadam_product_ * next);
            gradient_factor = (1.0 - own) / (1.0 - nadam_product_);
            // m̂ / (√(v / c) + ε) = m̂·√c / (√v + ε·√c)
            correction = std::sqrt(1.0 - beta_2_power_);
            epsilon *= correction;
            break;
        }
        default:
            break;
    }
    for (size_t g = 0; g < groups_.size(); ++g) {
        const double own = rate * groups_[g].rate_factor;
        UpdateRule<T>& rule = rules_[g];
        rule.learning_rate = static_cast<T>(own * correction);
        rule.decay = static_cast<T>(weight_decay * own * groups_[g].decay_factor);
        if (is_steady_ && has_rules_) continue;
        rule.momentum = static_cast<T>(momentum);
        rule.beta_1_rest = static_cast<T>(1.0 - beta_1);
        rule.beta_2 = static_cast<T>(beta_2);
        rule.beta_2_rest = static_cast<T>(1.0 - beta_2);
        rule.epsilon = static_cast<T>(epsilon);
        rule.mean_factor = static_cast<T>(mean_factor);
        rule.gradient_factor = static_cast<T>(gradient_factor);
    }
    has_rules_ = true;
}

template <class T>
void OptimizerState<T>::prepare_penalties(const Moment& now, double share) noexcept {
    for (size_t g = 0; g < groups_.size(); ++g) {
        if (!rules_[g].penalises) continue;
        rules_[g].l1 = static_cast<T>(now.value(groups_[g].l1) * share);
        rules_[g].two_l2 = static_cast<T>(2.0 * now.value(groups_[g].l2) * share);
    }
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
        if (!at.trainable) return;
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
    return norm <= limit_ ? 1.0 : limit_ / norm;
}

template <class T>
void OptimizerState<T>::apply(const Update<T>& update, int thread, int threads) const noexcept {
    int known = -1;
    T scale = T(1);
    each_stretch(thread, threads, [&](int, const Stretch& at) {
        if (!at.trainable) return;
        if (at.parameter != known) {
            known = at.parameter;
            scale = static_cast<T>(clips_norms() ? scale_of(known) : 1.0);
        }
        kernels_.apply[static_cast<int>(update.optimizer)](update, *rule_of_[at.parameter], scale,
                                                           at.first, at.size);
    });
}

template <class T>
void OptimizerState<T>::average(const Update<T>& update, int thread, int threads) const noexcept {
    each_stretch(thread, threads, [&](int, const Stretch& at) {
        T* mean = average_.data() + at.first;
        T* weights = update.parameters + at.first;
        if (!at.trainable) {
            std::copy_n(weights, at.size, mean);
            return;
        }
        kernels_.mix(at.size, average_takes_, weights, average_keeps_, mean);
        if (overwrites_) std::copy_n(mean, at.size, weights);
    });
}

template <class T>
void OptimizerState<T>::forget() noexcept {
    for (Aligned<T>& slot : slots_) slot.clear();
    if (settings_.kind == Optimizer::adagrad) {
        std::fill_n(slots_[0].data(), slots_[0].size(), static_cast<T>(settings_.first_square));
    }
    gradient_.clear();
    average_.clear();
    has_average_ = has_rules_ = false;
    beta_1_power_ = beta_2_power_ = nadam_power_ = nadam_product_ = 1.0;
}

template class OptimizerState<float>;
template class OptimizerState<double>;

}  // namespace hl
