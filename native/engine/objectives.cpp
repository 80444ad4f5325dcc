#include "objectives.hpp"

#include <stdexcept>

namespace hl {

template <class T>
Objectives<T>::Objectives(const Program<T>& program, std::vector<Objective<T>> parts)
    : program_(program), parts_(std::move(parts)) {
    if (parts_.size() != program.ends().size()) {
        throw std::invalid_argument("one objective for each output");
    }
    int target = 0;
    for (size_t i = 0; i < parts_.size(); ++i) {
        Objective<T>& part = parts_[i];
        part.first_target = target;
        part.numbers_now.resize(part.schedules.size());
        part.settle({}, part.numbers_now);
        part.numbers_measured = part.numbers_now;
        for (const Schedule& one : part.schedules) {
            changes_ = changes_ || one.kind != ScheduleKind::constant;
        }
        target += part.target_units;
        // The first part's losses have their place in every arena.
        part.loss_row = i > 0 ? arena_rows_++ : -1;
        part.first_row = arena_rows_;
        arena_rows_ += part.measured_rows(program.ends()[i].output.units);
        tally_size_ += 2 + part.sums();
    }
}

template <class T>
int Objectives<T>::values() const noexcept {
    int count = parts_.size() > 1 ? 1 + static_cast<int>(parts_.size()) : 1;
    for (const Objective<T>& part : parts_) count += part.values();
    return count;
}

template <class T>
void Objectives<T>::prepare(size_t n, Kept<T>& kept) const {
    kept.resize(parts_.size());
    for (size_t i = 0; i < parts_.size(); ++i) {
        if (parts_[i].keeps_outputs()) kept[i].prepare(program_.ends()[i].output.units, n);
    }
}

template <class T>
void Objectives<T>::compare(const Compared<T>& own, bool differentiates, int first, int columns,
                            Kept<T>& kept) const noexcept {
    const bool weighted = own.rows.weights != nullptr;
    for (size_t i = 0; i < parts_.size(); ++i) {
        const Objective<T>& part = parts_[i];
        T scale = T(0);
        if (differentiates) {
            const double divisor = part.divisor(own.rows, own.index, own.start, own.batch.samples);
            scale = static_cast<T>(part.weight) / static_cast<T>(divisor > 0.0 ? divisor : 1.0);
        }
        const End& end = program_.ends()[i];
        part.losses(program_, end, own.batch, own.arena, weighted, scale, first, columns);
        part.measure(end, own.batch, own.arena, weighted, first, columns, kept[i], own.start);
    }
}

template <class T>
void Objectives<T>::settle(const Moment& now) noexcept {
    if (!changes_) return;
    for (Objective<T>& part : parts_) part.settle(now, part.numbers_now);
}

template <class T>
double Objectives<T>::add(const Compared<T>& own, Tally tally) const noexcept {
    const bool weighted = own.rows.weights != nullptr;
    double whole = 0.0;
    for (const Objective<T>& part : parts_) {
        const double sum = own.batch.kernels.sum(own.batch.samples, part.loss_values(own.arena));
        const double divisor = part.divisor(own.rows, own.index, own.start, own.batch.samples);
        whole += part.weight * part.mean_loss(sum, divisor);
        tally[0] += sum;
        tally[1] += divisor;
        part.add_values(own.batch, own.arena, weighted, tally.subspan(2, part.sums()));
        tally = tally.subspan(2 + part.sums());
    }
    return whole;
}

template <class T>
double Objectives<T>::loss(Tally tally) const noexcept {
    double whole = 0.0;
    for (const Objective<T>& part : parts_) {
        whole += part.weight * part.mean_loss(tally[0], tally[1]);
        tally = tally.subspan(2 + part.sums());
    }
    return whole;
}

template <class T>
void Objectives<T>::conclude(const Rows<T>& rows, const uint32_t* order, Tally tally,
                             double penalty, const Kept<T>& kept,
                             std::vector<double>& record) const {
    record.assign(1, loss(tally) + penalty);
    Tally left = tally;
    for (const Objective<T>& part : parts_) {
        if (parts_.size() > 1) record.push_back(part.mean_loss(left[0], left[1]));
        left = left.subspan(2 + part.sums());
    }
    for (size_t i = 0; i < parts_.size(); ++i) {
        const Objective<T>& part = parts_[i];
        part.conclude(rows, order, program_.ends()[i].output.units, tally.subspan(2, part.sums()),
                      kept[i], record);
        tally = tally.subspan(2 + part.sums());
    }
}

template class Objectives<float>;
template class Objectives<double>;

}  // namespace hl
