// A program and its weights, compiled once and ready to predict, from any number of callers.
#pragma once

#include <mutex>
#include <span>

#include "forward.hpp"

namespace hl {

template <class T>
class Predictor {
  public:
    Predictor(Program<T> program, const Kernels<T>& kernels, int threads)
        : program_(std::move(program)),
          kernels_(kernels),
          team_(threads),
          forward_(program_, kernels),
          parameters_(program_.parameter_size()),
          sample_(program_.value_rows()),
          members_(static_cast<size_t>(program_.value_rows(true)) *
                   round_up_to_block<T>(program_.members())),
          column_(static_cast<size_t>(program_.coupled_units()) * Block<T>) {}

    const Program<T>& program() const noexcept { return program_; }
    std::span<T> parameters() noexcept { return {parameters_.data(), parameters_.size()}; }

    // False: stopped. Callers take turns.
    bool predict(const Rows<T>& rows, T* predictions, const KeepGoing& keep_going) {
        const std::lock_guard turn(mutex_);
        if (rows.n > 1) {
            return forward_.predict(team_, parameters_.data(), rows, predictions, keep_going);
        }
        predict_one(rows.inputs, predictions);
        return true;
    }

  private:
    // Nothing is allocated and no vector is filled with other samples' columns.
    void predict_one(const T* inputs, T* outputs) noexcept {
        const Batch<T> batch{.kernels = kernels_,
                             .memory = sample_.data(),
                             .stride = 1,
                             .parameters = parameters_.data(),
                             .samples = 1,
                             .capacity = 1,
                             .training = false,
                             .seed = 0,
                             .step = 0,
                             .column = column_.data(),
                             .member_columns = {program_.members(), members_.data(),
                                                round_up_to_block<T>(program_.members())}};
        std::copy_n(inputs, program_.inputs(), sample_.data());
        for (const auto& step : program_.steps()) step->forward_one(batch);
        for (const End& end : program_.ends()) {
            outputs = std::copy_n(batch.row(end.output.value), end.output.units, outputs);
        }
    }

    Program<T> program_;
    const Kernels<T>& kernels_;
    ThreadTeam team_;
    Forward<T> forward_;
    Aligned<T> parameters_;
    Aligned<T> sample_;
    Aligned<T> members_;  // a column each
    Aligned<T> column_;
    std::mutex mutex_;
};

}  // namespace hl
