#include "ranking.hpp"

#include <algorithm>
#include <vector>

namespace hl {

namespace {

template <class T>
struct Ranked {
    T output;
    int unit;
    size_t row;
};

// The area over some units, the largest output first; of equals in the order of units and rows, so
// that sums of weights have one order on every machine.
template <class T>
class Curve {
  public:
    Curve(const Measure& measure, const Outcome<T>& outcome, int first, int units)
        : ranked_(outcome.size() * units) {
        size_t at = 0;
        for (int unit = first; unit < first + units; ++unit) {
            const T* outputs = outcome.outputs(unit);
            for (size_t row = 0; row < outcome.size(); ++row) {
                ranked_[at++] = {outputs[row], unit, row};
            }
        }
        std::sort(ranked_.begin(), ranked_.end(), [](const Ranked<T>& a, const Ranked<T>& b) {
            if (a.output != b.output) return a.output > b.output;
            return a.unit != b.unit ? a.unit < b.unit : a.row < b.row;
        });
        for (size_t i = 0; i < ranked_.size();) {
            double due = 0.0, rest = 0.0;
            const T output = ranked_[i].output;
            for (; i < ranked_.size() && ranked_[i].output == output; ++i) {
                const double weight = outcome.weight(ranked_[i].row, measure.weighted);
                (outcome.is_due(ranked_[i].unit, ranked_[i].row) ? due : rest) += weight;
            }
            trapezoids_ += rest * (due_ + 0.5 * due);
            due_ += due;
            rest_ += rest;
            if (due > 0.0) steps_ += due * (due_ / (due_ + rest_));
        }
    }

    double due() const noexcept { return due_; }
    double roc() const noexcept {
        if (due_ == 0.0 || rest_ == 0.0) return std::numeric_limits<double>::quiet_NaN();
        return trapezoids_ / (due_ * rest_);
    }
    double average_precision() const noexcept { return due_ == 0.0 ? 0.0 : steps_ / due_; }

  private:
    std::vector<Ranked<T>> ranked_;
    double trapezoids_ = 0.0, steps_ = 0.0, due_ = 0.0, rest_ = 0.0;
};

}  // namespace

template <class T>
double area(const Measure& measure, const Outcome<T>& outcome) {
    const ScoreSettings& settings = measure.settings;
    const auto under = [&](const Curve<T>& curve) {
        return settings.precision_recall ? curve.average_precision() : curve.roc();
    };
    if (settings.average == Average::micro || outcome.units() == 1) {
        return under(Curve<T>(measure, outcome, 0, outcome.units()));
    }
    double sum = 0.0, weight = 0.0;
    for (int unit = 0; unit < outcome.units(); ++unit) {
        const Curve<T> curve(measure, outcome, unit, 1);
        const double own = settings.average == Average::weighted ? curve.due() : 1.0;
        // Where nothing is due, an area may be NaN.
        if (own > 0.0) sum += own * under(curve);
        weight += own;
    }
    return weight == 0.0 ? 0.0 : sum / weight;
}

template double area(const Measure&, const Outcome<float>&);
template double area(const Measure&, const Outcome<double>&);

}  // namespace hl
