// One network of a population: a trainer, its rows of the shared table, and how far it has come.
#pragma once

#include <optional>

#include "trainer.hpp"

namespace hl {

class Member {
  public:
    virtual ~Member() = default;

    // Trains some epochs more; what comes of it is added to the report.
    virtual void advance(int epochs, double seconds, const Listener& listener) = 0;
    // How long an epoch takes, in multiply-adds; for the order in which members are taken.
    virtual double operations_per_epoch() const noexcept = 0;
    // Place in a record of the loss to compare members by: that of the validation rows, if any.
    virtual int compared() const noexcept = 0;

    // Of all calls together. Not to be read while the member is trained.
    const Report& report() const noexcept { return report_; }
    void not_reached(Ending ending) noexcept { report_.ending = ending; }

  protected:
    Report report_{.ending = Ending::untrained};
};

// The trainer and what the rows point to outlive it.
template <class T>
class TrainerMember : public Member {
  public:
    TrainerMember(Trainer<T>& trainer, const Rows<T>& rows,
                  const std::optional<Rows<T>>& validation, const FitSettings& settings)
        : trainer_(trainer),
          rows_(rows),
          validation_(validation),
          settings_(settings),
          early_(settings.early_stop),
          plateau_(settings.plateau) {}

    void advance(int epochs, double seconds, const Listener& listener) override {
        settings_.epochs = epochs;
        settings_.seconds = seconds;
        Report now =
            trainer_.advance(rows_, validation_ ? &*validation_ : nullptr, settings_, listener,
                             early_, plateau_, static_cast<int>(report_.records.size()));
        report_.records.add(now.records);
        now.records = std::move(report_.records);
        now.steps += report_.steps;
        now.seconds += report_.seconds;
        report_ = std::move(now);
    }

    double operations_per_epoch() const noexcept override {
        // A step has a cost of its own, of about a microsecond.
        constexpr double operations_of_a_step = 2e4;
        const double rows = static_cast<double>(rows_.n);
        return rows * trainer_.program().operations_per_sample() +
               rows / settings_.batch_size * operations_of_a_step;
    }

    int compared() const noexcept override { return validation_ ? trainer_.measures() : 0; }

    // What `Trainer::fit` would leave: the best epoch's where the early stop restores them.
    std::span<const T> kept() const noexcept {
        return early_.restores() ? trainer_.best() : trainer_.final_parameters();
    }
    Trainer<T>& trainer() const noexcept { return trainer_; }

  private:
    Trainer<T>& trainer_;
    Rows<T> rows_;
    std::optional<Rows<T>> validation_;
    FitSettings settings_;
    EarlyStop early_;
    Plateau plateau_;
};

}  // namespace hl
