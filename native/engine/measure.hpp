// What is measured beside the loss: a mean over rows, or a score of all rows together.
#pragma once

#include <vector>

#include "registry.hpp"

namespace hl {

// How the values of the classes become one: that of one class, of all counts together, or a mean;
// or they do not.
enum class Average { one, micro, macro, weighted, none, count };

// The settings of all scores; each reads its own, whose meaning metrics/over_sets.py tells.
struct ScoreSettings {
    // Above it an output says yes, and each has a value of its own; none: the largest is the class.
    std::vector<double> thresholds = {};
    int top_k = 0;  // so many outputs of a row at most say yes, the largest; 0: all
    Average average = Average::one;
    int class_id = 0;
    double beta = 1.0;
    bool precision_recall = false;  // the curve of an area
    bool one_against_one = false;   // of pairs of classes
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
    int values = 1;         // numbers of a record
};

}  // namespace hl
