// What a parameter is held to beside the loss: the formulas are those of the rows in
// regularizers.py and constraints.py.
#pragma once

#include "schedule.hpp"

namespace hl {

// factor · mean |cosine| over the pairs of rows, or of columns; 0: none.
struct Orthogonality {
    Schedule factor = Schedule::constant(0.0);
    bool of_rows = true;
};

// What each step puts the weights into: no weight below 0, or norms of columns (or of rows) that
// are `rate` of the way from where they were to [least, most].
struct Constraint {
    enum class Kind { none, non_negative, norm };
    Kind kind = Kind::none;
    bool of_rows = false;
    double least = 0.0;
    double most = 0.0;
    double rate = 1.0;
};

}  // namespace hl
