// Registered names → enums and functions.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "../engine/activation_function.hpp"
#include "../engine/registry.hpp"

namespace hl {

template <class Enum>
Enum named(const std::string& name, const char* const (&names)[static_cast<int>(Enum::count)]) {
    for (int i = 0; i < static_cast<int>(Enum::count); ++i) {
        if (name == names[i]) return static_cast<Enum>(i);
    }
    throw std::invalid_argument("'" + name + "' is not compiled into the core");
}

#define HL_ACTIVATION(name, saves_output, elementwise, gates) #name,
#define HL_LOSS(name, of_logits) #name,
#define HL_REDUCTION(name) #name,
#define HL_METRIC(name) #name,
#define HL_SCORE(name) #name,
#define HL_OPTIMIZER(name) #name,
#define HL_SCHEDULE(name) #name,
inline constexpr const char* activation_names[] = {
#include "activations.inc"
};
inline constexpr const char* loss_names[] = {
#include "losses.inc"
};
inline constexpr const char* reduction_names[] = {
#include "reductions.inc"
};
inline constexpr const char* metric_names[] = {
#include "metrics.inc"
};
inline constexpr const char* score_names[] = {
#include "scores.inc"
};
inline constexpr const char* optimizer_names[] = {
#include "optimizers.inc"
};
inline constexpr const char* schedule_names[] = {
#include "schedules.inc"
};
#undef HL_ACTIVATION
#undef HL_LOSS
#undef HL_REDUCTION
#undef HL_METRIC
#undef HL_SCORE
#undef HL_OPTIMIZER
#undef HL_SCHEDULE

inline constexpr const char* merge_names[] = {"concatenate", "add", "average", "multiply"};

template <class T>
ActivationFunction<T> activation_function(const std::string& name,
                                          const std::vector<double>& parameters) {
    typename ActivationFunction<T>::Parameters numbers{};
    if (parameters.size() > numbers.size()) {
        throw std::invalid_argument("too many parameters of '" + name + "'");
    }
    std::transform(parameters.begin(), parameters.end(), numbers.begin(),
                   [](double number) { return static_cast<T>(number); });
    return {named<Activation>(name, activation_names), numbers};
}

}  // namespace hl
