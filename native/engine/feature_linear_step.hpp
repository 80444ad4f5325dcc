// A linear layer for each feature: as many small products as there are features, side by side.
#pragma once

#include <numeric>

#include "vector_update.hpp"

namespace hl {

// y_i = W_i'·x_i + b_i, x_i being `widths[i]` units and y_i `units` of them. The kernels lie one
// below the other, or there is one for all. Blocks and chains are those of a wide Dense.
template <class T>
class FeatureLinearStep final : public Step<T> {
  public:
    struct Layout {
        std::vector<int> widths;
        int units;
        bool shared;
        bool use_bias;
        Parameter kernel;
        Parameter bias;
    };

    FeatureLinearStep(const Places& places, Layout layout)
        : input_(places.input()),
          output_(places.output),
          transposed_(places.training),
          at_(std::move(layout)),
          first_(at_.widths.size() + 1, 0) {
        std::partial_sum(at_.widths.begin(), at_.widths.end(), first_.begin() + 1);
    }

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        for (int i = 0; i < features(); ++i) {
            multiply(batch, {.m = at_.units,
                             .n = columns,
                             .k = at_.widths[i],
                             .a = kernel(batch, i),
                             .rows_in_blocks = true,
                             .b = batch.row(input_.value + first_[i]) + first,
                             .start = bias(batch, i),
                             .accumulate = false,
                             .c = batch.row(output_.value + i * at_.units) + first});
        }
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        for (int i = 0; i < features(); ++i) {
            for (int unit = 0; unit < at_.units; unit += Block<T>) {
                const int units = std::min(Block<T>, at_.units - unit);
                alignas(64) T z[Block<T>] = {};
                if (at_.use_bias) std::copy_n(bias(batch, i) + unit, units, z);
                batch.kernels.weigh(Block<T>, at_.widths[i], batch.row(input_.value) + first_[i],
                                    kernel(batch, i) + unit / Block<T> * kernel_block(),
                                    kernel_block(), z);
                std::copy_n(z, units, batch.row(output_.value) + i * at_.units + unit);
            }
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        for (int i = 0; i < features(); ++i) {
            const T* upstream = batch.row(output_.gradient + i * at_.units) + first;
            batch.kernels.transpose(at_.units, columns, upstream, batch.stride,
                                    transposed(batch, i, 0) + ptrdiff_t{first} * Block<T>,
                                    batch.stride * Block<T>);
            if (input_.gradient < 0) continue;
            multiply(batch, {.m = at_.widths[i],
                             .n = columns,
                             .k = at_.units,
                             .a = kernel(batch, i),
                             .rows_in_blocks = false,
                             .b = upstream,
                             .start = nullptr,
                             .accumulate = input_.adds,
                             .c = batch.row(input_.gradient + first_[i]) + first});
        }
    }

    // Two blocks of columns of a feature's kernel; a block of all features' one. Then the bias.
    int update_items() const noexcept override {
        return kernel_items() + (at_.use_bias ? blocks_of<T>(biases()) : 0);
    }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        if (item >= kernel_items()) {
            return update_vector(batch, update, waiting, at_.bias, biases(), item - kernel_items(),
                                 [&](int unit) { return bias_gradient(batch, unit); });
        }
        if (at_.shared) return update_shared(batch, update, waiting, item);
        const int i = item / pairs(), block = item % pairs() * 2;
        descend<T>(batch.kernels, update,
                   gradient_of(batch, i, block, std::min(2, blocks() - block),
                               static_cast<ptrdiff_t>(at_.kernel.offset) + first_[i] * Block<T> +
                                   block * kernel_block(),
                               update.rules[at_.kernel.place]),
                   waiting);
    }

  private:
    int features() const noexcept { return static_cast<int>(at_.widths.size()); }
    int rows() const noexcept { return at_.shared ? at_.widths.front() : first_.back(); }
    int biases() const noexcept { return at_.shared ? at_.units : features() * at_.units; }
    int blocks() const noexcept { return blocks_of<T>(at_.units); }
    int pairs() const noexcept { return (blocks() + 1) / 2; }
    int kernel_items() const noexcept { return at_.shared ? blocks() : features() * pairs(); }
    ptrdiff_t kernel_block() const noexcept { return ptrdiff_t{rows()} * Block<T>; }

    const T* kernel(const Batch<T>& batch, int i) const noexcept {
        return batch.parameters + at_.kernel.offset + (at_.shared ? 0 : first_[i] * Block<T>);
    }
    const T* bias(const Batch<T>& batch, int i) const noexcept {
        if (!at_.use_bias) return nullptr;
        return batch.parameters + at_.bias.offset + (at_.shared ? 0 : i * at_.units);
    }
    T* transposed(const Batch<T>& batch, int i, int block) const noexcept {
        return batch.row(transposed_ + (i * blocks() + block) * Block<T>);
    }

    struct Part {
        int m, n, k;
        const T* a;
        bool rows_in_blocks;
        const T* b;
        const T* start;
        bool accumulate;
        T* c;
    };
    void multiply(const Batch<T>& batch, const Part& part) const noexcept {
        batch.kernels.multiply({.m = part.m,
                                .n = part.n,
                                .k = part.k,
                                .a = part.a,
                                .a_block = kernel_block(),
                                .rows_in_blocks = part.rows_in_blocks,
                                .b = part.b,
                                .b_row = batch.stride,
                                .start = part.start,
                                .accumulate = part.accumulate,
                                .c = part.c,
                                .c_row = batch.stride,
                                .finish = nullptr,
                                .finish_from = nullptr,
                                .finish_to = nullptr,
                                .finish_parameters = nullptr});
    }

    // That of a feature in some blocks of columns, for weights that begin at an element.
    Descent<T> gradient_of(const Batch<T>& batch, int i, int block, int n, ptrdiff_t weights,
                           const UpdateRule<T>* rule) const noexcept {
        return {.m = at_.widths[i],
                .n = n * Block<T>,
                .k = batch.samples,
                .a = batch.row(input_.value + first_[i]),
                .a_row = batch.stride,
                .b = transposed(batch, i, block),
                .b_block = batch.stride * Block<T>,
                .weights = weights,
                .weights_block = kernel_block(),
                .rule = rule};
    }

    // The gradients of all features, one after the other, before the rule.
    void update_shared(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                       int block) const noexcept {
        T* sums = batch.row(transposed_ + features() * blocks() * Block<T> + block * rows());
        const UpdateRule<T>* rule = update.rules[at_.kernel.place];
        Update<T> summing = update;
        summing.gradient = sums;
        for (int i = 0; i < features(); ++i) {
            summing.adds = i > 0;
            batch.kernels.differentiate(summing, gradient_of(batch, i, block, 1, 0, rule), waiting);
        }
        update_stretch(batch, update, waiting, at_.kernel.place,
                       at_.kernel.offset + block * kernel_block(), rows() * Block<T>, sums);
    }

    T bias_gradient(const Batch<T>& batch, int unit) const noexcept {
        double sum = 0.0;
        for (int row = unit; row < output_.units; row += biases()) {
            sum += batch.kernels.sum(batch.samples, batch.row(output_.gradient + row));
        }
        return static_cast<T>(sum);
    }

    Buffer input_;
    Buffer output_;
    int transposed_;
    Layout at_;
    std::vector<int> first_;  // unit of the input where each feature begins, and their number
};

// `widths`: of each feature in the input; with one kernel for all, they are equal. Others throw
// std::invalid_argument.
template <class T>
int add_feature_linear(Program<T>& program, int at, const std::vector<int>& widths, int units,
                       bool use_bias, bool shared) {
    const int features = static_cast<int>(widths.size());
    int rows = 0;
    for (const int width : widths) {
        if (width < 1 || (shared && width != widths.front())) {
            throw std::invalid_argument("a feature of another width");
        }
        rows += width;
    }
    if (rows != program.units(at)) throw std::invalid_argument("features of other widths");
    const int kernel_rows = shared ? widths.front() : rows, biased = shared ? 1 : features;
    typename FeatureLinearStep<T>::Layout layout{.widths = widths,
                                                 .units = units,
                                                 .shared = shared,
                                                 .use_bias = use_bias,
                                                 .kernel = {},
                                                 .bias = {}};
    layout.kernel = program.parameter(kernel_rows, units, false);
    if (use_bias) layout.bias = program.parameter(1, biased * units, true);
    program.add_operations(6.0 * rows * units);
    const int padded = round_up_to_block<T>(units);
    const int sums = shared ? kernel_rows * padded / Block<T> : 0;
    return program.add({at}, features * units, true, {.training = features * padded + sums},
                       [layout](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<FeatureLinearStep<T>>(places, layout);
                       });
}

}  // namespace hl
