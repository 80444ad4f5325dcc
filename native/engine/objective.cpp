#include "objective.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "scores.hpp"

namespace hl {

template <class T>
void Objective<T>::member_losses(const Program<T>& program, const End& end, const Batch<T>& batch,
                                 const Arena<T>& arena, bool weighted, T scale, int first,
                                 int columns) const noexcept {
    const auto& [members, memory, stride] = batch.member_columns;
    const Buffer& judged = end.judged;
    const T* prediction = memory + end.loss_input * stride;
    T* losses = memory + program.member_losses() * stride;
    T* gradient = judged.gradient >= 0 ? memory + judged.gradient * stride : nullptr;
    for (int sample = first; sample < first + columns; sample += Block<T>) {
        const int filled = std::min(Block<T>, batch.samples - sample);
        for (int m = 0; m < members; ++m) {
            const ptrdiff_t own = ptrdiff_t{members} * sample + m * Block<T>;
            T* to = gradient != nullptr ? gradient + own : nullptr;
            batch.kernels.loss[static_cast<int>(loss)][of_logits](
                {.units = judged.units,
                 .columns = Block<T>,
                 .stride = stride,
                 .prediction = prediction + own,
                 .target = due(arena) + sample,
                 .target_stride = arena.stride(),
                 .weight = weighted ? arena.weights() + sample : nullptr,
                 .scale = scale / static_cast<T>(members),
                 .numbers = numbers(batch.training).data(),
                 .n_numbers = static_cast<int>(schedules.size()),
                 .losses = losses + own,
                 .gradient = to});
            for (int i = 0; i < judged.units && to != nullptr; ++i) {
                std::fill(to + i * stride + filled, to + i * stride + Block<T>, T(0));
            }
        }
    }
    batch.kernels.average_members(1, columns / Block<T>, members,
                                  losses + ptrdiff_t{members} * first, stride,
                                  loss_values(arena) + first, arena.stride());
}

template <class T>
bool Objective<T>::keeps_outputs() const noexcept {
    return std::any_of(measures.begin(), measures.end(),
                       [](const Measure& measure) { return !measure.of_rows; });
}

template <class T>
void Objective<T>::measure(const End& end, const Batch<T>& batch, const Arena<T>& arena,
                           bool weighted, int first, int columns, KeptOutputs<T>& kept,
                           size_t start) const noexcept {
    if (measures.empty()) return;
    const int units = end.output.units;
    const T* outputs = batch.row(end.output.value) + first;
    if (link != Activation::linear) {
        T* probabilities = arena.metric(first_row + static_cast<int>(measures.size())) + first;
        batch.kernels.activate[static_cast<int>(link)](units, columns, batch.stride, outputs,
                                                       probabilities, nullptr);
        outputs = probabilities;
    }
    for (size_t i = 0; i < measures.size(); ++i) {
        const Measure& own = measures[i];
        if (!own.of_rows) continue;
        batch.kernels.metric[static_cast<int>(own.metric)](
            units / outputs_per_target, columns, batch.stride * outputs_per_target,
            outputs + own.output * batch.stride, due(arena) + first, arena.stride(), targets,
            own.weighted && weighted ? arena.weights() + first : nullptr,
            static_cast<T>(own.parameter), arena.metric(first_row + static_cast<int>(i)) + first);
    }
    if (!kept.empty() && first < batch.samples) {
        const int samples = std::min(columns, batch.samples - first);
        kept.keep(units, samples, outputs, batch.stride, start + first);
    }
}

template <class T>
void Objective<T>::add_values(const Batch<T>& batch, const Arena<T>& arena, bool weighted,
                              std::span<double> sums) const noexcept {
    if (measures.empty()) return;
    // In the order of the values, so that a share of 1 is exactly that.
    sums.back() += weighted ? batch.kernels.sum(batch.samples, arena.weights()) : batch.samples;
    for (size_t i = 0; i < measures.size(); ++i) {
        if (!measures[i].of_rows) continue;
        sums[i] += batch.kernels.sum(batch.samples, arena.metric(first_row + static_cast<int>(i)));
    }
}

template <class T>
void Objective<T>::conclude(const Rows<T>& rows, const uint32_t* order, int outputs,
                            std::span<const double> sums, const KeptOutputs<T>& kept,
                            std::vector<double>& record) const {
    if (measures.empty()) return;
    std::optional<Outcome<T>> outcome;
    if (!kept.empty()) {
        outcome.emplace(outputs, outputs_per_target, kept.data(), rows, first_target, order,
                        targets);
    }
    for (size_t i = 0; i < measures.size(); ++i) {
        const Measure& own = measures[i];
        if (!own.of_rows) {
            outcome->read(own.output, own.weighted);
            add_scores(own, *outcome, record);
            continue;
        }
        const double mean = sums[i] / (own.weighted ? sums.back() : static_cast<double>(rows.n));
        const bool is_root = own.metric == Metric::root_mean_squared_error;
        record.push_back(is_root ? std::sqrt(mean) : mean);
    }
}

template struct Objective<float>;
template struct Objective<double>;

}  // namespace hl
