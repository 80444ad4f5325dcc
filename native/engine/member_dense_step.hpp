// A Dense layer for each member, as the heads of networks that share a body.
#pragma once

#include "vector_update.hpp"

namespace hl {

// z = W'x + b, W and b being each member's own. The kernels lie in blocks of inputs, those of the
// members beside each other: [inputs / Block, members, units, Block], as narrow ones do (see
// DenseStep), and the gradient is dZ·X', for which each member's samples are put side by side.
template <class T>
class MemberDenseStep final : public Step<T> {
  public:
    // No bias: place −1.
    MemberDenseStep(const Places& places, Parameter kernel, Parameter bias, int members)
        : input_(places.input()),
          output_(places.output),
          x_alone_(places.values),
          z_alone_(places.values + blocks_of<T>(input_.units)),
          transposed_(places.training),
          dz_(places.training + round_up_to_block<T>(input_.units)),
          kernel_(kernel),
          bias_(bias),
          members_(members) {}

    static Scratch scratch(int inputs, int units) noexcept {
        return {.values = blocks_of<T>(inputs) + blocks_of<T>(units),
                .training = round_up_to_block<T>(inputs) + units};
    }

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        each_block(first, columns, [&](int member, int, ptrdiff_t column) {
            batch.kernels.multiply({.m = output_.units,
                                    .n = Block<T>,
                                    .k = input_.units,
                                    .a = kernel(batch, member),
                                    .a_block = kernel_block(),
                                    .rows_in_blocks = false,
                                    .b = row(batch, input_.value) + column,
                                    .b_row = stride(batch),
                                    .start = bias(batch, member),
                                    .accumulate = false,
                                    .c = row(batch, output_.value) + column,
                                    .c_row = stride(batch),
                                    .finish = nullptr,
                                    .finish_from = nullptr,
                                    .finish_to = nullptr,
                                    .finish_parameters = nullptr});
        });
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        const int units = output_.units;
        T *x = row(batch, x_alone_), *z = row(batch, z_alone_);
        for (int m = 0; m < members_; ++m) {
            for (int i = 0; i < input_.units; ++i) x[i] = row(batch, input_.value + i)[m];
            const T* start = bias(batch, m);
            for (int j = 0; j < units; ++j) z[j] = start != nullptr ? start[j] : T(0);
            batch.kernels.weigh_rows(units, input_.units, x, kernel(batch, m), kernel_block(), z);
            for (int j = 0; j < units; ++j) row(batch, output_.value + j)[m] = z[j];
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        each_block(first, columns, [&](int member, int sample, ptrdiff_t column) {
            const T* dz = row(batch, output_.gradient) + column;
            if (input_.gradient >= 0) {
                batch.kernels.multiply({.m = input_.units,
                                        .n = Block<T>,
                                        .k = output_.units,
                                        .a = kernel(batch, member),
                                        .a_block = kernel_block(),
                                        .rows_in_blocks = true,
                                        .b = dz,
                                        .b_row = stride(batch),
                                        .start = nullptr,
                                        .accumulate = input_.adds,
                                        .c = row(batch, input_.gradient) + column,
                                        .c_row = stride(batch),
                                        .finish = nullptr,
                                        .finish_from = nullptr,
                                        .finish_to = nullptr,
                                        .finish_parameters = nullptr});
            }
            const ptrdiff_t own = beside(batch, member) + sample;
            batch.kernels.copy(output_.units, Block<T>, stride(batch), T(1), dz,
                               row(batch, dz_) + own, false);
            batch.kernels.transpose(input_.units, Block<T>, row(batch, input_.value) + column,
                                    stride(batch), row(batch, transposed_) + own * Block<T>,
                                    stride(batch) * Block<T>);
        });
    }

    // Two blocks of inputs of a member; then a block of all biases.
    int update_items() const noexcept override {
        return kernel_items() + (bias_.place < 0 ? 0 : blocks_of<T>(members_ * output_.units));
    }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        const int units = output_.units;
        if (item >= kernel_items()) {
            update_vector(batch, update, waiting, bias_, members_ * units, item - kernel_items(),
                          [&](int i) {
                              const T* dz = row(batch, dz_ + i % units) + beside(batch, i / units);
                              return sum(batch, dz);
                          });
            return;
        }
        const int member = item / pairs(), block = item % pairs() * 2;
        const ptrdiff_t own = beside(batch, member), block_stride = stride(batch) * Block<T>;
        descend<T>(batch.kernels, update,
                   {.m = units,
                    .n = std::min(2, blocks_of<T>(input_.units) - block) * Block<T>,
                    .k = batch.samples,
                    .a = row(batch, dz_) + own,
                    .a_row = stride(batch),
                    .b = row(batch, transposed_) + block * block_stride + own * Block<T>,
                    .b_block = block_stride,
                    .weights = kernel(batch, member) - batch.parameters + block * kernel_block(),
                    .weights_block = kernel_block(),
                    .rule = update.rules[kernel_.place]},
                   waiting);
    }

  private:
    // Calls `work(member, sample, column)` with where a block begins, among samples and in rows.
    void each_block(int first, int columns, const auto& work) const noexcept {
        for (int sample = first; sample < first + columns; sample += Block<T>) {
            for (int m = 0; m < members_; ++m) {
                work(m, sample, ptrdiff_t{members_} * sample + m * Block<T>);
            }
        }
    }

    // In the order that the sum of a Dense of such a width has.
    T sum(const Batch<T>& batch, const T* dz) const noexcept {
        if (Program<T>::is_narrow(input_.units, output_.units)) {
            return static_cast<T>(batch.kernels.sum(batch.samples, dz));
        }
        T total = T(0);
        for (int j = 0; j < batch.samples; ++j) total += dz[j];
        return total;
    }

    int pairs() const noexcept { return (blocks_of<T>(input_.units) + 1) / 2; }
    int kernel_items() const noexcept { return members_ * pairs(); }
    static ptrdiff_t stride(const Batch<T>& batch) noexcept { return batch.member_columns.stride; }
    static T* row(const Batch<T>& batch, int first) noexcept {
        return batch.member_columns.memory + first * stride(batch);
    }
    // Where a member's samples begin once they are side by side.
    static ptrdiff_t beside(const Batch<T>& batch, int member) noexcept {
        return ptrdiff_t{member} * round_up_to_block<T>(batch.samples);
    }
    ptrdiff_t kernel_block() const noexcept {
        return ptrdiff_t{members_} * output_.units * Block<T>;
    }
    const T* kernel(const Batch<T>& batch, int member) const noexcept {
        return batch.parameters + kernel_.offset + ptrdiff_t{member} * output_.units * Block<T>;
    }
    const T* bias(const Batch<T>& batch, int member) const noexcept {
        return bias_.place < 0 ? nullptr : batch.parameters + bias_.offset + member * output_.units;
    }

    Buffer input_;
    Buffer output_;
    int x_alone_;
    int z_alone_;
    int transposed_;
    int dz_;
    Parameter kernel_;
    Parameter bias_;
    int members_;
};

template <class T>
int add_member_dense(Program<T>& program, int at, int units, bool use_bias) {
    if (!program.of_members(at)) throw std::invalid_argument("a Dense of each of no members");
    const int inputs = program.units(at), members = program.members();
    const Parameter kernel = program.member_matrices(inputs, units);
    const Parameter bias = use_bias ? program.member_vectors(units) : Parameter{0, -1};
    program.count_weights(static_cast<double>(inputs) * units, true);
    return program.add(
        {at}, units, true, MemberDenseStep<T>::scratch(inputs, units),
        [=](const Places& places) -> std::unique_ptr<Step<T>> {
            return std::make_unique<MemberDenseStep<T>>(places, kernel, bias, members);
        },
        Columns::of_members);
}

}  // namespace hl
