#include "../engine/measure.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "names.hpp"

namespace nb = nanobind;

namespace hl {

static constexpr const char* average_names[] = {"one", "micro", "macro", "weighted"};

}  // namespace hl

void bind_measures(nb::module_& m) {
    nb::class_<hl::Measure>(m, "Measure", "A mean over rows, or a score of all of them.")
        .def(
            "__init__",
            [](hl::Measure* self, const std::string& name, bool of_rows, bool weighted,
               double parameter, double threshold, const std::string& average, int class_id,
               double beta, bool precision_recall, int power, bool by_variance, int num_regressors,
               int bins, int output) {
                hl::Measure measure{.of_rows = of_rows, .weighted = weighted, .output = output};
                if (of_rows) {
                    measure.metric = hl::named<hl::Metric>(name, hl::metric_names);
                    measure.parameter = parameter;
                } else {
                    measure.score = hl::named<hl::Score>(name, hl::score_names);
                    measure.settings = {
                        .threshold = threshold,
                        .average = hl::named<hl::Average>(average, hl::average_names),
                        .class_id = class_id,
                        .beta = beta,
                        .precision_recall = precision_recall,
                        .power = power,
                        .by_variance = by_variance,
                        .num_regressors = num_regressors,
                        .bins = bins};
                }
                new (self) hl::Measure(measure);
            },
            nb::arg("name"), nb::kw_only(), nb::arg("of_rows"), nb::arg("weighted"),
            nb::arg("parameter") = 0.0,
            nb::arg("threshold") = std::numeric_limits<double>::quiet_NaN(),
            nb::arg("average") = "one", nb::arg("class_id") = 0, nb::arg("beta") = 1.0,
            nb::arg("precision_recall") = false, nb::arg("power") = 0,
            nb::arg("by_variance") = false, nb::arg("num_regressors") = 0, nb::arg("bins") = 1,
            nb::arg("output") = 0);
}
