// Every buffer of a run, allocated once.
#pragma once

#include "program.hpp"
#include "rows.hpp"

namespace hl {

template <class T>
class Arena {
  public:
    // Room for `samples` columns; a training arena has gradients too.
    Arena(const Program<T>& program, int samples, bool training, int target_units, int metrics)
        : stride_(row_stride<T>(samples)),
          target_rows_(target_units),
          rows_(training ? program.training_rows() : program.value_rows()),
          memory_(static_cast<size_t>(rows_ + target_units + 2 + metrics) * stride_) {
        if (training)
            std::fill_n(memory_.data() + program.ones() * ptrdiff_t{stride_}, stride_, T(1));
    }

    int stride() const noexcept { return stride_; }
    T* memory() const noexcept { return memory_.data(); }
    T* targets() const noexcept { return row(rows_); }
    T* weights() const noexcept { return row(rows_ + target_rows_); }
    T* losses() const noexcept { return row(rows_ + target_rows_ + 1); }
    T* metric(int i) const noexcept { return row(rows_ + target_rows_ + 2 + i); }

    // Brings samples [first, first + columns) in: of the table's rows `index`, or, when it is null,
    // of `rows` from `start` on.
    void gather(const Kernels<T>& kernels, const Rows<T>& rows, const uint32_t* index, size_t start,
                int samples, int first, int columns) const noexcept {
        if (index == nullptr && rows.subset != nullptr) index = rows.subset + start;
        const uint32_t* own = index != nullptr ? index + first : nullptr;
        const int left = samples - first;
        kernels.gather(rows.features, columns, left, rows.inputs, rows.features, own, start + first,
                       memory() + first, stride_);
        if (rows.targets != nullptr) {
            kernels.gather(rows.target_units, columns, left, rows.targets, rows.target_units, own,
                           start + first, targets() + first, stride_);
        }
        if (rows.weights != nullptr) {
            kernels.gather(1, columns, left, rows.weights, 1, own, start + first, weights() + first,
                           stride_);
        }
    }

  private:
    T* row(int i) const noexcept { return memory_.data() + static_cast<ptrdiff_t>(i) * stride_; }

    int stride_;
    int target_rows_;
    int rows_;
    Aligned<T> memory_;
};

}  // namespace hl
