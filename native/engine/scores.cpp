#include "scores.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "confusion.hpp"
#include "ranking.hpp"

namespace hl {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The sums of squares of one unit: what is missed, and what there is.
struct Squares {
    double missed = 0.0, all = 0.0;

    double explained() const noexcept {
        if (all == 0.0) return missed == 0.0 ? 1.0 : 0.0;
        return 1.0 - missed / all;
    }
};

template <class T>
Squares squares_of(const Outcome<T>& outcome, int unit) noexcept {
    // From the first on, so that the mean of equal targets is exact.
    const double first = outcome.target(unit, 0);
    double sum = 0.0, weights = 0.0;
    for (size_t i = 0; i < outcome.size(); ++i) {
        const double weight = outcome.weight(i);
        sum += weight * (outcome.target(unit, i) - first);
        weights += weight;
    }
    const double mean = first + sum / weights;
    Squares squares;
    for (size_t i = 0; i < outcome.size(); ++i) {
        const double weight = outcome.weight(i);
        const double target = outcome.target(unit, i), off = target - mean;
        const double error = target - static_cast<double>(outcome.output(unit, i));
        squares.missed += weight * (error * error);
        squares.all += weight * (off * off);
    }
    return squares;
}

template <class T>
double r2(const Measure& measure, const Outcome<T>& outcome) noexcept {
    const double n = static_cast<double>(outcome.size());
    if (n < 2.0) return nan;
    double sum = 0.0, weighted = 0.0, spread = 0.0;
    for (int unit = 0; unit < outcome.units(); ++unit) {
        const Squares squares = squares_of(outcome, unit);
        sum += squares.explained();
        weighted += squares.all * squares.explained();
        spread += squares.all;
    }
    const bool by_variance = measure.settings.by_variance && spread > 0.0;
    const double plain = by_variance ? weighted / spread : sum / outcome.units();
    const double regressors = measure.settings.num_regressors;
    if (regressors == 0.0 || regressors >= n - 1.0) return plain;
    return 1.0 - (1.0 - plain) * ((n - 1.0) / (n - regressors - 1.0));
}

class Bins {
  public:
    explicit Bins(int count) : bins_(count), width_(1.0 / count) {}

    // A bin is open below and closed above; the edges are multiples of its width.
    void add(double probability, bool right, double weight) noexcept {
        const int last = static_cast<int>(bins_.size()) - 1;
        int at = static_cast<int>(std::fmin(std::fmax(probability / width_, 0.0), last));
        while (at > 0 && probability <= at * width_) --at;
        while (at < last && probability > (at + 1) * width_) ++at;
        Bin& bin = bins_[at];
        bin.probability += weight * probability;
        if (right) bin.right += weight;
        weight_ += weight;
    }

    double error() const noexcept {
        double sum = 0.0;
        for (const Bin& bin : bins_) sum += std::fabs(bin.right - bin.probability);
        return sum / weight_;
    }

  private:
    struct Bin {
        double probability = 0.0, right = 0.0;
    };
    std::vector<Bin> bins_;
    double width_;
    double weight_ = 0.0;
};

template <class T>
double calibration_error(const Measure& measure, const Outcome<T>& outcome) {
    Bins bins(measure.settings.bins);
    for (size_t i = 0; i < outcome.size(); ++i) {
        const double weight = outcome.weight(i);
        if (outcome.has_classes()) {
            const int called = outcome.called_class(i, 0.0);
            bins.add(outcome.output(called, i), called == outcome.due_class(i), weight);
            continue;
        }
        for (int unit = 0; unit < outcome.units(); ++unit) {
            bins.add(outcome.output(unit, i), outcome.is_due(unit, i), weight);
        }
    }
    return bins.error();
}

}  // namespace

template <class T>
void add_scores(const Measure& measure, const Outcome<T>& outcome, std::vector<double>& values) {
    if (outcome.size() == 0 || outcome.has_nan()) {
        values.insert(values.end(), measure.values, nan);
        return;
    }
    switch (measure.score) {
        case Score::auc:
            return add_areas(measure, outcome, values);
        case Score::precision:
        case Score::recall:
        case Score::fbeta_score:
            return add_hits(measure, outcome, values);
        case Score::balanced_accuracy:
        case Score::matthews_correlation:
        case Score::cohen_kappa:
            return values.push_back(agreement(measure, outcome));
        case Score::r2_score:
            return values.push_back(r2(measure, outcome));
        case Score::expected_calibration_error:
            return values.push_back(calibration_error(measure, outcome));
        case Score::count:
            break;
    }
}

template void add_scores(const Measure&, const Outcome<float>&, std::vector<double>&);
template void add_scores(const Measure&, const Outcome<double>&, std::vector<double>&);

}  // namespace hl
