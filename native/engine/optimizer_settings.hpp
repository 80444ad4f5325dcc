// What an optimizer is told.
#pragma once

#include <vector>

#include "schedule.hpp"

namespace hl {

// Of a limit to the gradient: each element's size, each parameter's norm, or the norm of all.
enum class Clipping { none, value, norm, global_norm, count };
inline constexpr const char* clipping_names[] = {"none", "value", "norm", "global_norm"};

struct OptimizerSettings {
    Optimizer kind = Optimizer::sgd;
    // What may change from step to step.
    Schedule learning_rate;
    Schedule momentum = Schedule::constant(0.0);
    Schedule beta_1 = Schedule::constant(0.9);
    Schedule beta_2 = Schedule::constant(0.999);  // or rho
    Schedule weight_decay = Schedule::constant(0.0);
    Schedule epsilon = Schedule::constant(1e-7);
    Schedule limit = Schedule::constant(0.0);              // to the gradient
    Schedule average_momentum = Schedule::constant(0.99);  // of the running mean of the weights
    double first_square = 0.0;                             // what the sum of squares begins with
    bool has_momentum = false;
    bool nesterov = false;
    bool centered = false;
    bool amsgrad = false;

    // Of L-BFGS.
    int history = 10;
    double tolerance_grad = 0.0;
    double tolerance_change = 0.0;
    int most_looks = 25;

    Clipping clipping = Clipping::none;
    int accumulation = 1;  // batches to an update
    // A running mean of the weights, which takes their place every so many batches (0: never).
    bool averages = false;
    int overwrites = 0;
    // Of the learning rate and of the decay, one a parameter; empty: 1.
    std::vector<double> rate_factors = {};
    std::vector<double> decay_factors = {};
};

}  // namespace hl
