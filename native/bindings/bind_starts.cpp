// What weights begin with: numbers drawn, matrices made of them, and what rows make of the first.
#include "../engine/column_moments.hpp"
#include "../engine/dispatch.hpp"
#include "../engine/orthogonal.hpp"
#include "../engine/quantiles.hpp"
#include "../engine/random.hpp"
#include "arrays.hpp"

#include <algorithm>

namespace {

// P(|Z| < 2) / 2 of a standard normal number.
constexpr double half_within_two = 0.47724986805182079;

// The numbers number first, …, first + n − 1 of an array, `make` of their random bits.
NumPy<double> drawn(const std::string& isa, uint64_t seed, uint32_t part, uint64_t first, size_t n,
                    const auto& make) {
    const auto& kernels = hl::kernels_of<float>(hl::kernels_for(isa));
    NumPy<double> values = new_array<double>({n});
    constexpr size_t at_once = 256;
    uint64_t bits[at_once];
    for (size_t i = 0; i < n; i += at_once) {
        const size_t count = std::min(at_once, n - i);
        kernels.random_bits(seed, static_cast<uint32_t>(hl::Stream::initial_weights), part,
                            first + i, static_cast<int>(count), bits);
        std::transform(bits, bits + count, values.data() + i, make);
    }
    return values;
}

void bind_draws(nb::module_& m) {
    m.def(
        "uniform",
        [](const std::string& isa, uint64_t seed, uint32_t part, size_t n, uint64_t first) {
            return drawn(isa, seed, part, first, n, hl::random_fraction);
        },
        nb::arg("isa"), nb::arg("seed"), nb::arg("part"), nb::arg("n"), nb::arg("first") = 0,
        "n numbers in [0, 1), float64.");
    m.def(
        "normal",
        [](const std::string& isa, uint64_t seed, uint32_t part, size_t n, bool truncated) {
            const double width = truncated ? 2.0 * half_within_two : 1.0;
            return drawn(isa, seed, part, 0, n, [&](uint64_t bits) {
                return hl::normal_quantile(hl::random_centred(bits) * width);
            });
        },
        nb::arg("isa"), nb::arg("seed"), nb::arg("part"), nb::arg("n"), nb::arg("truncated"),
        "n standard normal numbers; truncated: given that they are within 2.");
    m.def(
        "exponential",
        [](const std::string& isa, uint64_t seed, uint32_t part, size_t n) {
            return drawn(isa, seed, part, 0, n, [](uint64_t bits) {
                return hl::exponential_quantile(hl::random_centred(bits) + 0.5);
            });
        },
        nb::arg("isa"), nb::arg("seed"), nb::arg("part"), nb::arg("n"),
        "n exponential numbers of mean 1.");
}

template <class T>
nb::tuple moments(const Matrix<T>& x, const std::optional<Line<T>>& weights) {
    const size_t rows = x.shape(0), columns = x.shape(1);
    if (rows == 0) throw std::invalid_argument("no rows");
    if (weights && weights->shape(0) != rows) throw std::invalid_argument("weights of other rows");
    NumPy<double> means = new_array<double>({columns}), squares = new_array<double>({columns});
    const double total = hl::column_moments(
        rows, columns, x.data(), weights ? weights->data() : nullptr, means.data(), squares.data());
    return nb::make_tuple(total, means, squares);
}

}  // namespace

void bind_starts(nb::module_& m) {
    bind_draws(m);
    m.def(
        "orthonormal_columns",
        [](const Matrix<double>& a) {
            const size_t rows = a.shape(0), columns = a.shape(1);
            if (rows < columns) throw std::invalid_argument("more columns than rows");
            std::vector<double> work(a.data(), a.data() + a.size());
            NumPy<double> q = new_array<double>({rows, columns});
            hl::orthonormal_columns(static_cast<int>(rows), static_cast<int>(columns), work.data(),
                                    q.data());
            return q;
        },
        nb::arg("a").noconvert(), "Q of a = Q·R, R with a positive diagonal.");
    m.def("column_moments", moments<float>, nb::arg("x").noconvert(), nb::arg("weights").none());
    m.def("column_moments", moments<double>, nb::arg("x").noconvert(), nb::arg("weights").none(),
          "How many rows count, the columns' means, and the squares of what is left.");
}
