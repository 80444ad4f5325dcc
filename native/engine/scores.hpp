// Scores of all rows of a set together, in double and in one fixed order.
#pragma once

#include "measure.hpp"
#include "outcome.hpp"

namespace hl {

// NaN if an output is one.
template <class T>
double score(const Measure& measure, const Outcome<T>& outcome);

}  // namespace hl
