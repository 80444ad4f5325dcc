// What weights are made to fulfil after each step of the optimizer.
#pragma once

#include "lines.hpp"
#include "stretches.hpp"

namespace hl {

template <class T>
class Constraints {
  public:
    Constraints(const Program<T>& program, const Kernels<T>& kernels);

    bool any() const noexcept { return !stretches_.empty() || !norms_.empty(); }
    // A thread's share of all parameters.
    void apply(T* parameters, int thread, int threads) const noexcept;

  private:
    struct Norms {
        Lines lines;
        Constraint constraint;
    };
    // Lines [first, first + count), at most a block of them.
    void scale_lanes(const Norms& norms, T* weights, int first) const noexcept;
    void scale_across(const Norms& norms, T* weights, int first, int count) const noexcept;

    const Kernels<T>& kernels_;
    std::vector<Stretch> stretches_;  // of what must not be negative
    std::vector<Norms> norms_;
};

extern template class Constraints<float>;
extern template class Constraints<double>;

}  // namespace hl
