#include "constraints.hpp"

#include <cmath>

namespace hl {

namespace {

// Keras's, added to a norm before it divides.
constexpr double epsilon = 1e-7;

double factor_of(const Constraint& constraint, double squares) noexcept {
    const double norm = std::sqrt(squares);
    const double inside = norm < constraint.least  ? constraint.least
                          : norm > constraint.most ? constraint.most
                                                   : norm;
    return (constraint.rate * inside + (1.0 - constraint.rate) * norm) / (epsilon + norm);
}

}  // namespace

template <class T>
Constraints<T>::Constraints(const Program<T>& program, const Kernels<T>& kernels)
    : kernels_(kernels) {
    const std::vector<ParameterBlock>& parameters = program.parameters();
    for (const Stretch& stretch : stretches_of(parameters)) {
        const Constraint& constraint = parameters[stretch.parameter].constraint;
        if (constraint.kind == Constraint::Kind::non_negative) stretches_.push_back(stretch);
    }
    for (const ParameterBlock& block : parameters) {
        if (block.constraint.kind != Constraint::Kind::norm) continue;
        norms_.push_back({Lines(block, block.constraint.of_rows), block.constraint});
    }
}

template <class T>
void Constraints<T>::scale_lanes(const Norms& norms, T* weights, int first) const noexcept {
    T* block = weights + norms.lines.template place<T>(first, 0);
    double squares[Block<T>];
    kernels_.squares_of_columns(norms.lines.length, block, squares);
    alignas(64) T factors[Block<T>];
    for (int l = 0; l < Block<T>; ++l) {
        factors[l] = static_cast<T>(factor_of(norms.constraint, squares[l]));
    }
    kernels_.scale_columns(norms.lines.length, factors, block);
}

template <class T>
void Constraints<T>::scale_across(const Norms& norms, T* weights, int first,
                                  int count) const noexcept {
    const int length = norms.lines.length;
    T factors[Block<T>];
    for (int i = 0; i < count; ++i) {
        double squares = 0.0;
        for (int k = 0; k < length; k += Block<T>) {
            squares += kernels_.sum_of_squares(
                Block<T>, weights + norms.lines.template place<T>(first + i, k));
        }
        factors[i] = static_cast<T>(factor_of(norms.constraint, squares));
    }
    for (int k = 0; k < length; k += Block<T>) {
        T* rows = weights + norms.lines.template place<T>(first, k);
        kernels_.scale(count, Block<T>, Block<T>, rows, factors, rows, false);
    }
}

template <class T>
void Constraints<T>::apply(T* parameters, int thread, int threads) const noexcept {
    const int all = static_cast<int>(stretches_.size());
    const int end = share_begin(all, thread + 1, threads);
    for (int i = share_begin(all, thread, threads); i < end; ++i) {
        T* weights = parameters + stretches_[i].first;
        const int size = static_cast<int>(stretches_[i].size);
        kernels_.activate[static_cast<int>(Activation::relu)](1, size, size, weights, weights,
                                                              nullptr);
    }
    for (const Norms& norms : norms_) {
        const BlockShare<T> share(norms.lines.count, thread, threads);
        T* weights = parameters + norms.lines.offset;
        for (int first = share.first; first < share.first + share.count; first += Block<T>) {
            if (norms.lines.in_lanes) {
                scale_lanes(norms, weights, first);
            } else {
                scale_across(norms, weights, first, std::min(Block<T>, norms.lines.count - first));
            }
        }
    }
}

template class Constraints<float>;
template class Constraints<double>;

}  // namespace hl
