// L-BFGS over the whole table (Nocedal and Wright 2006, algorithms 7.4 and 7.5): it says at which
// parameters it wants to know the loss and the gradient, and is told.
#pragma once

#include <vector>

#include "aligned.hpp"
#include "line_search.hpp"
#include "optimizer_settings.hpp"

namespace hl {

template <class T>
class Lbfgs {
  public:
    // What comes next: another look, at other parameters; or the iteration is done, at these.
    enum class Next { look, done, converged };

    Lbfgs(const OptimizerSettings& settings, const Kernels<T>& kernels, size_t parameters);

    // Before an iteration: whether it has gone to the first look of its line already, because it
    // knows what is at the parameters.
    bool begin(T* parameters);
    // Takes what is at the parameters, and changes them.
    Next look(double loss, const T* gradient, T* parameters);
    // Back to where the iteration began; the next one looks there again.
    void abandon(T* parameters) noexcept;
    // The next iteration looks at its beginning: the table may be another.
    void leave_point() noexcept { state_ = State::unknown; }
    void forget() noexcept;
    // How often it was told the loss and the gradient.
    long long looks() const noexcept { return looks_; }

  private:
    enum class State { unknown, known, searching, confirming };

    size_t size() const noexcept { return point_.size(); }
    double dot(const Aligned<T>& a, const Aligned<T>& b) const noexcept;
    void accept(double loss, const T* gradient, const T* parameters);
    double remember(const T* gradient, const T* parameters) noexcept;
    void aim() noexcept;
    Next start_line(T* parameters) noexcept;
    void go_to(double at, T* parameters) noexcept;
    Next finish_line(T* parameters) noexcept;

    const Kernels<T>& kernels_;
    double first_step_;
    int capacity_;
    double tolerance_grad_;
    double tolerance_change_;
    int most_looks_;

    State state_ = State::unknown;
    long long looks_ = 0;
    double loss_ = 0.0;  // at the point
    // The lowest loss and the smallest gradient so far, and iterations since either was lowered.
    double lowest_ = 0.0;
    double smallest_ = 0.0;
    int idle_ = 0;
    Aligned<T> point_;
    Aligned<T> gradient_;
    Aligned<T> direction_;
    LineSearch line_;
    // Steps and changes of the gradient of the last iterations, in a ring.
    struct Pair {
        Aligned<T> step, change;
        double product;
    };
    std::vector<Pair> pairs_;
    std::vector<double> alphas_;  // one a pair
    int kept_ = 0;
    int newest_ = -1;
};

extern template class Lbfgs<float>;
extern template class Lbfgs<double>;

}  // namespace hl
