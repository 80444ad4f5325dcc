// Areas under curves of all thresholds, from exact ranks.
#pragma once

#include "measure.hpp"
#include "outcome.hpp"

namespace hl {

// auc: of all units ranked together, or a mean of the units' own.
template <class T>
double area(const Measure& measure, const Outcome<T>& outcome);

}  // namespace hl
