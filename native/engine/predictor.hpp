// A program and its weights, compiled once and ready to predict.
#pragma once

#include <span>

#include "forward.hpp"

namespace hl {

template <class T>
class Predictor {
  public:
    Predictor(Program<T> program, const Kernels<T>& kernels, int threads)
        : program_(std::move(program)),
          team_(threads),
          forward_(program_, kernels),
          parameters_(program_.parameter_size()) {}

    const Program<T>& program() const noexcept { return program_; }
    std::span<T> parameters() noexcept { return {parameters_.data(), parameters_.size()}; }

    bool predict(const Rows<T>& rows, T* predictions, const KeepGoing& keep_going) {
        return forward_.predict(team_, parameters_.data(), rows, predictions, keep_going);
    }

  private:
    Program<T> program_;
    ThreadTeam team_;
    Forward<T> forward_;
    Aligned<T> parameters_;
};

}  // namespace hl
