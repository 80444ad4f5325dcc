// The rows that Python registered, as enums: one generated list, many readers.
#pragma once

namespace hl {

#define HL_ACTIVATION(name, saves_output, elementwise, gates) name,
enum class Activation {
#include "activations.inc"
    count
};
#undef HL_ACTIVATION

// Whether the derivative is had from f(z); otherwise z is kept beside it.
#define HL_ACTIVATION(name, saves_output, elementwise, gates) saves_output,
inline constexpr bool saves_output[] = {
#include "activations.inc"
};
#undef HL_ACTIVATION

// Whether a unit's activation depends on its own z alone.
#define HL_ACTIVATION(name, saves_output, elementwise, gates) elementwise,
inline constexpr bool elementwise[] = {
#include "activations.inc"
};
#undef HL_ACTIVATION

// Whether two units of z make one of it: the output is half as wide.
#define HL_ACTIVATION(name, saves_output, elementwise, gates) gates,
inline constexpr bool gates[] = {
#include "activations.inc"
};
#undef HL_ACTIVATION

#define HL_LOSS(name, of_logits) name,
enum class Loss {
#include "losses.inc"
    count
};
#undef HL_LOSS

// How the losses of rows become one number.
#define HL_REDUCTION(name) name,
enum class Reduction {
#include "reductions.inc"
    count
};
#undef HL_REDUCTION

#define HL_OPTIMIZER(name) name,
enum class Optimizer {
#include "optimizers.inc"
    count
};
#undef HL_OPTIMIZER

// Numbers that an optimizer keeps for each weight.
inline constexpr int optimizer_slots[] = {
#include "optimizer_slots.inc"
};

#define HL_SCHEDULE(name) name,
enum class ScheduleKind {
#include "schedules.inc"
    count
};
#undef HL_SCHEDULE

// Means of a value a row, and what has to see all rows together.
#define HL_METRIC(name) name,
enum class Metric {
#include "metrics.inc"
    count
};
#undef HL_METRIC

#define HL_SCORE(name) name,
enum class Score {
#include "scores.inc"
    count
};
#undef HL_SCORE

}  // namespace hl
