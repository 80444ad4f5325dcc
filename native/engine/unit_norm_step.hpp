// Normalisation of each sample over its units: LayerNormalization, RMSNormalization and
// UnitNormalization are one step with other numbers.
#pragma once

#include <cmath>

#include "vector_update.hpp"

namespace hl {

// Places of −1: no factor, no offset.
struct UnitNormParameters {
    Parameter gamma{0, -1}, beta{0, -1};
};

template <class T>
class UnitNormStep final : public Step<T> {
  public:
    UnitNormStep(const Places& places, const UnitNorm<T>& norm,
                 const UnitNormParameters& parameters)
        : input_(places.input()),
          output_(places.output),
          normalised_(places.training),
          inverse_(places.training + places.output.units),
          norm_(norm),
          parameters_(parameters) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        batch.kernels.normalise_units(
            norm_, output_.units, columns, batch.stride, batch.row(input_.value) + first,
            numbers(batch, parameters_.gamma), numbers(batch, parameters_.beta),
            batch.row(output_.value) + first,
            batch.training ? batch.row(normalised_) + first : nullptr,
            batch.training ? batch.row(inverse_) + first : nullptr);
    }

    // The kernel's operations in its order.
    void forward_one(const Batch<T>& batch) const noexcept override {
        const T *x = batch.row(input_.value), *gamma = numbers(batch, parameters_.gamma);
        const T* beta = numbers(batch, parameters_.beta);
        T mean = T(0), sum = T(0);
        for (int i = 0; norm_.centres && i < output_.units; ++i) mean += x[i];
        mean *= norm_.share;
        for (int i = 0; i < output_.units; ++i) sum += (x[i] - mean) * (x[i] - mean);
        T inverse = T(1) / std::sqrt(sum * norm_.share + norm_.epsilon);
        inverse = inverse > norm_.most ? norm_.most : inverse;
        for (int i = 0; i < output_.units; ++i) {
            T value = (x[i] - mean) * inverse;
            if (gamma != nullptr) value *= gamma[i];
            if (beta != nullptr) value += beta[i];
            batch.row(output_.value)[i] = value;
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        batch.kernels.derive_units(
            norm_, output_.units, columns, batch.stride, batch.row(output_.gradient) + first,
            numbers(batch, parameters_.gamma), batch.row(normalised_) + first,
            batch.row(inverse_) + first, batch.row(input_.gradient) + first, input_.adds);
    }

    int update_items() const noexcept override {
        const int vectors = (parameters_.gamma.place >= 0) + (parameters_.beta.place >= 0);
        return vectors * blocks_of<T>(output_.units);
    }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        const int blocks = blocks_of<T>(output_.units), block = item % blocks;
        const bool is_gamma = parameters_.gamma.place >= 0 && item < blocks;
        update_vector(
            batch, update, waiting, is_gamma ? parameters_.gamma : parameters_.beta, output_.units,
            block, [&](int unit) {
                const T* dy = batch.row(output_.gradient + unit);
                return static_cast<T>(
                    is_gamma ? batch.kernels.dot(batch.samples, dy, batch.row(normalised_ + unit))
                             : batch.kernels.sum(batch.samples, dy));
            });
    }

  private:
    const T* numbers(const Batch<T>& batch, const Parameter& of) const noexcept {
        return of.place < 0 ? nullptr : batch.parameters + of.offset;
    }

    Buffer input_;
    Buffer output_;
    int normalised_;
    int inverse_;
    UnitNorm<T> norm_;
    UnitNormParameters parameters_;
};

// `averages`: the squares are averaged, not summed. `most`: the largest factor.
template <class T>
int add_unit_normalisation(Program<T>& program, int at, bool centres, bool averages, double epsilon,
                           double most, bool center, bool scale) {
    const int units = program.units(at);
    UnitNormParameters parameters;
    if (scale) parameters.gamma = program.parameter(1, units, true);
    if (center) parameters.beta = program.parameter(1, units, true);
    const UnitNorm<T> norm{.centres = centres,
                           .share = static_cast<T>(averages ? 1.0 / units : 1.0),
                           .epsilon = static_cast<T>(epsilon),
                           .most = static_cast<T>(most)};
    return program.add({at}, units, scale || center, {.training = units + 1},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<UnitNormStep<T>>(places, norm, parameters);
                       });
}

}  // namespace hl
