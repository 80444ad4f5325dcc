// Numbers of each member: what makes members of samples, and what is around the product of a
// BatchEnsemble layer (Wen, Tran and Ba 2020, arXiv:2002.06715). And the mean that ends them.
#pragma once

#include "vector_update.hpp"

namespace hl {

// y = x·factor (+ offset), both numbers of each unit and member. x: samples or members.
template <class T>
class MemberScaleStep final : public Step<T> {
  public:
    // No offset: place −1.
    MemberScaleStep(const Places& places, Parameter factor, Parameter offset)
        : input_(places.input()), output_(places.output), factor_(factor), offset_(offset) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        const MemberColumns<T>& own = batch.member_columns;
        const Rows x = rows_of(batch, input_.value, input_.of_members, first);
        batch.kernels.scale_members({.units = output_.units,
                                     .blocks = columns / Block<T>,
                                     .members = own.members,
                                     .x = x.first,
                                     .x_stride = x.stride,
                                     .y = rows_of(batch, output_.value, true, first).first,
                                     .y_stride = own.stride,
                                     .shares_x = !input_.of_members,
                                     .factor = batch.parameters + factor_.offset,
                                     .offset = offsets(batch),
                                     .accumulate = false});
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        const auto& [members, memory, stride] = batch.member_columns;
        const T* offset = offsets(batch);
        for (int i = 0; i < output_.units; ++i) {
            for (int m = 0; m < members; ++m) {
                const T x = input_.of_members ? memory[(input_.value + i) * stride + m]
                                              : batch.row(input_.value)[i];
                const size_t own = number(members, i, m);
                T y = x * batch.parameters[factor_.offset + own];
                if (offset != nullptr) y = y + offset[own];
                memory[(output_.value + i) * stride + m] = y;
            }
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        const MemberColumns<T>& own = batch.member_columns;
        const Rows gradient = rows_of(batch, input_.gradient, input_.of_members, first);
        const MemberScaling<T> scaling{.units = output_.units,
                                       .blocks = columns / Block<T>,
                                       .members = own.members,
                                       .x = rows_of(batch, output_.gradient, true, first).first,
                                       .x_stride = own.stride,
                                       .y = gradient.first,
                                       .y_stride = gradient.stride,
                                       .shares_x = false,
                                       .factor = batch.parameters + factor_.offset,
                                       .offset = nullptr,
                                       .accumulate = input_.adds};
        (input_.of_members ? batch.kernels.scale_members : batch.kernels.fold_members)(scaling);
    }

    // A block of units: of all members, some at a time.
    int update_items() const noexcept override {
        return blocks_of<T>(output_.units) * (offset_.place < 0 ? 1 : 2);
    }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        const int first = item % blocks_of<T>(output_.units) * Block<T>;
        const bool is_offset = item >= blocks_of<T>(output_.units);
        const int members = batch.member_columns.members;
        const int units = std::min(Block<T>, output_.units - first);
        const Parameter& numbers = is_offset ? offset_ : factor_;
        double sums[Block<T>][members_at_once];
        for (int member = 0; member < members; member += members_at_once) {
            const int some = std::min(members_at_once, members - member);
            for (int i = 0; i < units; ++i) {
                sum(batch, first + i, member, some, !is_offset, sums[i]);
            }
            for (int m = 0; m < some; ++m) {
                const Parameter own{numbers.offset + number(members, first, member + m),
                                    numbers.place};
                update_vector(batch, update, waiting, own, units, 0,
                              [&](int i) { return static_cast<T>(sums[i][m]); });
            }
        }
    }

  private:
    struct Rows {
        T* first;
        ptrdiff_t stride;
    };
    static Rows rows_of(const Batch<T>& batch, int row, bool of_members, int sample) noexcept {
        const auto& [members, memory, stride] = batch.member_columns;
        if (!of_members) return {batch.row(row) + sample, batch.stride};
        return {memory + row * stride + ptrdiff_t{members} * sample, stride};
    }
    // Over the samples of some members: of dy, or of dy times x.
    void sum(const Batch<T>& batch, int unit, int member, int members, bool times_x,
             double* sums) const noexcept {
        const ptrdiff_t between = ptrdiff_t{batch.member_columns.members} * Block<T>;
        const bool shared = !input_.of_members;
        const T* x = rows_of(batch, input_.value + unit, input_.of_members, 0).first;
        batch.kernels.sum_members(
            batch.samples, members,
            {.x = rows_of(batch, output_.gradient + unit, true, 0).first + member * Block<T>,
             .x_block = between,
             .y = times_x ? x + (shared ? 0 : member * Block<T>) : nullptr,
             .y_block = shared ? Block<T> : between,
             .y_member = shared ? 0 : Block<T>},
            sums);
    }
    // Where the number of a unit and a member is among the numbers.
    static size_t number(int members, int unit, int member) noexcept {
        return (size_t(unit) / Block<T> * members + member) * Block<T> + unit % Block<T>;
    }
    const T* offsets(const Batch<T>& batch) const noexcept {
        return offset_.place < 0 ? nullptr : batch.parameters + offset_.offset;
    }

    Buffer input_;
    Buffer output_;
    Parameter factor_;
    Parameter offset_;
};

// Of samples, of which `members` are made, or of members; 0: these.
template <class T>
int add_member_scale(Program<T>& program, int at, int members, bool use_offset) {
    if (members > 0 || !program.of_members(at)) program.set_members(members);
    members = program.members();
    const int units = program.units(at);
    const Parameter factor = program.parameter(members, units, false);
    const Parameter offset =
        use_offset ? program.parameter(members, units, false) : Parameter{0, -1};
    return program.add(
        {at}, units, true, {},
        [=](const Places& places) -> std::unique_ptr<Step<T>> {
            return std::make_unique<MemberScaleStep<T>>(places, factor, offset);
        },
        Columns::of_members);
}

// The mean of the members. What it comes from is what the loss of training reads: see
// Objective::losses.
template <class T>
class MemberMeanStep final : public Step<T> {
  public:
    explicit MemberMeanStep(const Places& places)
        : input_(places.input()), output_(places.output) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        const auto& [members, memory, stride] = batch.member_columns;
        batch.kernels.average_members(output_.units, columns / Block<T>, members,
                                      memory + input_.value * stride + ptrdiff_t{members} * first,
                                      stride, batch.row(output_.value) + first, batch.stride);
    }
    void forward_one(const Batch<T>& batch) const noexcept override {
        const auto& [members, memory, stride] = batch.member_columns;
        for (int i = 0; i < output_.units; ++i) {
            const T* x = memory + (input_.value + i) * stride;
            T sum = x[0];
            for (int m = 1; m < members; ++m) sum += x[m];
            batch.row(output_.value)[i] = sum / static_cast<T>(members);
        }
    }
    void backward(const Batch<T>&, int, int) const noexcept override {}

  private:
    Buffer input_;
    Buffer output_;
};

template <class T>
int add_member_mean(Program<T>& program, int at) {
    if (!program.of_members(at)) throw std::invalid_argument("a mean of no members");
    return program.add(
        {at}, program.units(at), false, {},
        [=](const Places& places) -> std::unique_ptr<Step<T>> {
            return std::make_unique<MemberMeanStep<T>>(places);
        },
        Columns::of_samples);
}

}  // namespace hl
