// The penalties factor · mean |n_i·n_j| over the pairs of lines of a parameter, n_i being line i
// divided by its length, and their gradient. Each line's share is one thread's.
#pragma once

#include "lines.hpp"

namespace hl {

template <class T>
class OrthogonalPenalties {
  public:
    OrthogonalPenalties(const Program<T>& program, const Kernels<T>& kernels);

    bool any() const noexcept { return !penalties_.empty(); }

    // A thread's share of each half; between the two, all threads meet. The gradient is added to
    // what lies in `gradient`, unless that is null.
    void normalise(const T* parameters, int thread, int threads) noexcept;
    void differentiate(T* gradient, const Moment& now, int thread, int threads) noexcept;
    // After both.
    double value(const Moment& now) const noexcept;

  private:
    struct Penalty {
        Lines lines;
        Schedule factor;
        int stride;          // of the rows below, which hold a line a column
        Aligned<T> normal;   // the lines n, laid out as the parameter is
        Aligned<T> columns;  // and as columns, [length, stride]
        Aligned<T> signs;    // of n_j·n_i, [count, stride]
        Aligned<T> slopes;   // [length, stride]
        Aligned<T> inverse;  // of the length of each line, at most 1e7
        Aligned<T> along;    // 1: a change along the line changes nothing; 0: the line is too short
        Aligned<double> sums;  // of |n_j·n_i| of each i

        Penalty(const Lines& of, const Schedule& times);
        double share(const Moment& now) const noexcept;
    };

    const Kernels<T>& kernels_;
    std::vector<Penalty> penalties_;
};

extern template class OrthogonalPenalties<float>;
extern template class OrthogonalPenalties<double>;

}  // namespace hl
