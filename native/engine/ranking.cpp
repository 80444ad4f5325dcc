#include "ranking.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace hl {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template <class T>
struct Ranked {
    T output;
    size_t place;  // in the order in which they came
    double weight;
    bool due;
};

// The outputs that are ranked together.
template <class T>
class Ranking {
  public:
    Ranking(const Outcome<T>& outcome, size_t size) : outcome_(outcome) { ranked_.reserve(size); }

    void add(int unit, size_t row, bool due) {
        ranked_.push_back({outcome_.output(unit, row), ranked_.size(), outcome_.weight(row), due});
    }
    // Of all rows.
    void add(int unit) {
        for (size_t row = 0; row < outcome_.size(); ++row) {
            add(unit, row, outcome_.is_due(unit, row));
        }
    }
    // The largest output first; of equals in the order in which they came, so that sums of weights
    // have one order on every machine.
    const std::vector<Ranked<T>>& sorted() {
        std::sort(ranked_.begin(), ranked_.end(), [](const Ranked<T>& a, const Ranked<T>& b) {
            return a.output != b.output ? a.output > b.output : a.place < b.place;
        });
        return ranked_;
    }

  private:
    const Outcome<T>& outcome_;
    std::vector<Ranked<T>> ranked_;
};

class Curve {
  public:
    template <class T>
    explicit Curve(Ranking<T> ranking) {
        const std::vector<Ranked<T>>& ranked = ranking.sorted();
        for (size_t i = 0; i < ranked.size();) {
            double due = 0.0, rest = 0.0;
            const T output = ranked[i].output;
            for (; i < ranked.size() && ranked[i].output == output; ++i) {
                (ranked[i].due ? due : rest) += ranked[i].weight;
            }
            trapezoids_ += rest * (due_ + 0.5 * due);
            due_ += due;
            rest_ += rest;
            if (due > 0.0) steps_ += due * (due_ / (due_ + rest_));
        }
    }

    double due() const noexcept { return due_; }
    double all() const noexcept { return due_ + rest_; }
    double roc() const noexcept {
        if (due_ == 0.0 || rest_ == 0.0) return nan;
        return trapezoids_ / (due_ * rest_);
    }
    double average_precision() const noexcept { return due_ == 0.0 ? 0.0 : steps_ / due_; }

  private:
    double trapezoids_ = 0.0, steps_ = 0.0, due_ = 0.0, rest_ = 0.0;
};

// Hand and Till (2001), equation 7: the mean over pairs of classes that occur of how well each of
// the two outputs tells the rows of both apart; or that mean weighted by these rows.
template <class T>
double one_against_one(const Outcome<T>& outcome, bool weighted) {
    std::vector<std::vector<size_t>> rows(outcome.classes());
    for (size_t i = 0; i < outcome.size(); ++i) rows[outcome.due_class(i)].push_back(i);
    const auto curve = [&](int unit, int other) {
        Ranking<T> ranking(outcome, rows[unit].size() + rows[other].size());
        for (size_t row : rows[unit]) ranking.add(unit, row, true);
        for (size_t row : rows[other]) ranking.add(unit, row, false);
        return Curve(std::move(ranking));
    };
    double sum = 0.0, weight = 0.0;
    for (int a = 0; a < outcome.classes(); ++a) {
        for (int b = a + 1; b < outcome.classes(); ++b) {
            if (rows[a].empty() || rows[b].empty()) continue;
            const Curve of_a = curve(a, b), of_b = curve(b, a);
            const double own = weighted ? of_a.all() : 1.0;
            sum += own * (0.5 * (of_a.roc() + of_b.roc()));
            weight += own;
        }
    }
    return weight == 0.0 ? nan : sum / weight;
}

}  // namespace

template <class T>
void add_areas(const Measure& measure, const Outcome<T>& outcome, std::vector<double>& values) {
    const ScoreSettings& settings = measure.settings;
    const bool weighted = settings.average == Average::weighted;
    const auto under = [&](const Curve& curve) {
        return settings.precision_recall ? curve.average_precision() : curve.roc();
    };
    if (settings.average == Average::micro || outcome.units() == 1) {
        Ranking<T> all(outcome, outcome.size() * outcome.units());
        for (int unit = 0; unit < outcome.units(); ++unit) all.add(unit);
        return values.push_back(under(Curve(std::move(all))));
    }
    if (settings.one_against_one) return values.push_back(one_against_one(outcome, weighted));
    double sum = 0.0, weight = 0.0;
    for (int unit = 0; unit < outcome.units(); ++unit) {
        Ranking<T> ranking(outcome, outcome.size());
        ranking.add(unit);
        const Curve curve(std::move(ranking));
        if (settings.average == Average::none) {
            values.push_back(under(curve));
            continue;
        }
        const double own = weighted ? curve.due() : 1.0;
        // Where nothing is due, an area may be NaN.
        if (own > 0.0) sum += own * under(curve);
        weight += own;
    }
    if (settings.average == Average::none) return;
    values.push_back(weight == 0.0 ? 0.0 : sum / weight);
}

template void add_areas(const Measure&, const Outcome<float>&, std::vector<double>&);
template void add_areas(const Measure&, const Outcome<double>&, std::vector<double>&);

}  // namespace hl
