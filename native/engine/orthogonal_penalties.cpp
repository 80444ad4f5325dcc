#include "orthogonal_penalties.hpp"

#include <cmath>

namespace hl {

namespace {

// The reciprocal of Keras's epsilon, which its `normalize` lets no inverse length exceed.
constexpr double most_inverse = 1e7;

}  // namespace

template <class T>
OrthogonalPenalties<T>::Penalty::Penalty(const Lines& of, const Schedule& times)
    : lines(of),
      factor(times),
      stride(row_stride<T>(of.count)),
      normal(static_cast<size_t>(of.block<T>()) *
             (round_up_to_block<T>(of.in_lanes ? of.count : of.length) / Block<T>)),
      columns(static_cast<size_t>(of.length) * stride),
      signs(static_cast<size_t>(of.count) * stride),
      slopes(static_cast<size_t>(of.length) * stride),
      inverse(stride),
      along(stride),
      sums(stride) {}

template <class T>
OrthogonalPenalties<T>::OrthogonalPenalties(const Program<T>& program, const Kernels<T>& kernels)
    : kernels_(kernels) {
    for (const ParameterBlock& block : program.parameters()) {
        const Lines lines(block, block.orthogonality.of_rows);
        if (block.orthogonality.factor.is_zero() || lines.count < 2) continue;
        penalties_.emplace_back(lines, block.orthogonality.factor);
    }
}

template <class T>
void OrthogonalPenalties<T>::normalise(const T* parameters, int thread, int threads) noexcept {
    for (Penalty& penalty : penalties_) {
        const Lines& lines = penalty.lines;
        const BlockShare<T> share(lines.count, thread, threads);
        for (int i = share.first; i < std::min(share.first + share.count, lines.count); ++i) {
            const T* weights = parameters + lines.offset;
            double squares = 0.0;
            for (int k = 0; k < lines.length; ++k) {
                const double weight = weights[lines.place<T>(i, k)];
                squares += weight * weight;
            }
            const double inverse = 1.0 / std::sqrt(squares);
            const bool is_short = inverse > most_inverse;
            penalty.inverse[i] = static_cast<T>(is_short ? most_inverse : inverse);
            penalty.along[i] = is_short ? T(0) : T(1);
            for (int k = 0; k < lines.length; ++k) {
                const size_t place = lines.place<T>(i, k);
                const T normal = weights[place] * penalty.inverse[i];
                penalty.normal[place] = normal;
                penalty.columns[static_cast<size_t>(k) * penalty.stride + i] = normal;
            }
        }
    }
}

// Each pair is there twice.
template <class T>
double OrthogonalPenalties<T>::Penalty::share(const Moment& now) const noexcept {
    return now.value(factor) / lines.count / (lines.count - 1.0);
}

template <class T>
void OrthogonalPenalties<T>::differentiate(T* gradient, const Moment& now, int thread,
                                           int threads) noexcept {
    for (Penalty& penalty : penalties_) {
        const Lines& lines = penalty.lines;
        const BlockShare<T> share(lines.count, thread, threads);
        if (share.count == 0) continue;
        Product<T> product{.m = lines.count,
                           .n = share.count,
                           .k = lines.length,
                           .a = penalty.normal.data(),
                           .a_block = lines.block<T>(),
                           .rows_in_blocks = lines.in_lanes,
                           .b = penalty.columns.data() + share.first,
                           .b_row = penalty.stride,
                           .start = nullptr,
                           .accumulate = false,
                           .c = penalty.signs.data() + share.first,
                           .c_row = penalty.stride,
                           .finish = nullptr,
                           .finish_from = nullptr,
                           .finish_to = nullptr,
                           .finish_parameters = nullptr};
        kernels_.multiply(product);
        kernels_.take_signs(lines.count, share.count, penalty.stride, share.first,
                            penalty.signs.data() + share.first, penalty.sums.data() + share.first);
        if (gradient == nullptr) continue;
        product.m = lines.length;
        product.k = lines.count;
        product.rows_in_blocks = !lines.in_lanes;
        product.b = penalty.signs.data() + share.first;
        product.c = penalty.slopes.data() + share.first;
        kernels_.multiply(product);
        kernels_.leave_across(
            lines.length, share.count, penalty.stride, penalty.columns.data() + share.first,
            penalty.along.data() + share.first, penalty.slopes.data() + share.first);
        const T twice = static_cast<T>(2.0 * penalty.share(now));
        T* own = gradient + lines.offset;
        for (int i = share.first; i < std::min(share.first + share.count, lines.count); ++i) {
            const T times = twice * penalty.inverse[i];
            for (int k = 0; k < lines.length; ++k) {
                own[lines.place<T>(i, k)] +=
                    penalty.slopes[static_cast<size_t>(k) * penalty.stride + i] * times;
            }
        }
    }
}

template <class T>
double OrthogonalPenalties<T>::value(const Moment& now) const noexcept {
    double total = 0.0;
    for (const Penalty& penalty : penalties_) {
        double sum = 0.0;
        for (int i = 0; i < penalty.lines.count; ++i) sum += penalty.sums[i];
        total += penalty.share(now) * sum;
    }
    return total;
}

template class OrthogonalPenalties<float>;
template class OrthogonalPenalties<double>;

}  // namespace hl
