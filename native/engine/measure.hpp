// What is measured beside the loss: a mean over rows, or a score of all rows together.
#pragma once

#include <limits>

#include "registry.hpp"

namespace hl {

// How the values of the classes become one: that of one class, of all counts together, or a mean.
enum class Average { one, micro, macro, weighted, count };

// The settings of all scores; each reads its own, whose meaning metrics/over_sets.py tells.
struct ScoreSettings {
    // Above it an output says yes; NaN: the largest output is the class.
    double threshold = std::numeric_limits<double>::quiet_NaN();
    Average average = Average::one;
    int class_id = 0;
    double beta = 1.0;
    bool precision_recall = false;  // the curve of an area
    int power = 0;                  // of the distance between classes that disagree
    bool by_variance = false;
    int num_regressors = 0;
    int bins = 1;
};

struct Measure {
    bool of_rows;
    Metric metric = Metric::count;  // of rows
    double parameter = 0.0;         // its only setting
    Score score = Score::count;     // of all rows
    ScoreSettings settings = {};
    bool weighted = false;  // by the rows' weights
    int output = 0;         // which it reads of those that each target has
};

}  // namespace hl
