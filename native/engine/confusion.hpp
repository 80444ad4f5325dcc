// Scores of decisions, from counts (or sums of weights) of what was due and what was called.
#pragma once

#include "measure.hpp"
#include "outcome.hpp"

namespace hl {

// Appends precision, recall or fbeta_score: a value for each threshold, or for each class.
template <class T>
void add_hits(const Measure& measure, const Outcome<T>& outcome, std::vector<double>& values);

// balanced_accuracy, matthews_correlation or cohen_kappa: rows that have one class.
template <class T>
double agreement(const Measure& measure, const Outcome<T>& outcome);

}  // namespace hl
