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
            [](Program& self, int at, int units, const std::string& activation, double parameter,
               bool use_bias, double l2) {
                return self.dense(at, units,
                                  hl::named<hl::Activation>(activation, hl::activation_names),
                                  static_cast<T>(parameter), use_bias, static_cast<T>(l2));
            },
            nb::arg("at"), nb::arg("units"), nb::arg("activation"), nb::arg("parameter"),
            nb::arg("use_bias"), nb::arg("l2"))
        .def(
            "activation",
            [](Program& self, int at, const std::string& activation, double parameter) {
                return self.activation(at,
                                       hl::named<hl::Activation>(activation, hl::activation_names),
                                       static_cast<T>(parameter));
            },
            nb::arg("at"), nb::arg("activation"), nb::arg("parameter"))
        .def("dropout", &Program::dropout, nb::arg("at"), nb::arg("rate"))
        .def("finish", &Program::finish, nb::arg("from_z"));
}

void bind_programs(nb::module_& m) {
    bind_program<float>(m, "ProgramFloat32");
    bind_program<double>(m, "ProgramFloat64");
}
