// What is minimised and what is measured at one output of a program.
#pragma once

#include <span>
#include <vector>

#include "arena.hpp"
#include "measure.hpp"
#include "outcome.hpp"

namespace hl {

template <class T>
struct Objective {
    Loss loss;
    std::vector<Schedule> schedules = {};  // its settings, in the order of its row
    bool of_logits = false;  // what the loss reads is still to go through its own activation
    Reduction reduction = Reduction::sum_over_batch_size;
    std::vector<Measure> measures = {};
    Targets targets = Targets::values;
    int outputs_per_target = 1;  // side by side; a measure reads one of them
    // What makes probabilities of the outputs, for the measures: the loss reads logits.
    Activation link = Activation::linear;
    double weight = 1.0;   // of its loss in the whole
    int target_units = 1;  // columns of targets that it takes

    // Where they are in an arena, which `Objectives` says: rows of the targets, of the losses (−1:
    // those that every arena has) and of what is measured.
    int first_target = 0;
    int loss_row = -1;
    int first_row = 0;
    // What the settings are in the update that is made, and where something is measured.
    std::vector<T> numbers_now = {}, numbers_measured = {};

    void settle(const Moment& now, std::vector<T>& numbers) const noexcept {
        for (size_t i = 0; i < schedules.size(); ++i) {
            numbers[i] = static_cast<T>(now.value(schedules[i]));
        }
    }
    const std::vector<T>& numbers(bool training) const noexcept {
        return training ? numbers_now : numbers_measured;
    }
    T* loss_values(const Arena<T>& arena) const noexcept {
        return loss_row < 0 ? arena.losses() : arena.metric(loss_row);
    }
    const T* due(const Arena<T>& arena) const noexcept {
        return arena.targets() + ptrdiff_t{first_target} * arena.stride();
    }

    // Loss per sample into loss_values; its gradient, times `scale`, into the arena, unless it is 0
    // or no weight comes before the output.
    void losses(const Program<T>& program, const End& end, const Batch<T>& batch,
                const Arena<T>& arena, bool weighted, T scale, int first,
                int columns) const noexcept {
        if (batch.training && end.judged.of_members) {
            return member_losses(program, end, batch, arena, weighted, scale, first, columns);
        }
        // The mean of members, which held-out rows are measured by, has no pre-activation.
        const bool is_mean = end.judged.of_members, of_mean = is_mean && end.reads_z;
        const int row = end.output.gradient;
        const int read = is_mean ? end.output.value : end.loss_input;
        batch.kernels.loss[static_cast<int>(loss)][of_logits && !of_mean](
            {.units = end.output.units,
             .columns = columns,
             .stride = batch.stride,
             .prediction = batch.row(read) + first,
             .target = due(arena) + first,
             .target_stride = arena.stride(),
             .weight = weighted ? arena.weights() + first : nullptr,
             .scale = scale,
             .numbers = numbers(batch.training).data(),
             .n_numbers = static_cast<int>(schedules.size()),
             .losses = loss_values(arena) + first,
             .gradient = scale != T(0) && row >= 0 ? batch.row(row) + first : nullptr});
    }

    // What the sum of the losses of `count` rows is divided by: the table's rows `index`, or those
    // of `rows` from `start` on. 0: they weigh nothing, and neither does their loss.
    double divisor(const Rows<T>& rows, const uint32_t* index, size_t start,
                   size_t count) const noexcept {
        if (reduction == Reduction::sum) return 1.0;
        const double n = static_cast<double>(count);
        if (reduction == Reduction::sum_over_batch_size || rows.weights == nullptr) return n;
        const uint32_t* places = rows.subset != nullptr ? rows.subset + start : nullptr;
        if (index != nullptr) places = index;
        double sum = 0.0;
        for (size_t i = 0; i < count; ++i) {
            sum += static_cast<double>(rows.weights[places != nullptr ? places[i] : start + i]);
        }
        return sum;
    }

    // In training, the loss of members is the mean of theirs; the gradient is that of each, and 0
    // in columns past the last sample.
    void member_losses(const Program<T>& program, const End& end, const Batch<T>& batch,
                       const Arena<T>& arena, bool weighted, T scale, int first,
                       int columns) const noexcept;
    // Of the sum of some losses and of what is due for each, which is 0 where none of them counts.
    double mean_loss(double sum, double divisors) const noexcept {
        if (reduction == Reduction::sum) return sum;
        return divisors > 0.0 ? sum / divisors : 0.0;
    }

    // Rows of an arena that `measure` writes: values of each measure, then the probabilities.
    int measured_rows(int outputs) const noexcept {
        const bool links = !measures.empty() && link != Activation::linear;
        return static_cast<int>(measures.size()) + (links ? outputs : 0);
    }
    // Numbers of a record.
    int values() const noexcept {
        int count = 0;
        for (const Measure& measure : measures) count += measure.values;
        return count;
    }
    // Whether a measure has to see the outputs of all rows.
    bool keeps_outputs() const noexcept;

    // The values of each sample, weighted where the measure is and there are weights; and the
    // outputs of samples [first, first + columns), if they are kept, `start` being the batch's
    // first.
    void measure(const End& end, const Batch<T>& batch, const Arena<T>& arena, bool weighted,
                 int first, int columns, KeptOutputs<T>& kept, size_t start) const noexcept;
    // Adds the values of a batch's samples to sums, one a measure, and their weights to one more.
    size_t sums() const noexcept { return measures.size() + 1; }
    void add_values(const Batch<T>& batch, const Arena<T>& arena, bool weighted,
                    std::span<double> sums) const noexcept;
    // Appends to a record what the sums over all rows, and the kept outputs, come to.
    void conclude(const Rows<T>& rows, const uint32_t* order, int outputs,
                  std::span<const double> sums, const KeptOutputs<T>& kept,
                  std::vector<double>& record) const;
};

extern template struct Objective<float>;
extern template struct Objective<double>;

}  // namespace hl
