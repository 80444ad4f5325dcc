#include "../engine/measure.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "names.hpp"

namespace nb = nanobind;

namespace hl {

static constexpr const char* average_names[] = {"one", "micro", "macro", "weighted", "none"};

}  // namespace hl

void bind_measures(nb::module_& m) {
    nb::class_<hl::Measure>(m, "Measure", "A mean over rows, or a score of all of them.")
        .def(
            "__init__",
            [](hl::Measure* self, const std::string& name, bool of_rows, bool weighted,
               double parameter, const std::vector<double>& thresholds, int top_k,
               const std::string& average, int class_id, double beta, bool precision_recall,
               bool one_against_one, int power, bool by_variance, int num_regressors, int bins,
               int output, int values) {
                hl::Measure measure{
                    .of_rows = of_rows, .weighted = weighted, .output = output, .values = values};
                if (of_rows) {
                    measure.metric = hl::named<hl::Metric>(name, hl::metric_names);
                    measure.parameter = parameter;
                } else {
                    measure.score = hl::named<hl::Score>(name, hl::score_names);
                    measure.settings = {
                        .thresholds = thresholds,
                        .top_k = top_k,
                        .average = hl::named<hl::Average>(average, hl::average_names),
                        .class_id = class_id,
                        .beta = beta,
                        .precision_recall = precision_recall,
                        .one_against_one = one_against_one,
                        .power = power,
                        .by_variance = by_variance,
                        .num_regressors = num_regressors,
                        .bins = bins};
                }
                new (self) hl::Measure(measure);
            },
            nb::arg("name"), nb::kw_only(), nb::arg("of_rows"), nb::arg("weighted"),
            nb::arg("parameter") = 0.0, nb::arg("thresholds") = std::vector<double>(),
            nb::arg("top_k") = 0, nb::arg("average") = "one", nb::arg("class_id") = 0,
            nb::arg("beta") = 1.0, nb::arg("precision_recall") = false,
            nb::arg("one_against_one") = false, nb::arg("power") = 0,
            nb::arg("by_variance") = false, nb::arg("num_regressors") = 0, nb::arg("bins") = 1,
            nb::arg("output") = 0, nb::arg("values") = 1);
}
