#include "lbfgs.hpp"

#include <cstring>
#include <limits>

namespace hl {

namespace {

// Iterations without any gain, after which there is none to come.
constexpr int most_idle = 10;

template <class T>
double largest(size_t n, const T* values) noexcept {
    double most = 0.0;
    for (size_t i = 0; i < n; ++i) {
        most = std::max(most, std::fabs(static_cast<double>(values[i])));
    }
    return most;
}

}  // namespace

template <class T>
Lbfgs<T>::Lbfgs(const OptimizerSettings& settings, const Kernels<T>& kernels, size_t parameters)
    : kernels_(kernels),
      first_step_(settings.learning_rate.value(0)),
      capacity_(settings.history),
      tolerance_grad_(settings.tolerance_grad),
      tolerance_change_(settings.tolerance_change),
      most_looks_(settings.most_looks),
      point_(parameters),
      gradient_(parameters),
      direction_(parameters),
      line_({}, 0.0, 0.0, 0.0, 0),
      alphas_(capacity_) {
    for (int i = 0; i < capacity_; ++i) {
        pairs_.push_back({Aligned<T>(parameters), Aligned<T>(parameters), 0.0});
    }
}

template <class T>
double Lbfgs<T>::dot(const Aligned<T>& a, const Aligned<T>& b) const noexcept {
    return kernels_.dot(a.size(), a.data(), b.data());
}

template <class T>
bool Lbfgs<T>::begin(T* parameters) {
    const bool knows =
        state_ == State::known && std::memcmp(point_.data(), parameters, size() * sizeof(T)) == 0;
    if (knows && start_line(parameters) == Next::look) return true;
    // As they are now: a look changes the statistics among them.
    std::copy_n(parameters, size(), point_.data());
    state_ = State::unknown;
    return false;
}

template <class T>
typename Lbfgs<T>::Next Lbfgs<T>::look(double loss, const T* gradient, T* parameters) {
    ++looks_;
    if (state_ == State::unknown) {
        accept(loss, gradient, point_.data());
        lowest_ = loss;
        smallest_ = largest(size(), gradient);
        idle_ = 0;
        const Next next = start_line(parameters);
        if (next == Next::converged) std::copy_n(point_.data(), size(), parameters);
        return next;
    }
    if (state_ == State::searching) {
        const double slope = kernels_.dot(size(), gradient, direction_.data());
        if (!line_.look(loss, slope)) {
            go_to(line_.at(), parameters);
            return Next::look;
        }
        if (line_.found().at != line_.at()) return finish_line(parameters);
    }
    // The last look was at the point that was found.
    const double farthest = remember(gradient, parameters);
    const double slope = largest(size(), gradient);
    // Where rounding is all that is left, neither becomes less any more.
    idle_ = loss < lowest_ || slope < smallest_ ? 0 : idle_ + 1;
    lowest_ = std::min(lowest_, loss);
    smallest_ = std::min(smallest_, slope);
    const bool at_rest = idle_ >= most_idle;
    const bool small = farthest <= tolerance_change_ || std::fabs(loss - loss_) < tolerance_change_;
    accept(loss, gradient, parameters);
    return at_rest || small || slope <= tolerance_grad_ ? Next::converged : Next::done;
}

// The best point of a line is not where the last look was.
template <class T>
typename Lbfgs<T>::Next Lbfgs<T>::finish_line(T* parameters) noexcept {
    if (line_.found().at == 0.0 && kept_ > 0) {
        // What it remembers misleads: along the gradient instead.
        kept_ = 0;
        if (start_line(parameters) == Next::look) return Next::look;
    }
    state_ = State::confirming;
    go_to(line_.found().at, parameters);
    return Next::look;
}

template <class T>
void Lbfgs<T>::accept(double loss, const T* gradient, const T* parameters) {
    loss_ = loss;
    if (parameters != point_.data()) std::copy_n(parameters, size(), point_.data());
    std::copy_n(gradient, size(), gradient_.data());
    state_ = State::known;
}

// Keeps the pair of this iteration, if the curvature along it is above 0; returns how far the
// weight went that went farthest.
template <class T>
double Lbfgs<T>::remember(const T* gradient, const T* parameters) noexcept {
    const int place = (newest_ + 1) % capacity_;
    Pair& pair = pairs_[place];
    if (place == newest_) kept_ = 0;
    for (size_t i = 0; i < size(); ++i) {
        // What is not along the line is not a weight: statistics that steps of the program keep.
        pair.step[i] = direction_[i] == T(0) ? T(0) : parameters[i] - point_[i];
        pair.change[i] = gradient[i] - gradient_[i];
    }
    pair.product = dot(pair.step, pair.change);
    const double farthest = largest(size(), pair.step.data());
    constexpr double least = std::numeric_limits<double>::epsilon();
    if (pair.product > least * dot(pair.change, pair.change)) {
        newest_ = place;
        kept_ = std::min(kept_ + 1, capacity_);
    } else {
        kept_ = std::min(kept_, capacity_ - 1);  // the oldest was where this one is
    }
    return farthest;
}

// direction = −H·gradient, by the recursion of algorithm 7.4.
template <class T>
void Lbfgs<T>::aim() noexcept {
    const T none = T(0), one = T(1);
    for (size_t i = 0; i < size(); ++i) direction_[i] = -gradient_[i];
    for (int i = 0; i < kept_; ++i) {
        const int place = (newest_ - i + capacity_) % capacity_;
        const Pair& pair = pairs_[place];
        alphas_[place] = dot(pair.step, direction_) / pair.product;
        kernels_.mix(size(), static_cast<T>(-alphas_[place]), pair.change.data(), one,
                     direction_.data());
    }
    if (kept_ > 0) {
        const Pair& pair = pairs_[newest_];
        const T scale = static_cast<T>(pair.product / dot(pair.change, pair.change));
        kernels_.mix(size(), none, gradient_.data(), scale, direction_.data());
    }
    for (int i = kept_ - 1; i >= 0; --i) {
        const int place = (newest_ - i + capacity_) % capacity_;
        const Pair& pair = pairs_[place];
        const double beta = dot(pair.change, direction_) / pair.product;
        kernels_.mix(size(), static_cast<T>(alphas_[place] - beta), pair.step.data(), one,
                     direction_.data());
    }
}

template <class T>
typename Lbfgs<T>::Next Lbfgs<T>::start_line(T* parameters) noexcept {
    if (largest(size(), gradient_.data()) <= tolerance_grad_) return Next::converged;
    aim();
    double slope = dot(gradient_, direction_);
    if (!(slope < 0.0) && kept_ > 0) {
        kept_ = 0;
        aim();
        slope = dot(gradient_, direction_);
    }
    if (!(slope < 0.0)) return Next::converged;
    // The gradient says nothing of its own length: the first step is of length 1 at most.
    double first = first_step_;
    if (kept_ == 0) {
        first *= std::min(1.0, 1.0 / kernels_.sum_of_magnitudes(size(), gradient_.data()));
    }
    // A loss is a mean of numbers of the dtype, each with an error of a few units.
    const double resolution = 4.0 * std::numeric_limits<T>::epsilon() * std::fabs(loss_);
    line_ = LineSearch({0.0, loss_, slope}, first, resolution,
                       tolerance_change_ / largest(size(), direction_.data()), most_looks_);
    state_ = State::searching;
    go_to(first, parameters);
    return Next::look;
}

template <class T>
void Lbfgs<T>::go_to(double at, T* parameters) noexcept {
    std::copy_n(point_.data(), size(), parameters);
    kernels_.mix(size(), static_cast<T>(at), direction_.data(), T(1), parameters);
}

template <class T>
void Lbfgs<T>::abandon(T* parameters) noexcept {
    if (state_ == State::searching || state_ == State::confirming) {
        std::copy_n(point_.data(), size(), parameters);
    }
    state_ = State::unknown;
}

template <class T>
void Lbfgs<T>::forget() noexcept {
    state_ = State::unknown;
    kept_ = 0;
}

template class Lbfgs<float>;
template class Lbfgs<double>;

}  // namespace hl
