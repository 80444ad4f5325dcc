// What is minimised and measured at all outputs of a program together.
#pragma once

#include "objective.hpp"

namespace hl {

// A batch that has gone forward, and its rows: the table's rows `index`, or, when it is null, those
// of `rows` from `start` on.
template <class T>
struct Compared {
    const Batch<T>& batch;
    const Arena<T>& arena;
    const Rows<T>& rows;
    const uint32_t* index;
    size_t start;
};

// Outputs that are kept for what is measured over all rows: one a part.
template <class T>
using Kept = std::vector<KeptOutputs<T>>;

// Sums over rows: of each part its losses, what they are divided by, and its measures.
using Tally = std::span<double>;

template <class T>
class Objectives {
  public:
    // A part for each end of the program, whose targets lie side by side.
    Objectives(const Program<T>& program, std::vector<Objective<T>> parts);

    // The loss, that of each part if there are several, and the measures: values of a record.
    int values() const noexcept;
    // What a row's loss counts in the mean of some rows, as `Objective::divisor` names them; 0
    // where they weigh nothing.
    double share(const Rows<T>& rows, const uint32_t* index, size_t start,
                 size_t count) const noexcept {
        const double divisor = parts_[0].divisor(rows, index, start, count);
        return divisor > 0.0 ? 1.0 / divisor : 0.0;
    }
    // Rows of an arena beside losses and targets.
    int arena_rows() const noexcept { return arena_rows_; }
    size_t tally_size() const noexcept { return tally_size_; }
    // Room for the outputs of n rows, where a part has to see them all.
    void prepare(size_t n, Kept<T>& kept) const;

    // What the settings of the losses are in the update that comes.
    void settle(const Moment& now) noexcept;
    // Losses and measures of some columns; with `differentiates`, the gradient of the whole loss.
    void compare(const Compared<T>& own, bool differentiates, int first, int columns,
                 Kept<T>& kept) const noexcept;
    // Adds what `compare` made of a batch's samples; returns their loss.
    double add(const Compared<T>& own, Tally tally) const noexcept;
    // The whole loss, penalties left out.
    double loss(Tally tally) const noexcept;
    // Makes a record of a set of rows, that were kept in this order; its loss has the penalty too.
    void conclude(const Rows<T>& rows, const uint32_t* order, Tally tally, double penalty,
                  const Kept<T>& kept, std::vector<double>& record) const;

  private:
    const Program<T>& program_;
    std::vector<Objective<T>> parts_;
    bool changes_ = false;  // a setting, from step to step
    int arena_rows_ = 0;
    size_t tally_size_ = 0;
};

extern template class Objectives<float>;
extern template class Objectives<double>;

}  // namespace hl
