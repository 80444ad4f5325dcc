#include <nanobind/stl/tuple.h>

#include "../engine/dispatch.hpp"
#include "../engine/trainer.hpp"
#include "arrays.hpp"
#include "names.hpp"
#include "predict_rows.hpp"
#include "reports.hpp"

namespace {

template <class T>
hl::Objective<T> objective_of(const std::string& loss, const std::vector<hl::Schedule>& numbers,
                              bool of_logits, const std::string& reduction,
                              const std::vector<hl::Measure>& measures, const std::string& targets,
                              int outputs_per_target, const std::string& link, double weight,
                              int target_units) {
    return {.loss = hl::named<hl::Loss>(loss, hl::loss_names),
            .schedules = numbers,
            .of_logits = of_logits,
            .reduction = hl::named<hl::Reduction>(reduction, hl::reduction_names),
            .measures = measures,
            .targets = targets == "index"     ? hl::Targets::index
                       : targets == "one_hot" ? hl::Targets::one_hot
                                              : hl::Targets::values,
            .outputs_per_target = outputs_per_target,
            .link = hl::named<hl::Activation>(link, hl::activation_names),
            .weight = weight,
            .target_units = target_units};
}

template <class T>
void bind_objective(nb::module_& m, const char* name) {
    using Objective = hl::Objective<T>;
    nb::class_<Objective>(m, name, "The loss and the measures of one output.")
        .def(
            "__init__",
            [](Objective* self, const std::string& loss, const std::vector<hl::Schedule>& numbers,
               bool of_logits, const std::string& reduction,
               const std::vector<hl::Measure>& measures, const std::string& targets,
               int outputs_per_target, const std::string& link, double weight, int target_units) {
                new (self) Objective(objective_of<T>(loss, numbers, of_logits, reduction, measures,
                                                     targets, outputs_per_target, link, weight,
                                                     target_units));
            },
            nb::kw_only(), nb::arg("loss"), nb::arg("numbers"), nb::arg("of_logits"),
            nb::arg("reduction"), nb::arg("measures"), nb::arg("targets"),
            nb::arg("outputs_per_target"), nb::arg("link"), nb::arg("weight"),
            nb::arg("target_units"));
}

template <class T>
void bind_trainer(nb::module_& m, const char* name) {
    using Trainer = hl::Trainer<T>;
    nb::class_<Trainer>(m, name, "Weights, optimizer state and threads of one training.")
        .def(
            "__init__",
            [](Trainer* self, hl::Program<T>& program, const std::string& isa,
               const std::vector<hl::Objective<T>>& objectives, hl::OptimizerSettings optimizer,
               uint64_t seed, int threads, bool adaptive_threads, bool shared_penalties) {
                const size_t parameters = program.parameters().size();
                for (const auto* factors : {&optimizer.rate_factors, &optimizer.decay_factors}) {
                    if (!factors->empty() && factors->size() != parameters) {
                        throw std::invalid_argument("one factor a parameter");
                    }
                }
                new (self) Trainer(std::move(program), hl::kernels_of<T>(hl::kernels_for(isa)),
                                   objectives, std::move(optimizer), seed, threads,
                                   adaptive_threads, shared_penalties);
            },
            nb::arg("program"), nb::kw_only(), nb::arg("isa"), nb::arg("objectives"),
            nb::arg("optimizer"), nb::arg("seed"), nb::arg("threads"), nb::arg("adaptive_threads"),
            nb::arg("shared_penalties"), "The program is moved from.")
        .def("get_weights",
             [](Trainer& self) {
                 return parameters_to_python<T>(self.program(), self.parameters());
             })
        .def(
            "set_weights",
            [](Trainer& self, const std::vector<AnyArray<T>>& weights) {
                parameters_from_python<T>(self.program(), self.parameters(), weights);
            },
            nb::arg("weights"))
        .def("learning_rate", &Trainer::learning_rate, "Of the next step.")
        .def("set_schedule", &Trainer::set_schedule, nb::arg("schedule"))
        .def("looks", &Trainer::looks, "Of L-BFGS at the loss and the gradient, so far.")
        .def("threads_for", &Trainer::threads_for, nb::arg("batch_size"))
        .def(
            "fit",
            [](Trainer& self, const Matrix<T>& inputs, const Matrix<T>& targets,
               const std::optional<Line<T>>& sample_weight, int epochs, int batch_size,
               bool shuffle, const std::optional<Matrix<T>>& validation_inputs,
               const std::optional<Matrix<T>>& validation_targets,
               const std::optional<Line<T>>& validation_weight, double seconds,
               const hl::EarlyStopRule& early_stop, const hl::PlateauRule& plateau,
               nb::object on_epoch, nb::object on_progress) {
                const int features = self.program().inputs();
                const auto rows = rows_of<T>(inputs, targets, sample_weight, features);
                std::optional<hl::Rows<T>> validation;
                if (validation_inputs) {
                    validation = rows_of<T>(*validation_inputs, validation_targets,
                                            validation_weight, features);
                }
                const hl::FitSettings settings{.epochs = epochs,
                                               .batch_size = batch_size,
                                               .shuffle = shuffle,
                                               .seconds = seconds,
                                               .early_stop = early_stop,
                                               .plateau = plateau};
                PythonCalls python;
                hl::Listener listener;
                if (!on_epoch.is_none()) {
                    listener.epoch = [&](int epoch, std::span<const double> record) {
                        return answer_of(python, [&] {
                            const std::vector<double> values(record.begin(), record.end());
                            return nb::cast<bool>(on_epoch(epoch, values));
                        });
                    };
                }
                listener.progress = [&](int epoch, int step, int steps, double loss) {
                    return answer_of(python, [&] {
                        return !on_progress.is_none() &&
                               nb::cast<bool>(on_progress(epoch, step, steps, loss));
                    });
                };
                hl::Report report;
                {
                    nb::gil_scoped_release release;
                    report =
                        self.fit(rows, validation ? &*validation : nullptr, settings, listener);
                }
                return nb::make_tuple(report_to_python(report), python.raised());
            },
            nb::arg("inputs"), nb::arg("targets"), nb::arg("sample_weight").none(), nb::kw_only(),
            nb::arg("epochs"), nb::arg("batch_size"), nb::arg("shuffle"),
            nb::arg("validation_inputs").none(), nb::arg("validation_targets").none(),
            nb::arg("validation_weight").none(), nb::arg("seconds"), nb::arg("early_stop"),
            nb::arg("plateau"), nb::arg("on_epoch").none(), nb::arg("on_progress").none(),
            "The report, and the exception that a callable or Ctrl-C raised (or None).")
        .def(
            "evaluate",
            [](Trainer& self, const Matrix<T>& inputs, const Matrix<T>& targets,
               const std::optional<Line<T>>& sample_weight) {
                const auto rows =
                    rows_of<T>(inputs, targets, sample_weight, self.program().inputs());
                PythonCalls python;
                std::vector<double> means;
                {
                    nb::gil_scoped_release release;
                    means = self.evaluate(rows, [&] { return python.signals(); });
                }
                python.rethrow();
                return means;
            },
            nb::arg("inputs"), nb::arg("targets"), nb::arg("sample_weight").none())
        .def(
            "predict",
            [](Trainer& self, const Matrix<T>& inputs) { return predict_rows<T>(self, inputs); },
            nb::arg("inputs"));
}

}  // namespace

void bind_trainers(nb::module_& m) {
    bind_objective<float>(m, "ObjectiveFloat32");
    bind_objective<double>(m, "ObjectiveFloat64");
    bind_trainer<float>(m, "TrainerFloat32");
    bind_trainer<double>(m, "TrainerFloat64");
}
