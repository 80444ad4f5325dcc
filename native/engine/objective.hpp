// What is minimised and what is measured.
#pragma once

#include <vector>

#include "arena.hpp"

namespace hl {

template <class T>
struct Objective {
    Loss loss;
    T parameter;  // delta of huber
    std::vector<Metric> metrics;

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

    // Metrics are not weighted, as Keras's `metrics` are not.
    void measure(const Program<T>& program, const Batch<T>& batch, const Arena<T>& arena, int first,
                 int columns) const noexcept {
        for (size_t i = 0; i < metrics.size(); ++i) {
            batch.kernels.metric[static_cast<int>(metrics[i])](
                program.outputs(), columns, batch.stride, batch.row(program.output().value) + first,
                arena.targets() + first, arena.stride(), nullptr,
                arena.metric(static_cast<int>(i)) + first);
        }
    }
};

}  // namespace hl
