// An activation with its parameters, as steps apply it and as products finish with it.
#pragma once

#include <array>

#include "step.hpp"

namespace hl {

template <class T>
class ActivationFunction {
  public:
    using Parameters = std::array<T, most_parameters>;

    ActivationFunction() : ActivationFunction(Activation::linear, {}) {}
    ActivationFunction(Activation kind, const Parameters& parameters)
        : kind_(static_cast<int>(kind)), parameters_(parameters) {}

    bool is_linear() const noexcept { return kind_ == static_cast<int>(Activation::linear); }
    // Whether a product can apply it, or its derivative, to the parts of its result.
    bool is_elementwise() const noexcept { return elementwise[kind_]; }
    bool saves_output() const noexcept { return hl::saves_output[kind_]; }
    // Width of what it makes of so many units: a gate takes two for one.
    int units_after(int units) const noexcept { return gates[kind_] ? units / 2 : units; }
    int saved(int z, int a) const noexcept { return saves_output() ? a : z; }
    const T* parameters() const noexcept { return parameters_.data(); }
    Pass<T> value(const Kernels<T>& kernels) const noexcept { return kernels.activate[kind_]; }
    Pass<T> slope(const Kernels<T>& kernels) const noexcept { return kernels.derive[kind_]; }

    void forward(const Batch<T>& batch, int units, int z, int a, int first,
                 int columns) const noexcept {
        if (is_linear() && z == a) return;
        value(batch.kernels)(units, columns, batch.stride, batch.row(z) + first,
                             batch.row(a) + first, parameters());
    }
    // One sample, its units side by side. What couples them takes them one below the other.
    void forward_one(const Batch<T>& batch, int units, int z, int a) const noexcept {
        if (is_linear() && z == a) return;
        if (is_elementwise()) {
            value(batch.kernels)(1, round_up_to_block<T>(units), 0, batch.row(z), batch.row(a),
                                 parameters());
            return;
        }
        T* column = batch.column;
        for (int i = 0; i < units; ++i) column[i * Block<T>] = batch.row(z)[i];
        value(batch.kernels)(units, Block<T>, Block<T>, column, column, parameters());
        const int after = units_after(units);
        for (int i = 0; i < after; ++i) batch.row(a)[i] = column[i * Block<T>];
    }
    void backward(const Batch<T>& batch, int units, int z, int a, int gradient, int first,
                  int columns) const noexcept {
        if (is_linear()) return;
        slope(batch.kernels)(units, columns, batch.stride, batch.row(saved(z, a)) + first,
                             batch.row(gradient) + first, parameters());
    }

  private:
    int kind_;
    Parameters parameters_;
};

}  // namespace hl
