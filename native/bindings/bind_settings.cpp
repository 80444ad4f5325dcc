// Values that trainings are told: schedules of the learning rate, rules of the early stop.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "../engine/early_stop.hpp"
#include "../engine/schedule.hpp"
#include "names.hpp"

namespace nb = nanobind;

namespace {

void bind_schedule(nb::module_& m) {
    nb::class_<hl::Schedule>(m, "Schedule", "A learning rate for each step.")
        .def(
            "__init__",
            [](hl::Schedule* self, const std::string& kind, double learning_rate,
               double initial_learning_rate, double decay_steps, double decay_rate, double alpha,
               double end_learning_rate, double power, bool staircase, bool cycle,
               std::optional<double> warmup_target, double warmup_steps,
               std::vector<double> boundaries, std::vector<double> values) {
                const auto named = hl::named<hl::ScheduleKind>(kind, hl::schedule_names);
                if (named == hl::ScheduleKind::piecewise_constant_decay &&
                    values.size() != boundaries.size() + 1) {
                    throw std::invalid_argument("one value more than boundaries");
                }
                const bool constant = named == hl::ScheduleKind::constant;
                new (self) hl::Schedule{
                    .kind = named,
                    .initial_learning_rate = constant ? learning_rate : initial_learning_rate,
                    .decay_steps = decay_steps,
                    .decay_rate = decay_rate,
                    .alpha = alpha,
                    .end_learning_rate = end_learning_rate,
                    .power = power,
                    .staircase = staircase,
                    .cycle = cycle,
                    .warmup_target = warmup_target,
                    .warmup_steps = warmup_steps,
                    .boundaries = std::move(boundaries),
                    .values = std::move(values)};
            },
            nb::arg("kind"), nb::kw_only(), nb::arg("learning_rate") = 0.0,
            nb::arg("initial_learning_rate") = 0.0, nb::arg("decay_steps") = 0.0,
            nb::arg("decay_rate") = 0.0, nb::arg("alpha") = 0.0, nb::arg("end_learning_rate") = 0.0,
            nb::arg("power") = 0.0, nb::arg("staircase") = false, nb::arg("cycle") = false,
            nb::arg("warmup_target") = nb::none(), nb::arg("warmup_steps") = 0.0,
            nb::arg("boundaries") = std::vector<double>(),
            nb::arg("values") = std::vector<double>())
        .def("rate", &hl::Schedule::rate, nb::arg("step"));
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

}  // namespace

void bind_settings(nb::module_& m) {
    bind_schedule(m);
    bind_early_stop(m);
}
