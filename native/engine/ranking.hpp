// Areas under curves of all thresholds, from exact ranks.
#pragma once

#include "measure.hpp"
#include "outcome.hpp"

namespace hl {

// Appends auc: of all units ranked together, of each unit, or a mean over units or pairs of
// classes.
template <class T>
void add_areas(const Measure& measure, const Outcome<T>& outcome, std::vector<double>& values);

}  // namespace hl
