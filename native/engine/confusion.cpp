#include "confusion.hpp"

#include <cmath>
#include <cstdlib>
#include <vector>

namespace hl {

namespace {

// Of a class: what is due, what is called, and what is both.
struct Tally {
    double due = 0.0, called = 0.0, both = 0.0;
    bool occurs = false;
};

// Each unit says yes above the threshold.
template <class T>
std::vector<Tally> tallies_of_units(const Measure& measure, const Outcome<T>& outcome) {
    std::vector<Tally> tallies(outcome.units());
    for (int unit = 0; unit < outcome.units(); ++unit) {
        Tally& tally = tallies[unit];
        tally.occurs = true;
        for (size_t i = 0; i < outcome.size(); ++i) {
            const double weight = outcome.weight(i, measure.weighted);
            const bool due = outcome.is_due(unit, i);
            const bool called = outcome.outputs(unit)[i] > measure.settings.threshold;
            if (due) tally.due += weight;
            if (called) tally.called += weight;
            if (due && called) tally.both += weight;
        }
    }
    return tallies;
}

template <class T>
std::vector<Tally> tallies_of_classes(const Measure& measure, const Outcome<T>& outcome) {
    std::vector<Tally> tallies(outcome.classes());
    for (size_t i = 0; i < outcome.size(); ++i) {
        const double weight = outcome.weight(i, measure.weighted);
        const int due = outcome.due_class(i);
        const int called = outcome.called_class(i, measure.settings.threshold);
        tallies[due].due += weight;
        tallies[called].called += weight;
        if (due == called) tallies[due].both += weight;
        tallies[due].occurs = tallies[called].occurs = true;
    }
    return tallies;
}

double quotient(double part, double whole) noexcept {
    return whole == 0.0 ? 0.0 : part / whole;
}

double hits(const Measure& measure, const Tally& tally) noexcept {
    if (measure.score == Score::precision) return quotient(tally.both, tally.called);
    if (measure.score == Score::recall) return quotient(tally.both, tally.due);
    const double square = measure.settings.beta * measure.settings.beta;
    return quotient((1.0 + square) * tally.both, square * tally.due + tally.called);
}

// Rows by [due, called].
class Confusion {
  public:
    template <class T>
    Confusion(const Measure& measure, const Outcome<T>& outcome)
        : classes_(outcome.classes()),
          counts_(static_cast<size_t>(classes_) * classes_),
          due_(classes_),
          called_(classes_) {
        for (size_t i = 0; i < outcome.size(); ++i) {
            const int called = outcome.called_class(i, measure.settings.threshold);
            counts_[static_cast<size_t>(outcome.due_class(i)) * classes_ + called] +=
                outcome.weight(i, measure.weighted);
        }
        for (int i = 0; i < classes_; ++i) {
            for (int j = 0; j < classes_; ++j) {
                due_[i] += at(i, j);
                called_[j] += at(i, j);
            }
        }
    }

    double balanced_accuracy() const noexcept {
        double sum = 0.0;
        int occurring = 0;
        for (int i = 0; i < classes_; ++i) {
            if (due_[i] == 0.0) continue;
            sum += at(i, i) / due_[i];
            ++occurring;
        }
        return sum / occurring;
    }

    double matthews_correlation() const noexcept {
        double all = 0.0, right = 0.0, crossed = 0.0, due = 0.0, called = 0.0;
        for (int i = 0; i < classes_; ++i) {
            all += called_[i];
            right += at(i, i);
            crossed += due_[i] * called_[i];
            due += due_[i] * due_[i];
            called += called_[i] * called_[i];
        }
        const double varied = (all * all - called) * (all * all - due);
        return quotient(right * all - crossed, std::sqrt(varied));
    }

    double cohen_kappa(int power) const noexcept {
        double all = 0.0, apart = 0.0, by_chance = 0.0;
        for (int i = 0; i < classes_; ++i) all += called_[i];
        for (int i = 0; i < classes_; ++i) {
            for (int j = 0; j < classes_; ++j) {
                const double distance = std::abs(i - j);
                const double weight = power == 2   ? distance * distance
                                      : power == 1 ? distance
                                                   : (i == j ? 0.0 : 1.0);
                apart += weight * at(i, j);
                by_chance += weight * (due_[i] * called_[j] / all);
            }
        }
        if (by_chance == 0.0) return std::numeric_limits<double>::quiet_NaN();
        return 1.0 - apart / by_chance;
    }

  private:
    double at(int due, int called) const noexcept {
        return counts_[static_cast<size_t>(due) * classes_ + called];
    }

    int classes_;
    std::vector<double> counts_, due_, called_;
};

}  // namespace

template <class T>
double share_of_hits(const Measure& measure, const Outcome<T>& outcome) {
    const ScoreSettings& settings = measure.settings;
    const bool by_units = outcome.units() > 1 && !std::isnan(settings.threshold);
    const std::vector<Tally> tallies =
        by_units ? tallies_of_units(measure, outcome) : tallies_of_classes(measure, outcome);
    if (settings.average == Average::one) return hits(measure, tallies[settings.class_id]);
    Tally all;
    double sum = 0.0, weight = 0.0;
    for (const Tally& tally : tallies) {
        if (!tally.occurs) continue;
        all.due += tally.due;
        all.called += tally.called;
        all.both += tally.both;
        const double own = settings.average == Average::weighted ? tally.due : 1.0;
        sum += own * hits(measure, tally);
        weight += own;
    }
    return settings.average == Average::micro ? hits(measure, all) : quotient(sum, weight);
}

template <class T>
double agreement(const Measure& measure, const Outcome<T>& outcome) {
    const Confusion confusion(measure, outcome);
    if (measure.score == Score::balanced_accuracy) return confusion.balanced_accuracy();
    if (measure.score == Score::matthews_correlation) return confusion.matthews_correlation();
    return confusion.cohen_kappa(measure.settings.power);
}

template double share_of_hits(const Measure&, const Outcome<float>&);
template double share_of_hits(const Measure&, const Outcome<double>&);
template double agreement(const Measure&, const Outcome<float>&);
template double agreement(const Measure&, const Outcome<double>&);

}  // namespace hl
