// What is minimised and what is measured.
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
    T parameter;  // delta of huber
    std::vector<Measure> measures = {};
    Targets targets = Targets::values;
    // What makes probabilities of the outputs, for the measures: the loss reads logits.
    Activation link = Activation::linear;

    // Loss per sample into arena.losses(); its gradient into the arena, unless `scale` is 0 or no
    // weight comes before the output.
    void losses(const Program<T>& program, const Batch<T>& batch, const Arena<T>& arena,
                bool weighted, T scale, int first, int columns) const noexcept {
        const int row = program.output().gradient;
        T* gradient = scale != T(0) && row >= 0 ? batch.row(row) + first : nullptr;
        batch.kernels.loss[static_cast<int>(loss)](
            program.outputs(), columns, batch.stride, batch.row(program.loss_input()) + first,
            arena.targets() + first, arena.stride(), weighted ? arena.weights() + first : nullptr,
            scale, parameter, arena.losses() + first, gradient);
    }

    // Rows of an arena that `measure` writes: values of each measure, then the probabilities.
    int measured_rows(int outputs) const noexcept {
        const bool links = !measures.empty() && link != Activation::linear;
        return static_cast<int>(measures.size()) + (links ? outputs : 0);
    }
    // Whether a measure has to see the outputs of all rows.
    bool keeps_outputs() const noexcept;

    // The values of each sample, weighted where the measure is and there are weights; and the
    // outputs of samples [first, first + columns), if they are kept, `start` being the batch's
    // first.
    void measure(const Program<T>& program, const Batch<T>& batch, const Arena<T>& arena,
                 bool weighted, int first, int columns, KeptOutputs<T>& kept,
                 size_t start) const noexcept;
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
