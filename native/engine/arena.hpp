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
          metrics_(metrics),
          rows_(training ? program.training_rows() : program.value_rows()),
          memory_(static_cast<size_t>(rows_ + target_units + 2 + metrics) * stride_),
          members_(program.members()),
          member_stride_(row_stride<T>(members_ * round_up_to_block<T>(samples))),
          member_memory_(static_cast<size_t>(training ? program.training_rows(true)
                                                      : program.value_rows(true)) *
                         member_stride_) {
        if (!training) return;
        std::fill_n(row(program.ones()), stride_, T(1));
        std::fill_n(member_memory_.data() + program.ones(true) * ptrdiff_t{member_stride_},
                    member_stride_, T(1));
    }

    // Whether it is what `samples` columns without gradients need.
    bool fits(int samples, int target_units, int metrics) const noexcept {
        return row_stride<T>(samples) == stride_ && target_units == target_rows_ &&
               metrics == metrics_;
    }

    int stride() const noexcept { return stride_; }
    T* memory() const noexcept { return memory_.data(); }
    MemberColumns<T> member_columns() const noexcept {
        return {members_, member_memory_.data(), member_stride_};
    }
    T* targets() const noexcept { return row(rows_); }
    T* weights() const noexcept { return row(rows_ + target_rows_); }
    T* losses() const noexcept { return row(rows_ + target_rows_ + 1); }
    T* metric(int i) const noexcept { return row(rows_ + target_rows_ + 2 + i); }

    // Samples of a batch and where they come from: the table's rows `index`, or, when it is null,
    // those of `rows` from `start` on.
    struct Source {
        const Rows<T>& rows;
        const uint32_t* index;
        size_t start;
        int samples;

        Source(const Rows<T>& table, const uint32_t* places, size_t first, int count) noexcept
            : rows(table),
              index(places == nullptr && table.subset != nullptr ? table.subset + first : places),
              start(first),
              samples(count) {}
    };

    // Brings samples [first, first + columns) in.
    void gather(const Kernels<T>& kernels, const Source& source, int first,
                int columns) const noexcept {
        bring(kernels, source, source.rows.inputs, source.rows.features, 0, source.rows.features,
              memory(), first, columns);
        gather_targets(kernels, source, first, columns);
    }

    // Brings a thread's share in: some inputs of all samples, so that no two threads write into
    // neighbouring lines, and the targets of some samples.
    void gather_share(const Kernels<T>& kernels, const Source& source, int thread,
                      int threads) const noexcept {
        const int features = source.rows.features;
        const BlockShare<T> own(features, thread, threads);
        if (own.count > 0) {
            bring(kernels, source, source.rows.inputs, features, own.first,
                  std::min(own.count, features - own.first), memory(), 0,
                  round_up_to_block<T>(source.samples));
        }
        const BlockShare<T> share(source.samples, thread, threads);
        if (share.count > 0) gather_targets(kernels, source, share.first, share.count);
    }

  private:
    void gather_targets(const Kernels<T>& kernels, const Source& source, int first,
                        int columns) const noexcept {
        const Rows<T>& rows = source.rows;
        if (rows.targets != nullptr) {
            bring(kernels, source, rows.targets, rows.target_units, 0, rows.target_units, targets(),
                  first, columns);
        }
        if (rows.weights != nullptr) {
            bring(kernels, source, rows.weights, 1, 0, 1, weights(), first, columns);
        }
    }

    // Some units of `table`, which has `width` of them, into rows of the arena.
    void bring(const Kernels<T>& kernels, const Source& source, const T* table, int width, int unit,
               int units, T* to, int first, int columns) const noexcept {
        kernels.gather(units, columns, source.samples - first, table + unit, width,
                       source.index != nullptr ? source.index + first : nullptr,
                       source.start + first, to + ptrdiff_t{unit} * stride_ + first, stride_);
    }

    T* row(int i) const noexcept { return memory_.data() + static_cast<ptrdiff_t>(i) * stride_; }

    int stride_;
    int target_rows_;
    int metrics_;
    int rows_;
    Aligned<T> memory_;
    int members_;
    int member_stride_;
    Aligned<T> member_memory_;
};

}  // namespace hl
