// Numbers as how far they have come through given bins: the piecewise-linear encoding of Gorishniy
// et al. (2022), arXiv:2203.05556, section 3.1.
#pragma once

#include "program.hpp"

namespace hl {

// Of each input unit, one unit a bin between its edges.
template <class T>
class PiecewiseLinearStep final : public Step<T> {
  public:
    using Edges = std::vector<std::vector<T>>;

    PiecewiseLinearStep(const Places& places, Edges edges)
        : input_(places.input()), output_(places.output), edges_(std::move(edges)) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        int bin = 0;
        for (int i = 0; i < input_.units; ++i) {
            batch.kernels.piecewise_linear(bins(i), columns, batch.stride,
                                           batch.row(input_.value + i) + first, edges_[i].data(),
                                           batch.row(output_.value + bin) + first);
            bin += bins(i);
        }
    }

    // The operations of the kernel.
    void forward_one(const Batch<T>& batch) const noexcept override {
        T* y = batch.row(output_.value);
        for (int i = 0; i < input_.units; ++i) {
            const T x = batch.row(input_.value)[i];
            for (int t = 0; t < bins(i); ++t) {
                T way = (x - edges_[i][t]) / (edges_[i][t + 1] - edges_[i][t]);
                if (t > 0 && way < T(0)) way = T(0);
                if (t < bins(i) - 1 && way > T(1)) way = T(1);
                *y++ = way;
            }
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        if (input_.gradient < 0) return;
        int bin = 0;
        for (int i = 0; i < input_.units; ++i) {
            batch.kernels.piecewise_linear_gradient(
                bins(i), columns, batch.stride, batch.row(input_.value + i) + first,
                edges_[i].data(), batch.row(output_.gradient + bin) + first,
                batch.row(input_.gradient + i) + first, input_.adds);
            bin += bins(i);
        }
    }

  private:
    int bins(int i) const noexcept { return static_cast<int>(edges_[i].size()) - 1; }

    Buffer input_;
    Buffer output_;
    Edges edges_;
};

// At least two rising edges an input unit, after rounding; else std::invalid_argument.
template <class T>
int add_piecewise_linear(Program<T>& program, int at,
                         const std::vector<std::vector<double>>& edges) {
    if (edges.size() != static_cast<size_t>(program.units(at))) {
        throw std::invalid_argument("edges for other units");
    }
    typename PiecewiseLinearStep<T>::Edges own;
    size_t bins = 0;
    for (const std::vector<double>& given : edges) {
        own.emplace_back(given.begin(), given.end());
        const auto falls = [](T a, T b) { return !(a < b); };
        if (given.size() < 2 ||
            std::adjacent_find(own.back().begin(), own.back().end(), falls) != own.back().end()) {
            throw std::invalid_argument("edges that do not rise");
        }
        bins += given.size() - 1;
    }
    return program.add({at}, static_cast<int>(bins), false, {},
                       [own](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<PiecewiseLinearStep<T>>(places, own);
                       });
}

}  // namespace hl
