#include <algorithm>

#include "fit.hpp"
#include "random.hpp"

namespace hl {

namespace {

// Barriers, and what moves between the cores' caches: measured on two cores of a Zen 4, a second
// thread begins to pay at about 4 million operations a step; and where threads share the samples,
// only if each keeps two vectors of columns, without which a tile loads more than it computes: of
// samples, or of a few samples' members.
constexpr double operations_worth_a_thread = 2.5e6;
constexpr int blocks_worth_a_thread = 2;
// Reading the clock takes a twentieth of the smallest step: there, every 16th step reads it.
constexpr double operations_worth_a_look = 1e6;
constexpr int steps_between_looks = 16;

}  // namespace

template <class T>
Trainer<T>::Trainer(Program<T> program, const Kernels<T>& kernels,
                    std::vector<Objective<T>> objectives, OptimizerSettings optimizer,
                    uint64_t seed, int threads, bool adaptive, bool shared_penalties)
    : program_(std::move(program)),
      kernels_(kernels),
      objectives_(program_, std::move(objectives)),
      seed_(seed),
      adaptive_(adaptive),
      shared_penalties_(shared_penalties),
      team_(threads),
      forward_(program_, kernels_),
      parameters_(program_.parameter_size()),
      optimizer_(optimizer, kernels_, program_),
      orthogonal_(program_, kernels_),
      constraints_(program_, kernels_) {
    if (optimizer.kind == Optimizer::lbfgs) {
        lbfgs_.emplace(optimizer, kernels_, program_.parameter_size());
    }
}

// What moves between the cores' caches in a step is the weights where the samples are split, and
// the activations where the units are; a step that couples samples needs the latter.
template <class T>
bool Trainer<T>::shares_units(int batch_size) const noexcept {
    if (program_.couples_samples()) return true;
    const double values =
        program_.value_rows() + static_cast<double>(program_.value_rows(true)) * program_.members();
    return program_.weights() > values * batch_size;
}

template <class T>
int Trainer<T>::threads_for(int batch_size) const noexcept {
    if (!adaptive_) return team_.size();
    const double worth = program_.operations_per_sample() * batch_size / operations_worth_a_thread;
    double most = team_.size();
    if (!shares_units(batch_size)) {
        const int least = program_.members() > 1 ? 1 : blocks_worth_a_thread;
        most = std::min<double>(most, round_up_to_block<T>(batch_size) / (Block<T> * least));
    }
    return static_cast<int>(std::max(1.0, std::min(worth, most)));
}

// Fisher and Yates, from the identity each time: an epoch's order depends on its number alone.
template <class T>
void Trainer<T>::shuffle(const Rows<T>& rows, std::vector<uint32_t>& order) const {
    order.resize(rows.n);
    for (size_t i = 0; i < rows.n; ++i) {
        order[i] = rows.subset != nullptr ? rows.subset[i] : static_cast<uint32_t>(i);
    }
    constexpr size_t at_once = 256;
    uint64_t bits[at_once];
    for (size_t end = rows.n + 1; end > 2;) {
        const size_t begin = end - std::min(at_once, end - 2);
        kernels_.random_bits(seed_, static_cast<uint32_t>(Stream::shuffle),
                             static_cast<uint32_t>(epochs_done_), begin,
                             static_cast<int>(end - begin), bits);
        for (size_t i = end - 1; i >= begin; --i) {
            std::swap(order[i - 1], order[random_below(i, bits[i - begin])]);
        }
        end = begin;
    }
}

template <class T>
double Trainer<T>::penalty(const Moment& now) const noexcept {
    double sum = 0.0;
    for (const ParameterBlock& block : program_.parameters()) {
        const T* weights = parameters_.data() + block.offset;
        const double l1 = now.value(block.l1), l2 = now.value(block.l2);
        if (l1 != 0.0) sum += l1 * kernels_.sum_of_magnitudes(block.size, weights);
        if (l2 != 0.0) sum += l2 * kernels_.sum_of_squares(block.size, weights);
    }
    return sum;
}

template <class T>
std::span<const T> Trainer<T>::final_parameters() const noexcept {
    const Aligned<T>& left = optimizer_.has_average() ? optimizer_.average() : parameters_;
    return {left.data(), left.size()};
}

template <class T>
void Trainer<T>::keep_last_good(Report& report, const Fit& fit) {
    report.ending = Ending::diverged;
    report.bad_epoch = fit.epoch;
    report.bad_step = fit.bad_step;
    report.bad_loss = fit.bad_step >= 0;
    report.bad_value = fit.bad_value;
    parameters_.copy_from(fit.last_good);
    optimizer_.forget();
    if (lbfgs_) lbfgs_->forget();
}

// False: it diverged. An epoch that was cut short has fewer samples done than rows.
template <class T>
bool Trainer<T>::train_epoch(Fit& fit, const FitSettings& settings) {
    // The order of a single batch's rows changes rounding only: it is gathered once.
    if (settings.shuffle && fit.steps > 1) shuffle(fit.rows, fit.order);
    fit.first_step = steps_done_;
    fit.begin_sums();
    if (lbfgs_) fit.looks = lbfgs_->begin(parameters_.data());
    team_.run(fit.threads, [&](int thread) { train_steps(thread, fit); });
    if (fit.looks) {  // stopped in the middle of an iteration
        lbfgs_->abandon(parameters_.data());
        fit.samples_done = 0;
    }
    fit.gathered = fit.steps == 1;
    if (fit.bad_step < 0 && fit.samples_done == fit.rows.n &&
        !kernels_.all_finite(parameters_.size(), parameters_.data())) {
        fit.bad_value = std::numeric_limits<double>::quiet_NaN();
        return false;
    }
    return fit.bad_step < 0;
}

// What the epoch came to, on the validation rows too, into the record. False: stopped meanwhile.
template <class T>
bool Trainer<T>::measure_epoch(Fit& fit, const Rows<T>* validation) {
    const uint32_t* order = fit.order.empty() ? fit.rows.subset : fit.order.data();
    objectives_.conclude(fit.rows, order, fit.tally, fit.penalty(), fit.kept, fit.record);
    if (validation == nullptr) return true;
    const std::vector<double> held_out = evaluate(*validation, [&] {
        if (look(fit)) ask(fit, fit.steps - 1);
        return !fit.over;
    });
    fit.record.insert(fit.record.end(), held_out.begin(), held_out.end());
    return !held_out.empty();
}

template <class T>
Report Trainer<T>::advance(const Rows<T>& rows, const Rows<T>* validation,
                           const FitSettings& settings, const Listener& listener, EarlyStop& early,
                           Plateau& plateau, int first_epoch) {
    const Clock::time_point begun = Clock::now();
    const int batch_size = lbfgs_ || rows.n < static_cast<size_t>(settings.batch_size)
                               ? static_cast<int>(rows.n)
                               : settings.batch_size;
    const int threads = threads_for(batch_size);
    Report report;
    Fit fit{
        .rows = rows,
        .listener = listener,
        .batch_size = batch_size,
        .steps = static_cast<int>((rows.n + batch_size - 1) / batch_size),
        .threads = threads,
        .by_units = threads > 1 && shares_units(batch_size),
        .arena = Arena<T>(program_, batch_size, true, rows.target_units, objectives_.arena_rows()),
        .last_good = Aligned<T>(parameters_.size()),
        .kept = {},
        .order = {},
        .tally = std::vector<double>(objectives_.tally_size()),
        .record = {},
        .last_answer = listener.asked,
        .waiting = std::vector<Waiting<T>>(threads)};
    for (auto* shares : {&fit.forward, &fit.backward, &fit.updates}) {
        for (size_t i = 0; i < program_.steps().size(); ++i) shares->emplace_back(fit.threads);
    }
    fit.share_passes(program_.steps());
    objectives_.prepare(rows.n, fit.kept);
    if (program_.operations_per_sample() * batch_size < operations_worth_a_look) {
        fit.look_every = steps_between_looks;
    }
    if (settings.seconds < 1e9) {
        const auto limit = std::chrono::duration<double>(settings.seconds);
        fit.deadline = begun + std::chrono::duration_cast<Clock::duration>(limit);
    }
    if (early.active() && best_.size() == 0) best_ = Aligned<T>(parameters_.size());
    const uint64_t steps_before = steps_done_;
    course_ = {steps_done_, static_cast<double>(settings.epochs) * fit.steps};
    fit.update = optimizer_.updates(parameters_.data());
    fit.now = optimizer_.moment(steps_done_, course_);
    objectives_.settle(fit.now);
    fit.last_good.copy_from(parameters_);
    if (lbfgs_) lbfgs_->leave_point();

    for (fit.epoch = first_epoch; fit.epoch < first_epoch + settings.epochs; ++fit.epoch) {
        if (!train_epoch(fit, settings)) {
            keep_last_good(report, fit);
            break;
        }
        if (fit.samples_done < rows.n) break;
        ++epochs_done_;

        if (!measure_epoch(fit, validation)) break;
        const std::span<const double> record = fit.record;
        fit.last_good.copy_from(parameters_);
        report.records.add(record);
        if (early.active()) {
            const auto verdict = early.judge(fit.epoch, record[early.measure()]);
            if (verdict == EarlyStop::Verdict::improved) best_.copy_from(parameters_);
            if (verdict == EarlyStop::Verdict::stop) report.ending = Ending::stopped_early;
        }
        if (plateau.active()) {
            const double rate = learning_rate();
            const double next = plateau.judge(record[plateau.measure()], rate);
            if (next != rate) set_schedule(Schedule::constant(next));
        }
        if (listener.epoch) {
            const Answer answer = listener.epoch(fit.epoch, record);
            if (answer != Answer::go_on) {
                fit.answer = answer;
                fit.over = true;
            }
        }
        if (report.ending == Ending::finished && fit.converged) report.ending = Ending::converged;
        if (report.ending != Ending::finished || fit.over) break;
    }

    if (report.ending == Ending::finished) report.ending = fit.ending();
    report.best_epoch = early.best_epoch();
    report.steps = static_cast<long long>(steps_done_ - steps_before);
    report.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    return report;
}

template <class T>
Report Trainer<T>::fit(const Rows<T>& rows, const Rows<T>* validation, const FitSettings& settings,
                       const Listener& listener) {
    EarlyStop early(settings.early_stop);
    Plateau plateau(settings.plateau);
    Report report = advance(rows, validation, settings, listener, early, plateau, 0);
    if (early.restores()) {
        parameters_.copy_from(best_);
    } else if (optimizer_.has_average()) {
        parameters_.copy_from(optimizer_.average());
    }
    return report;
}

template <class T>
std::vector<double> Trainer<T>::evaluate(const Rows<T>& rows, const KeepGoing& keep_going) {
    std::vector<double> record;
    if (!forward_.evaluate(team_, parameters_.data(), rows, objectives_, record, keep_going)) {
        return {};
    }
    orthogonal_.normalise(parameters_.data(), 0, 1);
    orthogonal_.differentiate(nullptr, {}, 0, 1);
    const double share = shared_penalties_ ? objectives_.share(rows, nullptr, 0, rows.n) : 1.0;
    record[0] += share * penalty({}) + orthogonal_.value({});
    return record;
}

template <class T>
bool Trainer<T>::predict(const Rows<T>& rows, T* predictions, const KeepGoing& keep_going,
                         std::span<const T> parameters) {
    return forward_.predict(team_, parameters.data(), rows, predictions, keep_going);
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace hl
