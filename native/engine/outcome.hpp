// What a network made of a whole set of rows, beside what was due.
#pragma once

#include <cmath>
#include <vector>

#include "aligned.hpp"
#include "rows.hpp"

namespace hl {

// The outputs of a set, kept from its batches: [units, n], in the order of the batches.
template <class T>
class KeptOutputs {
  public:
    void prepare(int units, size_t n) {
        if (n * units != outputs_.size()) outputs_ = Aligned<T>(n * units);
        n_ = n;
    }

    // [units, count] from rows `stride` apart; threads keep columns of their own.
    void keep(int units, size_t count, const T* from, ptrdiff_t stride, size_t start) noexcept {
        for (int unit = 0; unit < units; ++unit) {
            std::copy_n(from + unit * stride, count, outputs_.data() + unit * n_ + start);
        }
    }

    bool empty() const noexcept { return n_ == 0; }
    const T* data() const noexcept { return outputs_.data(); }

  private:
    Aligned<T> outputs_;
    size_t n_ = 0;
};

// One output answers yes or no, which are the classes 1 and 0; of several, each does, or they share
// a row that has one class.
template <class T>
class Outcome {
  public:
    // `order` has the places in the table of the rows as they were kept; null: as they come.
    // Of `outputs` side by side, each target has some; `first_target` is the first column that is
    // due. `read` comes before everything else.
    Outcome(int outputs, int outputs_per_target, const T* values, const Rows<T>& rows,
            int first_target, const uint32_t* order, Targets targets)
        : units_(outputs / outputs_per_target),
          apart_(outputs_per_target * rows.n),
          values_(values),
          rows_(rows),
          first_target_(first_target),
          order_(order) {
        counted_.reserve(rows.n);
        if (units_ == 1 || targets == Targets::values) return;
        due_.resize(rows.n);
        for (size_t row = 0; row < rows.n; ++row) {
            due_[row] =
                targets == Targets::index ? static_cast<int>(due(0, row)) : largest_due(row);
        }
    }

    // From now on the outputs are those with this number of each target, and the rows all of them,
    // or those that weigh something.
    void read(int output, bool weighted) noexcept {
        first_ = values_ + output * rows_.n;
        weighs_ = weighted && rows_.weights != nullptr;
        has_nan_ = false;
        counted_.clear();
        for (size_t row = 0; row < rows_.n; ++row) {
            if (weighs_ && rows_.weights[place(row)] == T(0)) continue;
            counted_.push_back(static_cast<uint32_t>(row));
            for (int unit = 0; unit < units_; ++unit) {
                has_nan_ |= std::isnan(first_[unit * apart_ + row]);
            }
        }
    }

    int units() const noexcept { return units_; }
    // Rows that are read, which are counted from 0 below.
    size_t size() const noexcept { return counted_.size(); }
    // Of a row that has one class.
    int classes() const noexcept { return units_ == 1 ? 2 : units_; }
    bool has_classes() const noexcept { return !due_.empty(); }
    bool has_nan() const noexcept { return has_nan_; }

    T output(int unit, size_t i) const noexcept { return first_[unit * apart_ + counted_[i]]; }
    double weight(size_t i) const noexcept {
        return weighs_ ? static_cast<double>(rows_.weights[place(counted_[i])]) : 1.0;
    }
    T target(int unit, size_t i) const noexcept { return due(unit, counted_[i]); }

    // Whether a unit is due to say yes.
    bool is_due(int unit, size_t i) const noexcept {
        return has_classes() ? due_[counted_[i]] == unit : target(unit, i) > T(0.5);
    }
    int due_class(size_t i) const noexcept {
        return has_classes() ? due_[counted_[i]] : (target(0, i) > T(0.5) ? 1 : 0);
    }
    // Of one output by the threshold, else the largest, the first of equals.
    int called_class(size_t i, double threshold) const noexcept {
        if (units_ == 1) return output(0, i) > threshold ? 1 : 0;
        int largest = 0;
        for (int unit = 1; unit < units_; ++unit) {
            if (output(unit, i) > output(largest, i)) largest = unit;
        }
        return largest;
    }

  private:
    size_t place(size_t row) const noexcept { return order_ != nullptr ? order_[row] : row; }
    T due(int unit, size_t row) const noexcept {
        return rows_.targets[place(row) * rows_.target_units + first_target_ + unit];
    }
    int largest_due(size_t row) const noexcept {
        int largest = 0;
        for (int unit = 1; unit < units_; ++unit) {
            if (due(unit, row) > due(largest, row)) largest = unit;
        }
        return largest;
    }

    int units_;
    size_t apart_;  // the outputs of neighbouring units
    const T* values_;
    const T* first_ = values_;
    const Rows<T>& rows_;
    int first_target_;
    const uint32_t* order_;
    std::vector<int> due_;           // classes of all rows, if each has one
    std::vector<uint32_t> counted_;  // places of the rows that are read
    bool weighs_ = false;
    bool has_nan_ = false;
};

}  // namespace hl
