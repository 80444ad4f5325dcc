#include "trainer.hpp"

#include <algorithm>
#include <cmath>

namespace hl {

namespace {

// Two barriers a step, and weights that move between the cores' caches: measured on two cores of a
// Sapphire Rapids, a second thread begins to pay between 13 and 26 million operations a step, and
// only if each keeps two vectors of columns, without which a tile loads more than it computes.
constexpr double operations_worth_a_thread = 1e7;
constexpr int blocks_worth_a_thread = 2;
// Reading the clock takes a twentieth of the smallest step: there, every 16th step reads it.
constexpr double operations_worth_a_look = 1e6;
constexpr int steps_between_looks = 16;

}  // namespace

template <class T>
struct Trainer<T>::Fit {
    const Rows<T>& rows;
    const Listener& listener;
    int batch_size;
    int steps;  // of an epoch
    int threads;
    Arena<T> arena;
    int look_every = 1;
    Clock::time_point deadline = Clock::time_point::max();
    std::vector<Aligned<T>> packed;  // a thread's room for packing
    Aligned<T> last_good;
    std::vector<uint32_t> order;  // table rows in the epoch's order; empty: as they come

    // Of the epoch.
    int epoch = 0;
    bool gathered = false;  // the only batch lies in the arena already
    uint64_t first_step = 0;

    // Written by thread 0 between barriers, read by all after the next one.
    Update<T> update{};
    bool over = false;

    // Thread 0's own.
    double step_penalty = 0.0;
    double loss_sum = 0.0;
    std::vector<double> metric_sums;
    size_t samples_done = 0;
    Answer answer = Answer::go_on;
    bool out_of_time = false;
    int bad_step = -1;
    double bad_value = 0.0;
    Clock::time_point last_answer;

    double loss() const noexcept { return loss_sum / static_cast<double>(samples_done); }
    Ending ending() const noexcept {
        if (answer == Answer::interrupt) return Ending::interrupted;
        if (out_of_time) return Ending::out_of_time;
        return answer == Answer::stop ? Ending::stopped : Ending::finished;
    }
    int samples(int step) const noexcept {
        const size_t left = rows.n - static_cast<size_t>(step) * batch_size;
        return left < static_cast<size_t>(batch_size) ? static_cast<int>(left) : batch_size;
    }
};

template <class T>
Trainer<T>::Trainer(Program<T> program, const Kernels<T>& kernels, Objective<T> objective,
                    OptimizerSettings optimizer, uint64_t seed, int threads, bool adaptive)
    : program_(std::move(program)),
      kernels_(kernels),
      objective_(std::move(objective)),
      seed_(seed),
      adaptive_(adaptive),
      team_(threads),
      forward_(program_, kernels_),
      parameters_(program_.parameter_size()),
      optimizer_(std::move(optimizer), program_.parameter_size()) {}

template <class T>
int Trainer<T>::threads_for(int batch_size) const noexcept {
    if (!adaptive_) return team_.size();
    const double worth = program_.operations_per_sample() * batch_size / operations_worth_a_thread;
    const double fitting = round_up_to_block<T>(batch_size) / (Block<T> * blocks_worth_a_thread);
    return static_cast<int>(std::max(1.0, std::min({worth, fitting, double(team_.size())})));
}

// Fisher and Yates, from the identity each time: an epoch's order depends on its number alone.
template <class T>
void Trainer<T>::shuffle(const Rows<T>& rows, std::vector<uint32_t>& order) const {
    order.resize(rows.n);
    for (size_t i = 0; i < rows.n; ++i) {
        order[i] = rows.subset != nullptr ? rows.subset[i] : static_cast<uint32_t>(i);
    }
    for (size_t i = rows.n; i > 1; --i) {
        const uint64_t bits =
            random_bits(seed_, Stream::shuffle, static_cast<uint32_t>(epochs_done_), i);
        std::swap(order[i - 1], order[random_below(i, bits)]);
    }
}

template <class T>
double Trainer<T>::penalty() const noexcept {
    double sum = 0.0;
    for (const ParameterBlock& block : program_.parameters()) {
        if (block.l2 == 0.0) continue;
        sum += block.l2 * kernels_.sum_of_squares(block.size, parameters_.data() + block.offset);
    }
    return sum;
}

// All threads run this. Samples are split while forward and backward run, which need no barrier
// since a sample stays with its thread; then rows of parameters are split while they are updated.
template <class T>
void Trainer<T>::train_steps(int thread, Fit& fit) {
    const auto& steps = program_.steps();
    const Arena<T>& arena = fit.arena;
    const int threads = fit.threads;
    const uint32_t* order = fit.order.empty() ? nullptr : fit.order.data();
    for (int s = 0; s < fit.steps; ++s) {
        const int samples = fit.samples(s);
        const size_t start = static_cast<size_t>(s) * fit.batch_size;
        const int blocks = round_up_to_block<T>(samples) / Block<T>;
        const int first = share_begin(blocks, thread, threads) * Block<T>;
        const int columns = share_begin(blocks, thread + 1, threads) * Block<T> - first;
        const Batch<T> batch{.kernels = kernels_,
                             .memory = arena.memory(),
                             .stride = arena.stride(),
                             .parameters = parameters_.data(),
                             .samples = samples,
                             .training = true,
                             .seed = seed_,
                             .step = fit.first_step + s,
                             .packed = fit.packed[thread].data()};
        if (columns > 0) {
            if (!fit.gathered) {
                const uint32_t* index = order != nullptr ? order + start : nullptr;
                arena.gather(kernels_, fit.rows, index, index != nullptr ? 0 : start, samples,
                             first, columns);
            }
            for (const auto& step : steps) step->forward(batch, first, columns);
            objective_.losses(program_, batch, arena, fit.rows.weights != nullptr,
                              T(1) / static_cast<T>(samples), first, columns);
            objective_.measure(program_, batch, arena, first, columns);
            for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
                (*step)->backward(batch, first, columns);
            }
        }
        if (thread == 0) {
            fit.update = optimizer_.next(steps_done_, parameters_.data());
            fit.step_penalty = penalty();
        }
        team_.barrier();
        for (const auto& step : steps) step->update(batch, fit.update, thread, threads);
        if (thread == 0) {
            const double loss = kernels_.sum(samples, arena.losses()) + samples * fit.step_penalty;
            fit.loss_sum += loss;
            for (size_t i = 0; i < fit.metric_sums.size(); ++i) {
                fit.metric_sums[i] += kernels_.sum(samples, arena.metric(static_cast<int>(i)));
            }
            fit.samples_done += samples;
            if (!std::isfinite(loss)) {
                fit.bad_step = s;
                fit.bad_value = loss;
                fit.over = true;
            }
            ++steps_done_;
            if (steps_done_ % fit.look_every == 0) look(fit, s);
        }
        team_.barrier();
        if (fit.over) return;
    }
}

// Looks at the clock and at what other threads say; asks the listener when it is time.
template <class T>
void Trainer<T>::look(Fit& fit, int step) {
    if (fit.listener.halt != nullptr) {
        fit.answer = fit.listener.halt->load(std::memory_order_relaxed);
        if (fit.answer != Answer::go_on) fit.over = true;
    }
    const Clock::time_point now = Clock::now();
    if (now >= fit.deadline) fit.out_of_time = fit.over = true;
    if (fit.over || !fit.listener.progress || now - fit.last_answer < time_between_answers) return;
    fit.last_answer = now;
    fit.answer = fit.listener.progress(fit.epoch, step + 1, fit.steps, fit.loss());
    if (fit.answer != Answer::go_on) fit.over = true;
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
}

// False: it diverged. An epoch that was cut short has fewer samples done than rows.
template <class T>
bool Trainer<T>::train_epoch(Fit& fit, const FitSettings& settings) {
    // The order of a single batch's rows changes rounding only: it is gathered once.
    if (settings.shuffle && fit.steps > 1) shuffle(fit.rows, fit.order);
    fit.first_step = steps_done_;
    fit.loss_sum = 0.0;
    fit.metric_sums.assign(objective_.metrics.size(), 0.0);
    fit.samples_done = 0;
    team_.run(fit.threads, [&](int thread) { train_steps(thread, fit); });
    fit.gathered = fit.steps == 1;
    if (fit.bad_step < 0 && fit.samples_done == fit.rows.n &&
        !kernels_.all_finite(parameters_.size(), parameters_.data())) {
        fit.bad_value = std::numeric_limits<double>::quiet_NaN();
        return false;
    }
    return fit.bad_step < 0;
}

// What the epoch came to, on the validation rows too. Empty: stopped while they were measured.
template <class T>
std::vector<double> Trainer<T>::record_of(Fit& fit, const Rows<T>* validation) {
    std::vector<double> record{fit.loss()};
    for (double sum : fit.metric_sums) record.push_back(sum / static_cast<double>(fit.rows.n));
    if (validation == nullptr) return record;
    const std::vector<double> held_out = evaluate(*validation, [&] {
        look(fit, fit.steps - 1);
        return !fit.over;
    });
    if (held_out.empty()) return {};
    record.insert(record.end(), held_out.begin(), held_out.end());
    return record;
}

template <class T>
Report Trainer<T>::advance(const Rows<T>& rows, const Rows<T>* validation,
                           const FitSettings& settings, const Listener& listener, EarlyStop& early,
                           int first_epoch) {
    const Clock::time_point begun = Clock::now();
    const int batch_size = rows.n < static_cast<size_t>(settings.batch_size)
                               ? static_cast<int>(rows.n)
                               : settings.batch_size;
    Report report;
    Fit fit{.rows = rows,
            .listener = listener,
            .batch_size = batch_size,
            .steps = static_cast<int>((rows.n + batch_size - 1) / batch_size),
            .threads = threads_for(batch_size),
            .arena = Arena<T>(program_, batch_size, true, rows.target_units, measures() - 1),
            .packed = {},
            .last_good = Aligned<T>(parameters_.size()),
            .order = {},
            .metric_sums = {},
            .last_answer = listener.asked};
    for (int t = 0; t < fit.threads; ++t) fit.packed.emplace_back(packed_size);
    if (program_.operations_per_sample() * batch_size < operations_worth_a_look) {
        fit.look_every = steps_between_looks;
    }
    if (settings.seconds < 1e9) {
        const auto limit = std::chrono::duration<double>(settings.seconds);
        fit.deadline = begun + std::chrono::duration_cast<Clock::duration>(limit);
    }
    if (early.active() && best_.size() == 0) best_ = Aligned<T>(parameters_.size());
    const uint64_t steps_before = steps_done_;
    fit.last_good.copy_from(parameters_);

    for (fit.epoch = first_epoch; fit.epoch < first_epoch + settings.epochs; ++fit.epoch) {
        if (!train_epoch(fit, settings)) {
            keep_last_good(report, fit);
            break;
        }
        if (fit.samples_done < rows.n) break;
        ++epochs_done_;

        const std::vector<double> record = record_of(fit, validation);
        if (record.empty()) break;
        fit.last_good.copy_from(parameters_);
        report.records.push_back(record);
        if (early.active()) {
            const auto verdict = early.judge(fit.epoch, record[early.measure()]);
            if (verdict == EarlyStop::Verdict::improved) best_.copy_from(parameters_);
            if (verdict == EarlyStop::Verdict::stop) report.ending = Ending::stopped_early;
        }
        if (listener.epoch) {
            const Answer answer = listener.epoch(fit.epoch, record);
            if (answer != Answer::go_on) {
                fit.answer = answer;
                fit.over = true;
            }
        }
        if (report.ending == Ending::stopped_early || fit.over) break;
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
    Report report = advance(rows, validation, settings, listener, early, 0);
    if (early.restores()) parameters_.copy_from(best_);
    return report;
}

template <class T>
std::vector<double> Trainer<T>::evaluate(const Rows<T>& rows, const KeepGoing& keep_going) {
    std::vector<double> means;
    if (!forward_.evaluate(team_, parameters_.data(), rows, objective_, means, keep_going)) {
        return {};
    }
    means[0] += penalty();
    return means;
}

template <class T>
bool Trainer<T>::predict(const Rows<T>& rows, T* predictions, const KeepGoing& keep_going,
                         std::span<const T> parameters) {
    return forward_.predict(team_, parameters.data(), rows, predictions, keep_going);
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace hl
