// How far to go along a direction of descent: a strong-Wolfe search (Nocedal and Wright 2006,
// algorithms 3.5 and 3.6), asked for one look at a time, by whoever can compute what is there.
#pragma once

#include <algorithm>
#include <cmath>

namespace hl {

class LineSearch {
  public:
    // A point of the line; its value, and the slope along the line.
    struct Point {
        double at, value, slope;
    };

    // From a point at 0 with a slope below 0. `resolution`: values closer than this may be equal;
    // `narrowest`: of an interval that is worth another look; `most` looks.
    LineSearch(const Point& start, double first, double resolution, double narrowest, int most)
        : start_(start),
          before_(start),
          low_(start),
          at_(first),
          resolution_(resolution),
          narrowest_(narrowest),
          most_(most) {}

    double at() const noexcept { return at_; }

    // Takes what is there. True: that was the last look, and `found` is the answer.
    bool look(double value, double slope) noexcept {
        const Point here{at_, value, slope};
        ++looks_;
        const bool lower = descends(here);
        if (lower && std::fabs(slope) <= -curvature * start_.slope) {
            low_ = here;
            return true;
        }
        if (!bracketed_) {
            search(here, lower);
        } else if (!lower || !(value < low_.value)) {
            high_ = here;
        } else {
            if (slope * (high_.at - low_.at) >= 0.0) high_ = low_;
            low_ = here;
        }
        const bool narrow = bracketed_ && std::fabs(high_.at - low_.at) <= narrowest_;
        if (looks_ >= most_ || narrow) return true;
        at_ = next();
        return false;
    }

    // The best point; the start if nothing was better.
    const Point& found() const noexcept { return low_; }

  private:
    // Those of section 3.1 for quasi-Newton directions.
    static constexpr double descent = 1e-4, curvature = 0.9;

    // Armijo's condition; where rounding hides the descent, that of the slopes, which is the same
    // for a parabola (Hager and Zhang 2005, doi:10.1137/030601880, equation 4.1).
    bool descends(const Point& here) const noexcept {
        if (here.value <= start_.value + descent * here.at * start_.slope) return true;
        return here.value <= start_.value + resolution_ &&
               here.slope <= (2.0 * descent - 1.0) * start_.slope;
    }

    // Algorithm 3.5: on until an interval holds a point that will do.
    void search(const Point& here, bool lower) noexcept {
        if (!lower || (looks_ > 1 && !(here.value < before_.value))) {
            low_ = before_;
            high_ = here;
            bracketed_ = true;
        } else if (here.slope >= 0.0) {
            low_ = here;
            high_ = before_;
            bracketed_ = true;
        } else {
            high_ = before_;  // of the parabola that says how far to go on
            before_ = low_ = here;
        }
    }

    // Inside the interval, not near its ends; or beyond the last point, up to ten times as far.
    double next() const noexcept {
        const double width = high_.at - low_.at;
        const double guess = minimiser(low_, high_);
        if (!bracketed_) {
            const double nearest = low_.at + 0.1 * std::fabs(width), farthest = 10.0 * low_.at;
            return guess > nearest ? std::min(guess, farthest) : farthest;
        }
        const double left = low_.at + 0.1 * width, right = low_.at + 0.9 * width;
        const bool inside = (guess - left) * (guess - right) <= 0.0;
        return inside ? guess : 0.5 * (low_.at + high_.at);
    }

    // Of the cubic through values and slopes of both (equation 3.59); NaN: it has none.
    static double minimiser(const Point& a, const Point& b) noexcept {
        const double d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.at - b.at);
        const double root = std::sqrt(d1 * d1 - a.slope * b.slope);
        const double d2 = b.at > a.at ? root : -root;
        return b.at - (b.at - a.at) * (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
    }

    Point start_;
    Point before_;  // the last look while there is no interval
    Point low_;     // the better end of the interval
    Point high_ = start_;
    double at_;
    double resolution_;
    double narrowest_;
    int most_;
    int looks_ = 0;
    bool bracketed_ = false;
};

}  // namespace hl
