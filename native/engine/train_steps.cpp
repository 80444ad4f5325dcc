// The steps of an epoch, as the threads of a team run them.
#include <cmath>

#include "fit.hpp"

namespace hl {

// Forward and backward with the units of each layer split: threads meet after every step.
template <class T>
void Trainer<T>::differentiate_by_units(int thread, Fit& fit, const Compared<T>& own) noexcept {
    const auto& steps = program_.steps();
    const Batch<T>& batch = own.batch;
    const auto [first, columns] = BlockShare<T>(batch.samples, thread, fit.threads);
    team_.barrier();
    for (size_t i = 0; i < steps.size(); ++i) {
        fit.forward[i].each(thread, steps[i]->forward_items(fit.batch_size),
                            [&](int item) { steps[i]->forward_item(batch, item); });
        team_.barrier();
    }
    if (columns > 0) objectives_.compare(own, true, first, columns, fit.kept);
    for (size_t i = steps.size(); i-- > 0;) {
        team_.barrier();
        if (steps[i]->derives()) {
            if (columns > 0) steps[i]->derive(batch, first, columns);
            team_.barrier();
        }
        fit.backward[i].each(thread, steps[i]->backward_items(fit.batch_size),
                             [&](int item) { steps[i]->backward_item(batch, item); });
    }
}

// What is left of an update when its items are done.
template <class T>
void Trainer<T>::finish_update(int thread, Fit& fit) noexcept {
    const Update<T>& update = fit.update;
    const bool is_whole = update.timing == Timing::whole;
    if (orthogonal_.any()) {
        orthogonal_.normalise(update.parameters, thread, fit.threads);
        team_.barrier();
        orthogonal_.differentiate(update.gradient, fit.now, thread, fit.threads);
        team_.barrier();
    } else if (is_whole) {
        team_.barrier();
    }
    if (update.timing == Timing::woven) {
        kernels_.finish_descent[static_cast<int>(update.optimizer)](update, fit.waiting[thread]);
    } else if (is_whole) {
        optimizer_.complete(update, thread, fit.threads);
        team_.barrier();
        optimizer_.apply(update, thread, fit.threads);
    }
    if (lbfgs_) team_.barrier();  // the gradient is whole for whoever looks at it
    if (optimizer_.averages()) {
        team_.barrier();
        optimizer_.average(update, thread, fit.threads);
    }
    if (constraints_.any()) {  // as in Keras, after every batch
        team_.barrier();
        constraints_.apply(update.parameters, thread, fit.threads);
    }
}

// Samples that go through all steps together: as many as there are, but that what members make of
// them would leave the caches between one step and the next.
template <class T>
int Trainer<T>::samples_at_once(int columns) const noexcept {
    constexpr int member_columns = 512;
    const int members = program_.members();
    return members > 1 ? round_up_to_block<T>(std::max(member_columns / members, 1)) : columns;
}

// All threads run this. By samples: samples are split while forward and backward run, which need no
// barrier since a sample stays with its thread; then rows of parameters are split while they are
// updated.
template <class T>
void Trainer<T>::train_steps(int thread, Fit& fit) {
    const auto& steps = program_.steps();
    const Arena<T>& arena = fit.arena;
    const int threads = fit.threads;
    const uint32_t* order = fit.order.empty() ? nullptr : fit.order.data();
    for (int s = 0; s < fit.steps; ++s) {
        const int samples = fit.samples(s);
        const size_t start = static_cast<size_t>(s) * fit.batch_size;
        const auto [first, columns] = BlockShare<T>(samples, thread, threads);
        const Batch<T> batch{.kernels = kernels_,
                             .memory = arena.memory(),
                             .stride = arena.stride(),
                             .parameters = parameters_.data(),
                             .samples = samples,
                             .capacity = fit.batch_size,
                             .training = true,
                             .seed = seed_,
                             .step = fit.first_step + s,
                             .column = nullptr,
                             .now = fit.now,
                             .statistics = parameters_.data(),
                             .member_columns = arena.member_columns()};
        const uint32_t* index = order != nullptr ? order + start : nullptr;
        const typename Arena<T>::Source source(fit.rows, index, index != nullptr ? 0 : start,
                                               samples);
        const Compared<T> own{batch, arena, fit.rows, index, start};
        if (fit.by_units) {
            if (!fit.gathered) arena.gather_share(kernels_, source, thread, threads);
            differentiate_by_units(thread, fit, own);
        } else if (columns > 0) {
            const int at_once = samples_at_once(columns);
            for (int at = first; at < first + columns; at += at_once) {
                const int some = std::min(at_once, first + columns - at);
                if (!fit.gathered) arena.gather(kernels_, source, at, some);
                for (const auto& step : steps) step->forward(batch, at, some);
                objectives_.compare(own, true, at, some, fit.kept);
                for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
                    (*step)->backward(batch, at, some);
                }
            }
        }
        if (thread == 0) {
            const double share =
                shared_penalties_ ? objectives_.share(fit.rows, index, start, samples) : 1.0;
            optimizer_.prepare(fit.update, steps_done_, fit.now, share);
            fit.step_penalty = share * penalty(fit.now);
            fit.share_updates(steps);
        }
        team_.barrier();
        for (size_t i = 0; i < steps.size(); ++i) {
            fit.updates[i].each(thread, steps[i]->update_items(), [&](int item) {
                steps[i]->update_item(batch, fit.update, fit.waiting[thread], item);
            });
        }
        finish_update(thread, fit);
        if (thread == 0) {
            fit.share_passes(steps);  // of the next step; nobody takes of them now
            fit.step_penalty +=
                orthogonal_.value(fit.now) + program_.activity_penalty(batch) / samples;
            const double loss = add_batch(fit, own);
            if (!fit.looks && !std::isfinite(loss)) {
                fit.bad_step = s;
                fit.bad_value = loss;
                fit.over = true;
            } else if (lbfgs_) {
                look_along(fit, loss_of(fit));
            }
            if (!fit.looks) ++steps_done_;
            fit.now = optimizer_.moment(steps_done_, course_);
            objectives_.settle(fit.now);
            fit.asks = (lbfgs_ || steps_done_ % fit.look_every == 0) && look(fit);
        }
        team_.barrier();
        if (fit.asks) {
            // While all others wait: whoever is asked may look at the weights.
            if (thread == 0) ask(fit, s);
            team_.barrier();
        }
        if (fit.over) return;
        if (fit.looks) --s;
    }
}

// Lets L-BFGS see what is at the parameters; perhaps it wants to know what is at others.
template <class T>
void Trainer<T>::look_along(Fit& fit, double loss) {
    using Next = typename Lbfgs<T>::Next;
    const Next next = lbfgs_->look(loss, optimizer_.gradient(), parameters_.data());
    fit.looks = next == Next::look;
    fit.converged = next == Next::converged;
    fit.gathered = true;
}

// What a batch came to, into the sums of the epoch; returns its loss.
template <class T>
double Trainer<T>::add_batch(Fit& fit, const Compared<T>& own) noexcept {
    if (lbfgs_) fit.begin_sums();  // what was measured at the look before is not of the epoch
    fit.penalties += own.batch.samples * fit.step_penalty;
    fit.samples_done += own.batch.samples;
    return objectives_.add(own, fit.tally) + fit.step_penalty;
}

// Of the epoch so far.
template <class T>
double Trainer<T>::loss_of(Fit& fit) const noexcept {
    return objectives_.loss(fit.tally) + fit.penalty();
}

// Looks at the clock and at what other threads say. True: it is time to ask the listener.
template <class T>
bool Trainer<T>::look(Fit& fit) {
    if (fit.listener.halt != nullptr) {
        fit.answer = fit.listener.halt->load(std::memory_order_relaxed);
        if (fit.answer != Answer::go_on) fit.over = true;
    }
    const Clock::time_point now = Clock::now();
    if (now >= fit.deadline) fit.out_of_time = fit.over = true;
    return !fit.over && fit.listener.progress && now - fit.last_answer >= time_between_answers;
}

template <class T>
void Trainer<T>::ask(Fit& fit, int step) {
    fit.last_answer = Clock::now();
    fit.answer = fit.listener.progress(fit.epoch, step + 1, fit.steps, loss_of(fit));
    if (fit.answer != Answer::go_on) fit.over = true;
}

#define HL_INSTANTIATE(T)                                                                     \
    template int Trainer<T>::samples_at_once(int) const noexcept;                             \
    template void Trainer<T>::differentiate_by_units(int, Fit&, const Compared<T>&) noexcept; \
    template void Trainer<T>::finish_update(int, Fit&) noexcept;                              \
    template void Trainer<T>::train_steps(int, Fit&);                                         \
    template void Trainer<T>::look_along(Fit&, double);                                       \
    template double Trainer<T>::add_batch(Fit&, const Compared<T>&) noexcept;                 \
    template double Trainer<T>::loss_of(Fit&) const noexcept;                                 \
    template bool Trainer<T>::look(Fit&);                                                     \
    template void Trainer<T>::ask(Fit&, int);
HL_INSTANTIATE(float)
HL_INSTANTIATE(double)
#undef HL_INSTANTIATE

}  // namespace hl
