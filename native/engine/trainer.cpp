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
constexpr auto time_between_answers = std::chrono::milliseconds(50);

}  // namespace

template <class T>
struct Trainer<T>::Epoch {
    int number = 0;
    int batch_size = 0;
    int steps = 0;
    bool gathered = false;  // the only batch of the epoch lies in the arena already
    int look_every = 1;
    Clock::time_point deadline;
    const Listener* listener = nullptr;
    size_t n = 0;
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
    int samples(int step) const noexcept {
        const size_t left = n - static_cast<size_t>(step) * batch_size;
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
      optimizer_(std::move(optimizer), program_.parameter_size()),
      last_good_(program_.parameter_size()),
      best_(program_.parameter_size()) {
    for (int t = 0; t < threads; ++t) scratch_.emplace_back(program_.scratch_size());
}

template <class T>
int Trainer<T>::threads_for(int batch_size) const noexcept {
    if (!adaptive_) return team_.size();
    const double worth = program_.operations_per_sample() * batch_size / operations_worth_a_thread;
    const double fitting = round_up_to_block<T>(batch_size) / (Block<T> * blocks_worth_a_thread);
    return static_cast<int>(std::max(1.0, std::min({worth, fitting, double(team_.size())})));
}

// Fisher and Yates, from the identity each time: an epoch's order depends on its number alone.
template <class T>
void Trainer<T>::shuffle(size_t n) {
    order_.resize(n);
    for (size_t i = 0; i < n; ++i) order_[i] = static_cast<uint32_t>(i);
    for (size_t i = n; i > 1; --i) {
        const uint64_t bits =
            random_bits(seed_, Stream::shuffle, static_cast<uint32_t>(epochs_done_), i);
        std::swap(order_[i - 1], order_[random_below(i, bits)]);
    }
}

template <class T>
double Trainer<T>::penalty() const noexcept {
    double sum = 0.0;
    for (const ParameterBlock& block : program_.parameters()) {
        if (block.l2 == 0.0) continue;
        const size_t size = static_cast<size_t>(block.rows) * block.stride;
        sum += block.l2 * kernels_.sum_of_squares(size, parameters_.data() + block.offset);
    }
    return sum;
}

// All threads run this. Samples are split while forward and backward run, which need no barrier
// since a sample stays with its thread; then rows of parameters are split while they are updated.
template <class T>
void Trainer<T>::train_steps(int thread, int threads, const Rows<T>& rows, Arena<T>& arena,
                             Epoch& epoch) {
    const auto& steps = program_.steps();
    const uint32_t* order = order_.empty() ? nullptr : order_.data();
    for (int s = 0; s < epoch.steps; ++s) {
        const int samples = epoch.samples(s);
        const size_t start = static_cast<size_t>(s) * epoch.batch_size;
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
                             .step = epoch.first_step + s};
        if (columns > 0) {
            if (!epoch.gathered) {
                const uint32_t* index = order != nullptr ? order + start : nullptr;
                arena.gather(kernels_, rows, index, index != nullptr ? 0 : start, samples, first,
                             columns);
            }
            for (const auto& step : steps) step->forward(batch, first, columns);
            objective_.losses(program_, batch, arena, rows.weights != nullptr,
                              T(1) / static_cast<T>(samples), first, columns);
            objective_.measure(program_, batch, arena, first, columns);
            for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
                (*step)->backward(batch, first, columns);
            }
        }
        if (thread == 0) {
            epoch.update = optimizer_.next(steps_done_, parameters_.data());
            epoch.step_penalty = penalty();
        }
        team_.barrier();
        Update<T> update = epoch.update;
        update.scratch = scratch_[thread].data();
        for (const auto& step : steps) {
            const int owned = step->parameter_rows();
            const int begin = share_begin(owned, thread, threads);
            const int end = share_begin(owned, thread + 1, threads);
            if (begin < end) step->update(batch, update, begin, end);
        }
        if (thread == 0) {
            const double loss =
                kernels_.sum(samples, arena.losses()) + samples * epoch.step_penalty;
            epoch.loss_sum += loss;
            for (size_t i = 0; i < epoch.metric_sums.size(); ++i) {
                epoch.metric_sums[i] += kernels_.sum(samples, arena.metric(static_cast<int>(i)));
            }
            epoch.samples_done += samples;
            if (!std::isfinite(loss)) {
                epoch.bad_step = s;
                epoch.bad_value = loss;
                epoch.over = true;
            }
            ++steps_done_;
            if (steps_done_ % epoch.look_every == 0) look(epoch, s);
        }
        team_.barrier();
        if (epoch.over) return;
    }
}

// Looks at the clock; asks the listener when it is time.
template <class T>
void Trainer<T>::look(Epoch& epoch, int step) {
    const Clock::time_point now = Clock::now();
    if (now >= epoch.deadline) epoch.out_of_time = epoch.over = true;
    if (now - epoch.last_answer < time_between_answers || !epoch.listener->progress) return;
    epoch.last_answer = now;
    epoch.answer = epoch.listener->progress(epoch.number, step + 1, epoch.steps, epoch.loss());
    if (epoch.answer != Answer::go_on) epoch.over = true;
}

template <class T>
void Trainer<T>::keep_last_good(Report& report, const Epoch& epoch) {
    report.ending = Ending::diverged;
    report.bad_epoch = epoch.number;
    report.bad_step = epoch.bad_step;
    report.bad_loss = epoch.bad_step >= 0;
    report.bad_value = epoch.bad_value;
    parameters_.copy_from(last_good_);
    optimizer_.forget();
}

template <class T>
Report Trainer<T>::fit(const Rows<T>& rows, const Rows<T>* validation, const FitSettings& settings,
                       const Listener& listener) {
    const Clock::time_point begun = Clock::now();
    const auto limit = std::chrono::duration<double>(settings.seconds);
    Report report;
    Epoch epoch;
    epoch.n = rows.n;
    epoch.batch_size = rows.n < static_cast<size_t>(settings.batch_size) ? static_cast<int>(rows.n)
                                                                         : settings.batch_size;
    epoch.steps = static_cast<int>((rows.n + epoch.batch_size - 1) / epoch.batch_size);
    const double operations = program_.operations_per_sample() * epoch.batch_size;
    epoch.look_every = operations < operations_worth_a_look ? steps_between_looks : 1;
    epoch.deadline = limit.count() < 1e9
                         ? begun + std::chrono::duration_cast<Clock::duration>(limit)
                         : Clock::time_point::max();
    epoch.last_answer = begun;
    epoch.listener = &listener;

    Arena<T> arena(program_, epoch.batch_size, true, rows.target_units,
                   static_cast<int>(objective_.metrics.size()));
    const int threads = threads_for(epoch.batch_size);
    const std::function<void(int)> work = [&](int thread) {
        train_steps(thread, threads, rows, arena, epoch);
    };
    const KeepGoing keep_going = [&] {
        look(epoch, epoch.steps - 1);
        return !epoch.over;
    };
    EarlyStop early(settings.early_stop);
    const uint64_t steps_before = steps_done_;
    last_good_.copy_from(parameters_);

    for (epoch.number = 0; epoch.number < settings.epochs; ++epoch.number) {
        // The order of a single batch's rows changes rounding only: it is gathered once.
        if (settings.shuffle && epoch.steps > 1) {
            shuffle(rows.n);
        } else {
            order_.clear();
        }
        epoch.gathered = epoch.steps == 1 && epoch.number > 0;
        epoch.first_step = steps_done_;
        epoch.loss_sum = 0.0;
        epoch.metric_sums.assign(objective_.metrics.size(), 0.0);
        epoch.samples_done = 0;
        team_.run(threads, work);
        const bool complete = epoch.samples_done == rows.n;
        if (epoch.bad_step < 0 && complete &&
            !kernels_.all_finite(parameters_.size(), parameters_.data())) {
            epoch.bad_value = std::numeric_limits<double>::quiet_NaN();
            epoch.over = true;
            keep_last_good(report, epoch);
            break;
        }
        if (epoch.bad_step >= 0) {
            keep_last_good(report, epoch);
            break;
        }
        if (!complete) break;
        ++epochs_done_;

        std::vector<double> record{epoch.loss()};
        for (double sum : epoch.metric_sums) record.push_back(sum / static_cast<double>(rows.n));
        if (validation != nullptr) {
            std::vector<double> held_out;
            if (!forward_.evaluate(team_, parameters_.data(), *validation, objective_, held_out,
                                   keep_going)) {
                break;
            }
            held_out[0] += penalty();
            record.insert(record.end(), held_out.begin(), held_out.end());
        }
        last_good_.copy_from(parameters_);
        report.records.push_back(record);
        if (early.active()) {
            const auto verdict = early.judge(epoch.number, record[settings.early_stop.measure]);
            if (verdict == EarlyStop::Verdict::improved) best_.copy_from(parameters_);
            if (verdict == EarlyStop::Verdict::stop) report.ending = Ending::stopped_early;
        }
        if (listener.epoch) {
            const Answer answer = listener.epoch(epoch.number, record);
            if (answer != Answer::go_on) {
                epoch.answer = answer;
                epoch.over = true;
            }
        }
        if (report.ending == Ending::stopped_early || epoch.over) break;
    }

    if (report.ending == Ending::finished) {
        if (epoch.answer == Answer::stop) report.ending = Ending::stopped;
        if (epoch.out_of_time) report.ending = Ending::out_of_time;
        if (epoch.answer == Answer::interrupt) report.ending = Ending::interrupted;
    }
    report.best_epoch = early.best_epoch();
    if (early.active() && settings.early_stop.restore_best && report.best_epoch >= 0) {
        parameters_.copy_from(best_);
    }
    report.steps = static_cast<long long>(steps_done_ - steps_before);
    report.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
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
bool Trainer<T>::predict(const Rows<T>& rows, T* predictions, const KeepGoing& keep_going) {
    return forward_.predict(team_, parameters_.data(), rows, predictions, keep_going);
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace hl
