#include <nanobind/stl/pair.h>

#include "../engine/population.hpp"
#include "reports.hpp"

namespace {

using Places = nb::ndarray<const uint32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

template <class T>
hl::Rows<T> subset_of(hl::Rows<T> rows, const std::optional<Places>& places) {
    if (!places) return rows;
    if (places->size() == 0) throw std::invalid_argument("no rows");
    for (size_t i = 0; i < places->size(); ++i) {
        if (places->data()[i] >= rows.n) throw std::invalid_argument("a place beyond the table");
    }
    rows.subset = places->data();
    rows.n = places->size();
    return rows;
}

// Keeps the arrays alive that its rows point to.
template <class T>
class BoundMember final : public hl::TrainerMember<T> {
  public:
    BoundMember(hl::Trainer<T>& trainer, Matrix<T> inputs, Matrix<T> targets,
                std::optional<Line<T>> weights, std::optional<Places> rows,
                std::optional<Line<T>> validation_weights, std::optional<Places> validation,
                const hl::FitSettings& settings)
        : hl::TrainerMember<T>(
              trainer,
              subset_of(rows_of<T>(inputs, targets, weights, trainer.program().inputs()), rows),
              held_out(trainer, inputs, targets, validation_weights, validation), settings),
          inputs_(std::move(inputs)),
          targets_(std::move(targets)),
          weights_(std::move(weights)),
          validation_weights_(std::move(validation_weights)),
          rows_(std::move(rows)),
          validation_(std::move(validation)) {}

    NumPy<T> predict(const std::optional<Places>& places) {
        const hl::Program<T>& program = this->trainer().program();
        const auto rows = subset_of(rows_of<T>(inputs_, {}, {}, program.inputs()), places);
        NumPy<T> predictions = new_array<T>({rows.n, static_cast<size_t>(program.outputs())});
        PythonCalls python;
        {
            nb::gil_scoped_release release;
            this->trainer().predict(
                rows, predictions.data(), [&] { return python.signals(); }, this->kept());
        }
        python.rethrow();
        return predictions;
    }

  private:
    static std::optional<hl::Rows<T>> held_out(hl::Trainer<T>& trainer, const Matrix<T>& inputs,
                                               const Matrix<T>& targets,
                                               const std::optional<Line<T>>& weights,
                                               const std::optional<Places>& places) {
        if (!places) return {};
        return subset_of(rows_of<T>(inputs, targets, weights, trainer.program().inputs()), places);
    }

    Matrix<T> inputs_;
    Matrix<T> targets_;
    std::optional<Line<T>> weights_;
    std::optional<Line<T>> validation_weights_;
    std::optional<Places> rows_;
    std::optional<Places> validation_;
};

template <class T>
void bind_member(nb::module_& m, const char* name) {
    using Member = BoundMember<T>;
    nb::class_<Member, hl::Member>(m, name, "A network of a population.")
        .def(
            "__init__",
            [](Member* self, hl::Trainer<T>& trainer, Matrix<T> inputs, Matrix<T> targets,
               std::optional<Line<T>> weights, std::optional<Places> rows,
               std::optional<Line<T>> validation_weights, std::optional<Places> validation_rows,
               int batch_size, bool shuffle, const hl::EarlyStopRule& early_stop,
               const hl::PlateauRule& plateau) {
                new (self) Member(trainer, std::move(inputs), std::move(targets),
                                  std::move(weights), std::move(rows),
                                  std::move(validation_weights), std::move(validation_rows),
                                  {.batch_size = batch_size,
                                   .shuffle = shuffle,
                                   .early_stop = early_stop,
                                   .plateau = plateau});
            },
            nb::keep_alive<1, 2>(), nb::arg("trainer"), nb::kw_only(), nb::arg("inputs"),
            nb::arg("targets"), nb::arg("weights").none(), nb::arg("rows").none(),
            nb::arg("validation_weights").none(), nb::arg("validation_rows").none(),
            nb::arg("batch_size"), nb::arg("shuffle"), nb::arg("early_stop"), nb::arg("plateau"))
        .def("get_weights",
             [](Member& self) {
                 return parameters_to_python<T>(self.trainer().program(), self.kept());
             })
        .def("best_weights",
             [](Member& self) {
                 const std::span<const T> best = self.trainer().best();
                 if (best.empty()) throw std::invalid_argument("no epoch was judged");
                 return parameters_to_python<T>(self.trainer().program(), best);
             })
        .def("predict", &Member::predict, nb::arg("rows").none());
}

}  // namespace

void bind_populations(nb::module_& m) {
    nb::class_<hl::Member>(m, "Member")
        .def("report", [](const hl::Member& self) { return report_to_python(self.report()); })
        .def("status", [](const hl::Member& self) { return status_of(self.report()); })
        .def("epochs_done", [](const hl::Member& self) { return self.report().records.size(); });
    bind_member<float>(m, "MemberFloat32");
    bind_member<double>(m, "MemberFloat64");
    m.def(
        "train_many",
        [](const std::vector<std::pair<hl::Member*, int>>& members, int threads, double seconds,
           nb::object on_progress) {
            std::vector<hl::Job> jobs;
            for (const auto& [member, epochs] : members) jobs.push_back({member, epochs});
            PythonCalls python;
            hl::Population population(jobs, seconds, [&](const hl::Standing& standing) {
                return answer_of(python, [&] {
                    return !on_progress.is_none() &&
                           nb::cast<bool>(on_progress(standing.members_done, standing.epochs_done,
                                                      standing.epochs, standing.best_job,
                                                      standing.best));
                });
            });
            {
                nb::gil_scoped_release release;
                population.run(threads);
            }
            return python.raised();
        },
        nb::arg("members"), nb::kw_only(), nb::arg("threads"), nb::arg("seconds"),
        nb::arg("on_progress").none(),
        "Of (member, epochs). The exception that a callable or Ctrl-C raised, or None.");
}
