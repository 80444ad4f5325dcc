#include "../engine/dispatch.hpp"
#include "../engine/predictor.hpp"
#include "arrays.hpp"
#include "predict_rows.hpp"

template <class T>
static void bind_predictor(nb::module_& m, const char* name) {
    using Predictor = hl::Predictor<T>;
    nb::class_<Predictor>(m, name, "A program and its weights.")
        .def(
            "__init__",
            [](Predictor* self, hl::Program<T>& program, const std::string& isa, int threads,
               const std::vector<AnyArray<T>>& weights) {
                new (self)
                    Predictor(std::move(program), hl::kernels_of<T>(hl::kernels_for(isa)), threads);
                try {
                    parameters_from_python<T>(self->program(), self->parameters(), weights);
                } catch (...) {
                    self->~Predictor();
                    throw;
                }
            },
            nb::arg("program"), nb::arg("isa"), nb::arg("threads"), nb::arg("weights"),
            "The program is moved from.")
        .def(
            "predict",
            [](Predictor& self, const Matrix<T>& inputs) { return predict_rows<T>(self, inputs); },
            nb::arg("inputs"));
}

void bind_predictors(nb::module_& m) {
    bind_predictor<float>(m, "PredictorFloat32");
    bind_predictor<double>(m, "PredictorFloat64");
}
