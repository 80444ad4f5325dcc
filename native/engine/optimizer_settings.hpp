// What an optimizer is told.
#pragma once

#include <vector>

#include "schedule.hpp"

namespace hl {

// Of a limit to the gradient: each element's size, each parameter's norm, or the norm of all.
enum class Clipping { none, value, norm, global_norm };

struct OptimizerSettings {
    Optimizer kind = Optimizer::sgd;
    Schedule learning_rate;
    double momentum = 0.0;
    bool nesterov = false;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
    double weight_decay = 0.0;

    Clipping clipping = Clipping::none;
    double limit = 0.0;
    int accumulation = 1;  // batches to an update
    // A running mean of the weights, which takes their place every so many batches (0: never).
    bool averages = false;
    double average_momentum = 0.99;
    int overwrites = 0;
    // Of the learning rate and of the decay, one a parameter; empty: 1.
    std::vector<double> rate_factors = {};
    std::vector<double> decay_factors = {};
};

}  // namespace hl
