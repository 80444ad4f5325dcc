// Batch normalisation: Ioffe and Szegedy (2015), arXiv:1502.03167.
#pragma once

#include "vector_update.hpp"

namespace hl {

// What a batch normalisation has in the parameter vector; a place of −1: not there.
struct BatchNormParameters {
    Parameter gamma{0, -1}, beta{0, -1}, mean, variance;
};

// While training, y = (x − m)/sqrt(v + ε)·γ + β with the mean and the variance of the batch, which
// moving ones follow; these are used otherwise. It reads all samples for each unit, so a thread
// does some units, never some samples.
template <class T>
class BatchNormStep final : public Step<T> {
  public:
    BatchNormStep(const Places& places, const BatchNormParameters& parameters, double momentum,
                  double epsilon)
        : input_(places.input()),
          output_(places.output),
          own_(places.training),
          parameters_(parameters),
          momentum_(static_cast<T>(momentum)),
          rest_(static_cast<T>(1.0 - momentum)),
          epsilon_(static_cast<T>(epsilon)) {}

    // Rows for the numbers of each unit that the passes of a step hand on to each other.
    static int rows(int units) noexcept { return kept * blocks_of<T>(units); }

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        for (int item = 0; item < blocks_of<T>(output_.units); ++item) {
            if (batch.training) {
                forward_item(batch, item);
            } else {
                const T* mean = batch.parameters + parameters_.mean.offset + item * Block<T>;
                const T* variance = batch.parameters + parameters_.variance.offset;
                const Factors factors(*this, batch, variance + item * Block<T>, item);
                map(batch, item, mean, factors, first, columns);
            }
        }
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        const T* x = batch.row(input_.value);
        T* y = batch.row(output_.value);
        const T* mean = batch.parameters + parameters_.mean.offset;
        const T* variance = batch.parameters + parameters_.variance.offset;
        for (int item = 0; item < blocks_of<T>(output_.units); ++item) {
            const int unit = item * Block<T>;
            const Factors factors(*this, batch, variance + unit, item);
            for (int i = 0; i < units_of(item); ++i) {
                y[unit + i] =
                    (x[unit + i] - mean[unit + i]) * factors.factor[i] + factors.offset[i];
            }
        }
    }

    int forward_items(int) const noexcept override { return blocks_of<T>(output_.units); }
    void forward_item(const Batch<T>& batch, int item) const noexcept override {
        const int unit = item * Block<T>;
        T *mean = numbers(batch, means, item), *variance = numbers(batch, variances, item);
        batch.kernels.moments(units_of(item), batch.samples, batch.stride,
                              batch.row(input_.value + unit), mean, variance);
        follow(batch.statistics + parameters_.mean.offset + unit, mean, units_of(item));
        follow(batch.statistics + parameters_.variance.offset + unit, variance, units_of(item));
        map(batch, item, mean, Factors(*this, batch, variance, item), 0,
            round_up_to_block<T>(batch.samples));
    }

    void backward(const Batch<T>& batch, int, int) const noexcept override {
        for (int item = 0; item < blocks_of<T>(output_.units); ++item) backward_item(batch, item);
    }
    int backward_items(int) const noexcept override { return blocks_of<T>(output_.units); }
    void backward_item(const Batch<T>& batch, int item) const noexcept override {
        const int unit = item * Block<T>, units = units_of(item);
        const T *x = batch.row(input_.value + unit), *dy = batch.row(output_.gradient + unit);
        const T *mean = numbers(batch, means, item), *variance = numbers(batch, variances, item);
        const Factors factors(*this, batch, variance, item);
        double sums[Block<T>], products[Block<T>];
        batch.kernels.sums_about_mean(units, batch.samples, batch.stride, dy, x, mean, sums,
                                      products);
        T shift[Block<T>], slope[Block<T>];
        for (int i = 0; i < units; ++i) {
            const double inverse = static_cast<double>(factors.inverse[i]);
            const double along = products[i] * inverse;
            numbers(batch, beta_gradients, item)[i] = static_cast<T>(sums[i]);
            numbers(batch, gamma_gradients, item)[i] = static_cast<T>(along);
            shift[i] = static_cast<T>(sums[i] / batch.samples);
            slope[i] = static_cast<T>(along * inverse / batch.samples);
        }
        if (input_.gradient < 0) return;
        batch.kernels.derive_about_mean(units, round_up_to_block<T>(batch.samples), batch.stride,
                                        dy, x, mean, factors.factor, shift, slope,
                                        batch.row(input_.gradient + unit), input_.adds);
    }

    int update_items() const noexcept override {
        const int vectors = (parameters_.gamma.place >= 0) + (parameters_.beta.place >= 0);
        return vectors * blocks_of<T>(output_.units);
    }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        const int blocks = blocks_of<T>(output_.units), block = item % blocks;
        const bool is_gamma = parameters_.gamma.place >= 0 && item < blocks;
        const T* gradients = numbers(batch, is_gamma ? gamma_gradients : beta_gradients, 0);
        update_vector(batch, update, waiting, is_gamma ? parameters_.gamma : parameters_.beta,
                      output_.units, block, [&](int unit) { return gradients[unit]; });
    }

  private:
    enum Kept { means, variances, gamma_gradients, beta_gradients, kept };

    // What x − mean is multiplied with, and what is added, for the units of an item.
    struct Factors {
        alignas(64) T inverse[Block<T>];
        T factor[Block<T>];
        T offset[Block<T>];

        Factors(const BatchNormStep& step, const Batch<T>& batch, const T* variance,
                int item) noexcept {
            batch.kernels.inverse_deviations(Block<T>, variance, step.epsilon_, inverse);
            const auto& [gamma, beta, mean, moving] = step.parameters_;
            const T* gammas = batch.parameters + gamma.offset + item * Block<T>;
            const T* betas = batch.parameters + beta.offset + item * Block<T>;
            for (int i = 0; i < Block<T>; ++i) {
                factor[i] = gamma.place < 0 ? inverse[i] : inverse[i] * gammas[i];
                offset[i] = beta.place < 0 ? T(0) : betas[i];
            }
        }
    };

    int units_of(int item) const noexcept {
        const int left = output_.units - item * Block<T>;
        return left < Block<T> ? left : Block<T>;
    }
    T* numbers(const Batch<T>& batch, Kept which, int item) const noexcept {
        return batch.row(own_) + (which * blocks_of<T>(output_.units) + item) * Block<T>;
    }
    void follow(T* moving, const T* batch, int units) const noexcept {
        for (int i = 0; i < units; ++i) moving[i] = moving[i] * momentum_ + batch[i] * rest_;
    }
    void map(const Batch<T>& batch, int item, const T* mean, const Factors& factors, int first,
             int columns) const noexcept {
        const int unit = item * Block<T>;
        batch.kernels.affine(units_of(item), columns, batch.stride,
                             batch.row(input_.value + unit) + first, mean, factors.factor,
                             factors.offset, batch.row(output_.value + unit) + first);
    }

    Buffer input_;
    Buffer output_;
    int own_;
    BatchNormParameters parameters_;
    T momentum_;
    T rest_;
    T epsilon_;
};

template <class T>
int add_batch_normalisation(Program<T>& program, int at, double momentum, double epsilon,
                            bool center, bool scale) {
    const int units = program.units(at);
    BatchNormParameters parameters;
    if (scale) parameters.gamma = program.parameter(1, units, true);
    if (center) parameters.beta = program.parameter(1, units, true);
    parameters.mean = program.parameter(1, units, true, false);
    parameters.variance = program.parameter(1, units, true, false);
    program.couple_samples();
    return program.add({at}, units, true, {.training = BatchNormStep<T>::rows(units)},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<BatchNormStep<T>>(places, parameters, momentum,
                                                                     epsilon);
                       });
}

}  // namespace hl
