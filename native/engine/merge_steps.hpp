// Steps that bring branches together, and the one that takes some units of a value.
#pragma once

#include "program.hpp"

namespace hl {

// The values side by side.
template <class T>
class ConcatenateStep final : public Step<T> {
  public:
    explicit ConcatenateStep(const Places& places)
        : inputs_(places.inputs), output_(places.output) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        int row = output_.value;
        for (const Buffer& input : inputs_) {
            batch.kernels.copy(input.units, columns, batch.stride, T(1),
                               batch.row(input.value) + first, batch.row(row) + first, false);
            row += input.units;
        }
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        T* y = batch.row(output_.value);
        for (const Buffer& input : inputs_) {
            y = std::copy_n(batch.row(input.value), input.units, y);
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        int row = output_.gradient;
        for (const Buffer& input : inputs_) {
            if (input.gradient >= 0) {
                batch.kernels.copy(input.units, columns, batch.stride, T(1), batch.row(row) + first,
                                   batch.row(input.gradient) + first, input.adds);
            }
            row += input.units;
        }
    }

  private:
    std::vector<Buffer> inputs_;
    Buffer output_;
};

// The sum of the values, times a factor: 1, or one by their number.
template <class T>
class SumStep final : public Step<T> {
  public:
    SumStep(const Places& places, T factor)
        : inputs_(places.inputs), output_(places.output), factor_(factor) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        T* y = batch.row(output_.value) + first;
        const auto copy = [&](T factor, const T* source, bool accumulate) {
            batch.kernels.copy(output_.units, columns, batch.stride, factor, source, y, accumulate);
        };
        for (size_t i = 0; i < inputs_.size(); ++i) {
            copy(T(1), batch.row(inputs_[i].value) + first, i > 0);
        }
        if (factor_ != T(1)) copy(factor_, y, false);
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        for (int i = 0; i < output_.units; ++i) {
            T sum = batch.row(inputs_.front().value)[i];
            for (size_t k = 1; k < inputs_.size(); ++k) sum += batch.row(inputs_[k].value)[i];
            batch.row(output_.value)[i] = sum * factor_;
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        for (const Buffer& input : inputs_) {
            if (input.gradient < 0) continue;
            batch.kernels.copy(output_.units, columns, batch.stride, factor_,
                               batch.row(output_.gradient) + first,
                               batch.row(input.gradient) + first, input.adds);
        }
    }

  private:
    std::vector<Buffer> inputs_;
    Buffer output_;
    T factor_;
};

// The product of the values, unit by unit.
template <class T>
class ProductStep final : public Step<T> {
  public:
    explicit ProductStep(const Places& places)
        : inputs_(places.inputs), output_(places.output), work_(places.training) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        T* y = batch.row(output_.value) + first;
        const T* so_far = batch.row(inputs_.front().value) + first;
        for (size_t i = 1; i < inputs_.size(); ++i) {
            multiply(batch, columns, so_far, batch.row(inputs_[i].value) + first, y, false);
            so_far = y;
        }
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        for (int i = 0; i < output_.units; ++i) {
            T product = batch.row(inputs_.front().value)[i];
            for (size_t k = 1; k < inputs_.size(); ++k) product *= batch.row(inputs_[k].value)[i];
            batch.row(output_.value)[i] = product;
        }
    }

    // The gradient of a value is that of the product times all other values.
    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        T* work = batch.row(work_) + first;
        const size_t last = inputs_.size() - 1;
        for (size_t i = 0; i <= last; ++i) {
            if (inputs_[i].gradient < 0) continue;
            const T* so_far = batch.row(output_.gradient) + first;
            const size_t last_other = i == last ? last - 1 : last;
            for (size_t k = 0; k <= last; ++k) {
                if (k == i) continue;
                const bool ends = k == last_other;
                T* to = ends ? batch.row(inputs_[i].gradient) + first : work;
                multiply(batch, columns, so_far, batch.row(inputs_[k].value) + first, to,
                         ends && inputs_[i].adds);
                so_far = work;
            }
        }
    }

  private:
    void multiply(const Batch<T>& batch, int columns, const T* a, const T* b, T* to,
                  bool accumulate) const noexcept {
        batch.kernels.multiply_elementwise(output_.units, columns, batch.stride, a, b, to,
                                           accumulate);
    }

    std::vector<Buffer> inputs_;
    Buffer output_;
    int work_;
};

// Units first, …, first + n − 1 of a value.
template <class T>
class SliceStep final : public Step<T> {
  public:
    SliceStep(const Places& places, int unit)
        : input_(places.input()), output_(places.output), unit_(unit) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        batch.kernels.copy(output_.units, columns, batch.stride, T(1),
                           batch.row(input_.value + unit_) + first,
                           batch.row(output_.value) + first, false);
    }
    void forward_one(const Batch<T>& batch) const noexcept override {
        std::copy_n(batch.row(input_.value) + unit_, output_.units, batch.row(output_.value));
    }
    void backward(const Batch<T>&, int, int) const noexcept override {}

  private:
    Buffer input_;
    Buffer output_;
    int unit_;
};

enum class Merge { concatenate, add, average, multiply, count };

// At least two buffers; of one width unless they are concatenated.
template <class T>
int add_merge(Program<T>& program, const std::vector<int>& from, Merge merge) {
    if (from.size() < 2) throw std::invalid_argument("a merge of less than two");
    int units = 0;
    for (const int at : from) {
        if (merge == Merge::concatenate) {
            units += program.units(at);
        } else if (program.units(at) != program.units(from.front())) {
            throw std::invalid_argument("a merge of different widths");
        } else {
            units = program.units(at);
        }
    }
    const T factor = merge == Merge::average ? T(1) / static_cast<T>(from.size()) : T(1);
    const int work = merge == Merge::multiply ? units : 0;
    return program.add(from, units, false, {.training = work},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           if (merge == Merge::concatenate) {
                               return std::make_unique<ConcatenateStep<T>>(places);
                           }
                           if (merge == Merge::multiply) {
                               return std::make_unique<ProductStep<T>>(places);
                           }
                           return std::make_unique<SumStep<T>>(places, factor);
                       });
}

// Of the input, which wants no gradient.
template <class T>
int add_slice(Program<T>& program, int unit, int units) {
    if (unit < 0 || units < 1 || unit + units > program.inputs()) {
        throw std::invalid_argument("a slice beyond the input");
    }
    return program.add({0}, units, false, {},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<SliceStep<T>>(places, unit);
                       });
}

}  // namespace hl
