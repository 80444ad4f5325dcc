#include "confusion.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <vector>

namespace hl {

namespace {

// Of a class: what is due, what is called, and what is both.
struct Tally {
    double due = 0.0, called = 0.0, both = 0.0;
    bool occurs = false;
};

// Each unit says yes above the threshold, if it is among the k largest of its row, of equals the
// first; 0: they all are.
template <class T>
std::vector<Tally> tallies_of_units(const Outcome<T>& outcome, double threshold, int k) {
    std::vector<Tally> tallies(outcome.units());
    for (Tally& tally : tallies) tally.occurs = true;
    std::vector<int> asked(outcome.units());
    std::iota(asked.begin(), asked.end(), 0);
    const bool all = k == 0 || k >= outcome.units();
    for (size_t i = 0; i < outcome.size(); ++i) {
        const double weight = outcome.weight(i);
        for (int unit = 0; unit < outcome.units(); ++unit) {
            if (outcome.is_due(unit, i)) tallies[unit].due += weight;
        }
        if (!all) {
            std::nth_element(asked.begin(), asked.begin() + k, asked.end(), [&](int a, int b) {
                const T of_a = outcome.output(a, i), of_b = outcome.output(b, i);
                return of_a != of_b ? of_a > of_b : a < b;
            });
        }
        for (int place = 0; place < (all ? outcome.units() : k); ++place) {
            const int unit = asked[place];
            if (!(outcome.output(unit, i) > threshold)) continue;
            tallies[unit].called += weight;
            if (outcome.is_due(unit, i)) tallies[unit].both += weight;
        }
    }
    return tallies;
}

template <class T>
std::vector<Tally> tallies_of_classes(const Outcome<T>& outcome, double threshold) {
    std::vector<Tally> tallies(outcome.classes());
    for (size_t i = 0; i < outcome.size(); ++i) {
        const double weight = outcome.weight(i);
        const int due = outcome.due_class(i);
        const int called = outcome.called_class(i, threshold);
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

// One value, or with Average::none that of each class.
void add_average(const Measure& measure, const std::vector<Tally>& tallies,
                 std::vector<double>& values) {
    const ScoreSettings& settings = measure.settings;
    if (settings.average == Average::none) {
        for (const Tally& tally : tallies) values.push_back(hits(measure, tally));
        return;
    }
    if (settings.average == Average::one) {
        values.push_back(hits(measure, tallies[settings.class_id]));
        return;
    }
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
    const bool together = settings.average == Average::micro;
    values.push_back(together ? hits(measure, all) : quotient(sum, weight));
}

// Rows by [due, called].
class Confusion {
  public:
    template <class T>
    Confusion(const Outcome<T>& outcome, double threshold)
        : classes_(outcome.classes()),
          counts_(static_cast<size_t>(classes_) * classes_),
          due_(classes_),
          called_(classes_) {
        for (size_t i = 0; i < outcome.size(); ++i) {
            const int called = outcome.called_class(i, threshold);
            counts_[static_cast<size_t>(outcome.due_class(i)) * classes_ + called] +=
                outcome.weight(i);
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

// The classes are those of the largest output where there is no threshold.
double first_threshold(const ScoreSettings& settings) noexcept {
    return settings.thresholds.empty() ? 0.0 : settings.thresholds.front();
}

}  // namespace

template <class T>
void add_hits(const Measure& measure, const Outcome<T>& outcome, std::vector<double>& values) {
    const ScoreSettings& settings = measure.settings;
    if (outcome.units() > 1 && settings.thresholds.empty()) {
        return add_average(measure, tallies_of_classes(outcome, 0.0), values);
    }
    for (double threshold : settings.thresholds) {
        add_average(measure,
                    outcome.units() > 1 ? tallies_of_units(outcome, threshold, settings.top_k)
                                        : tallies_of_classes(outcome, threshold),
                    values);
    }
}

template <class T>
double agreement(const Measure& measure, const Outcome<T>& outcome) {
    const Confusion confusion(outcome, first_threshold(measure.settings));
    if (measure.score == Score::balanced_accuracy) return confusion.balanced_accuracy();
    if (measure.score == Score::matthews_correlation) return confusion.matthews_correlation();
    return confusion.cohen_kappa(measure.settings.power);
}

template void add_hits(const Measure&, const Outcome<float>&, std::vector<double>&);
template void add_hits(const Measure&, const Outcome<double>&, std::vector<double>&);
template double agreement(const Measure&, const Outcome<float>&);
template double agreement(const Measure&, const Outcome<double>&);

}  // namespace hl
