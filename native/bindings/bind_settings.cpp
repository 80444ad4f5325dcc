// Values that trainings are told: schedules, and rules of when to stop and to lower the rate.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "../engine/early_stop.hpp"
#include "../engine/optimizer_settings.hpp"
#include "../engine/plateau.hpp"
#include "names.hpp"

namespace nb = nanobind;

namespace {

void bind_schedule(nb::module_& m) {
    nb::class_<hl::Schedule>(m, "Schedule", "A number for each step.")
        .def(
            "__init__",
            [](hl::Schedule* self, const std::string& kind, const std::vector<double>& settings,
               bool is_open, std::vector<double> boundaries, std::vector<double> values) {
                const auto named = hl::named<hl::ScheduleKind>(kind, hl::schedule_names);
                hl::Schedule::Settings numbers{};
                if (settings.size() > numbers.size()) {
                    throw std::invalid_argument("too many settings of '" + kind + "'");
                }
                if (named == hl::ScheduleKind::piecewise_constant_decay &&
                    values.size() != boundaries.size() + 1) {
                    throw std::invalid_argument("one value more than boundaries");
                }
                std::copy(settings.begin(), settings.end(), numbers.begin());
                new (self) hl::Schedule{.kind = named,
                                        .settings = numbers,
                                        .is_open = is_open,
                                        .boundaries = std::move(boundaries),
                                        .values = std::move(values)};
            },
            nb::arg("kind"), nb::arg("settings"), nb::kw_only(), nb::arg("is_open") = false,
            nb::arg("boundaries") = std::vector<double>(),
            nb::arg("values") = std::vector<double>())
        .def(
            "value",
            [](const hl::Schedule& self, uint64_t step, uint64_t first, double steps) {
                return self.value(step, {first, steps});
            },
            nb::arg("step"), nb::arg("first") = 0, nb::arg("steps") = hl::Course{}.steps,
            "Of the update that `step` updates precede, in a fit of `steps` from `first` on.");
}

void bind_early_stop(nb::module_& m) {
    nb::class_<hl::EarlyStopRule>(m, "EarlyStopRule", "When a training ends by itself.")
        .def(
            "__init__",
            [](hl::EarlyStopRule* self, int measure, bool maximise, double min_delta, int patience,
               int start_from_epoch, double baseline, bool restore_best) {
                new (self) hl::EarlyStopRule{.measure = measure,
                                             .maximise = maximise,
                                             .min_delta = min_delta,
                                             .patience = patience,
                                             .start_from_epoch = start_from_epoch,
                                             .baseline = baseline,
                                             .restore_best = restore_best};
            },
            nb::kw_only(), nb::arg("measure"), nb::arg("maximise"), nb::arg("min_delta"),
            nb::arg("patience"), nb::arg("start_from_epoch"), nb::arg("baseline"),
            nb::arg("restore_best"));
}

void bind_plateau(nb::module_& m) {
    nb::class_<hl::PlateauRule>(m, "PlateauRule", "When a training lowers its rate.")
        .def(
            "__init__",
            [](hl::PlateauRule* self, int measure, bool maximise, double factor, int patience,
               double min_delta, int cooldown, double min_rate) {
                new (self) hl::PlateauRule{.measure = measure,
                                           .maximise = maximise,
                                           .factor = factor,
                                           .patience = patience,
                                           .min_delta = min_delta,
                                           .cooldown = cooldown,
                                           .min_rate = min_rate};
            },
            nb::kw_only(), nb::arg("measure"), nb::arg("maximise"), nb::arg("factor"),
            nb::arg("patience"), nb::arg("min_delta"), nb::arg("cooldown"), nb::arg("min_rate"));
}

void bind_optimizer(nb::module_& m) {
    nb::class_<hl::OptimizerSettings>(m, "Optimizer", "What an optimizer is told.")
        .def(
            "__init__",
            [](hl::OptimizerSettings* self, const std::string& kind,
               const hl::Schedule& learning_rate, const hl::Schedule& momentum,
               const hl::Schedule& beta_1, const hl::Schedule& beta_2,
               const hl::Schedule& weight_decay, const hl::Schedule& epsilon,
               const hl::Schedule& limit, const hl::Schedule& average_momentum, double first_square,
               bool has_momentum, bool nesterov, bool centered, bool amsgrad, int history,
               double tolerance_grad, double tolerance_change, int most_looks,
               const std::string& clipping, int accumulation, bool averages, int overwrites,
               std::vector<double> rate_factors, std::vector<double> decay_factors) {
                new (self) hl::OptimizerSettings{
                    .kind = hl::named<hl::Optimizer>(kind, hl::optimizer_names),
                    .learning_rate = learning_rate,
                    .momentum = momentum,
                    .beta_1 = beta_1,
                    .beta_2 = beta_2,
                    .weight_decay = weight_decay,
                    .epsilon = epsilon,
                    .limit = limit,
                    .average_momentum = average_momentum,
                    .first_square = first_square,
                    .has_momentum = has_momentum,
                    .nesterov = nesterov,
                    .centered = centered,
                    .amsgrad = amsgrad,
                    .history = history,
                    .tolerance_grad = tolerance_grad,
                    .tolerance_change = tolerance_change,
                    .most_looks = most_looks,
                    .clipping = hl::named<hl::Clipping>(clipping, hl::clipping_names),
                    .accumulation = accumulation,
                    .averages = averages,
                    .overwrites = overwrites,
                    .rate_factors = std::move(rate_factors),
                    .decay_factors = std::move(decay_factors)};
            },
            nb::arg("kind"), nb::kw_only(), nb::arg("learning_rate"), nb::arg("momentum"),
            nb::arg("beta_1"), nb::arg("beta_2"), nb::arg("weight_decay"), nb::arg("epsilon"),
            nb::arg("limit"), nb::arg("average_momentum"), nb::arg("first_square"),
            nb::arg("has_momentum"), nb::arg("nesterov"), nb::arg("centered"), nb::arg("amsgrad"),
            nb::arg("history"), nb::arg("tolerance_grad"), nb::arg("tolerance_change"),
            nb::arg("most_looks"), nb::arg("clipping"), nb::arg("accumulation"),
            nb::arg("averages"), nb::arg("overwrites"), nb::arg("rate_factors"),
            nb::arg("decay_factors"));
}

}  // namespace

void bind_settings(nb::module_& m) {
    bind_schedule(m);
    bind_optimizer(m);
    bind_early_stop(m);
    bind_plateau(m);
}
