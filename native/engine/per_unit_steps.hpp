// Steps that treat each unit with numbers of its own: a learned factor, a given map.
#pragma once

#include "vector_update.hpp"

namespace hl {

// y = x·s, s a learned number a unit.
template <class T>
class ScaleStep final : public Step<T> {
  public:
    ScaleStep(const Places& places, Parameter factors)
        : input_(places.input()), output_(places.output), factors_(factors) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        batch.kernels.scale(output_.units, columns, batch.stride, batch.row(input_.value) + first,
                            factors(batch), batch.row(output_.value) + first, false);
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        const T* x = batch.row(input_.value);
        for (int i = 0; i < output_.units; ++i) {
            batch.row(output_.value)[i] = x[i] * factors(batch)[i];
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        batch.kernels.scale(output_.units, columns, batch.stride,
                            batch.row(output_.gradient) + first, factors(batch),
                            batch.row(input_.gradient) + first, input_.adds);
    }

    int update_items() const noexcept override { return blocks_of<T>(output_.units); }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        update_vector(batch, update, waiting, factors_, output_.units, item, [&](int unit) {
            return static_cast<T>(batch.kernels.dot(
                batch.samples, batch.row(output_.gradient + unit), batch.row(input_.value + unit)));
        });
    }

  private:
    const T* factors(const Batch<T>& batch) const noexcept {
        return batch.parameters + factors_.offset;
    }

    Buffer input_;
    Buffer output_;
    Parameter factors_;
};

template <class T>
int add_scale(Program<T>& program, int at) {
    const int units = program.units(at);
    const Parameter factors = program.parameter(1, units, true);
    return program.add({at}, units, true, {},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<ScaleStep<T>>(places, factors);
                       });
}

// y = (x − shift)·factor + offset, three given numbers a unit.
template <class T>
class AffineStep final : public Step<T> {
  public:
    using Numbers = std::vector<T>;

    AffineStep(const Places& places, Numbers shift, Numbers factor, Numbers offset)
        : input_(places.input()),
          output_(places.output),
          shift_(std::move(shift)),
          factor_(std::move(factor)),
          offset_(std::move(offset)) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        batch.kernels.affine(output_.units, columns, batch.stride, batch.row(input_.value) + first,
                             shift_.data(), factor_.data(), offset_.data(),
                             batch.row(output_.value) + first);
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        const T* x = batch.row(input_.value);
        for (int i = 0; i < output_.units; ++i) {
            batch.row(output_.value)[i] = (x[i] - shift_[i]) * factor_[i] + offset_[i];
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        batch.kernels.scale(output_.units, columns, batch.stride,
                            batch.row(output_.gradient) + first, factor_.data(),
                            batch.row(input_.gradient) + first, input_.adds);
    }

  private:
    Buffer input_;
    Buffer output_;
    Numbers shift_;
    Numbers factor_;
    Numbers offset_;
};

// One number for all units, or one for each; else std::invalid_argument.
template <class T>
int add_affine(Program<T>& program, int at, const std::vector<double>& shift,
               const std::vector<double>& factor, const std::vector<double>& offset) {
    const int units = program.units(at);
    const auto each = [&](const std::vector<double>& given) {
        if (given.size() != 1 && given.size() != static_cast<size_t>(units)) {
            throw std::invalid_argument("numbers for other units");
        }
        std::vector<T> numbers(units);
        for (int i = 0; i < units; ++i) {
            numbers[i] = static_cast<T>(given[given.size() == 1 ? 0 : i]);
        }
        return numbers;
    };
    return program.add({at}, units, false, {},
                       [shifts = each(shift), factors = each(factor),
                        offsets = each(offset)](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<AffineStep<T>>(places, shifts, factors, offsets);
                       });
}

}  // namespace hl
