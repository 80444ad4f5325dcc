#include "arrays.hpp"
#include "names.hpp"

template <class T>
static void bind_program(nb::module_& m, const char* name) {
    using Program = hl::Program<T>;
    nb::class_<Program>(m, name, "A network lowered to steps; each method returns its buffer.")
        .def(nb::init<>())
        .def("input", &Program::input, nb::arg("units"))
        .def(
            "dense",
            [](Program& self, int at, int units, const std::string& activation,
               const std::vector<double>& parameters, bool use_bias, double l2) {
                return self.dense(at, units, hl::activation_function<T>(activation, parameters),
                                  use_bias, static_cast<T>(l2));
            },
            nb::arg("at"), nb::arg("units"), nb::arg("activation"), nb::arg("parameters"),
            nb::arg("use_bias"), nb::arg("l2"))
        .def(
            "activation",
            [](Program& self, int at, const std::string& activation,
               const std::vector<double>& parameters) {
                return self.activation(at, hl::activation_function<T>(activation, parameters));
            },
            nb::arg("at"), nb::arg("activation"), nb::arg("parameters"))
        .def("dropout", &Program::dropout, nb::arg("at"), nb::arg("rate"))
        .def("finish", &Program::finish, nb::arg("from_z"));
}

void bind_programs(nb::module_& m) {
    bind_program<float>(m, "ProgramFloat32");
    bind_program<double>(m, "ProgramFloat64");
}
