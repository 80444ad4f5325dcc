#include "objective.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "scores.hpp"

namespace hl {

template <class T>
bool Objective<T>::keeps_outputs() const noexcept {
    return std::any_of(measures.begin(), measures.end(),
                       [](const Measure& measure) { return !measure.of_rows; });
}

template <class T>
void Objective<T>::measure(const Program<T>& program, const Batch<T>& batch, const Arena<T>& arena,
                           bool weighted, int first, int columns, KeptOutputs<T>& kept,
                           size_t start) const noexcept {
    if (measures.empty()) return;
    const int units = program.outputs();
    const T* outputs = batch.row(program.output().value) + first;
    if (link != Activation::linear) {
        T* probabilities = arena.metric(static_cast<int>(measures.size())) + first;
        batch.kernels.activate[static_cast<int>(link)](units, columns, batch.stride, outputs,
                                                       probabilities, nullptr);
        outputs = probabilities;
    }
    for (size_t i = 0; i < measures.size(); ++i) {
        const Measure& own = measures[i];
        if (!own.of_rows) continue;
        batch.kernels.metric[static_cast<int>(own.metric)](
            units / outputs_per_target, columns, batch.stride * outputs_per_target,
            outputs + own.output * batch.stride, arena.targets() + first, arena.stride(), targets,
            own.weighted && weighted ? arena.weights() + first : nullptr,
            static_cast<T>(own.parameter), arena.metric(static_cast<int>(i)) + first);
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
        sums[i] += batch.kernels.sum(batch.samples, arena.metric(static_cast<int>(i)));
    }
}

template <class T>
void Objective<T>::conclude(const Rows<T>& rows, const uint32_t* order, int outputs,
                            std::span<const double> sums, const KeptOutputs<T>& kept,
                            std::vector<double>& record) const {
    std::optional<Outcome<T>> outcome;
    if (!kept.empty()) {
        outcome.emplace(outputs, outputs_per_target, kept.data(), rows, order, targets);
    }
    for (size_t i = 0; i < measures.size(); ++i) {
        const Measure& own = measures[i];
        if (!own.of_rows) {
            outcome->read(own.output);
            record.push_back(score(own, *outcome));
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
