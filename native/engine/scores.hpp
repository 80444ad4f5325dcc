// Scores of all rows of a set together, in double and in one fixed order.
#pragma once

#include "measure.hpp"
#include "outcome.hpp"

namespace hl {

// Appends the values of a measure; NaN if an output that is read is one, or no row counts.
template <class T>
void add_scores(const Measure& measure, const Outcome<T>& outcome, std::vector<double>& values);

}  // namespace hl
