#include "../engine/activity_penalty_step.hpp"
#include "../engine/batch_norm_step.hpp"
#include "../engine/blend_step.hpp"
#include "../engine/dropout_step.hpp"
#include "../engine/embedding_step.hpp"
#include "../engine/feature_linear_step.hpp"
#include "../engine/gaussian_steps.hpp"
#include "../engine/member_dense_step.hpp"
#include "../engine/member_scale_step.hpp"
#include "../engine/merge_steps.hpp"
#include "../engine/per_unit_steps.hpp"
#include "../engine/piecewise_linear_step.hpp"
#include "../engine/unit_norm_step.hpp"
#include "../engine/waves_step.hpp"
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
               const std::vector<double>& parameters, bool use_bias) {
                return self.dense(at, units, hl::activation_function<T>(activation, parameters),
                                  use_bias);
            },
            nb::arg("at"), nb::arg("units"), nb::arg("activation"), nb::arg("parameters"),
            nb::arg("use_bias"))
        .def(
            "activation",
            [](Program& self, int at, const std::string& activation,
               const std::vector<double>& parameters) {
                return self.activation(at, hl::activation_function<T>(activation, parameters));
            },
            nb::arg("at"), nb::arg("activation"), nb::arg("parameters"))
        .def("dropout", &hl::add_noise<hl::DropoutStep, T>, nb::arg("at"), nb::arg("rate"),
             nb::arg("part"))
        .def("alpha_dropout", &hl::add_noise<hl::AlphaDropoutStep, T>, nb::arg("at"),
             nb::arg("rate"), nb::arg("part"))
        .def("gaussian_noise", &hl::add_noise<hl::GaussianNoiseStep, T>, nb::arg("at"),
             nb::arg("stddev"), nb::arg("part"))
        .def("gaussian_dropout", &hl::add_noise<hl::GaussianDropoutStep, T>, nb::arg("at"),
             nb::arg("rate"), nb::arg("part"))
        .def("batch_normalisation", &hl::add_batch_normalisation<T>, nb::arg("at"),
             nb::arg("momentum"), nb::arg("epsilon"), nb::arg("center"), nb::arg("scale"))
        .def("unit_normalisation", &hl::add_unit_normalisation<T>, nb::arg("at"),
             nb::arg("centres"), nb::arg("averages"), nb::arg("epsilon"), nb::arg("most"),
             nb::arg("center"), nb::arg("scale"))
        .def("scale", &hl::add_scale<T>, nb::arg("at"))
        .def("affine", &hl::add_affine<T>, nb::arg("at"), nb::arg("shift"), nb::arg("factor"),
             nb::arg("offset"))
        .def(
            "blend",
            [](Program& self, int at, const std::string& activation,
               const std::vector<double>& parameters, bool towards_activation) {
                return hl::add_blend(self, at, hl::activation_function<T>(activation, parameters),
                                     towards_activation);
            },
            nb::arg("at"), nb::arg("activation"), nb::arg("parameters"),
            nb::arg("towards_activation"))
        .def("slice", &hl::add_slice<T>, nb::arg("unit"), nb::arg("units"))
        .def(
            "merge",
            [](Program& self, const std::vector<int>& from, const std::string& how) {
                return hl::add_merge(self, from, hl::named<hl::Merge>(how, hl::merge_names));
            },
            nb::arg("at"), nb::arg("how"))
        .def("units", &Program::units, nb::arg("at"))
        .def("embedding", &hl::add_embedding<T>, nb::arg("at"), nb::arg("rows"), nb::arg("units"))
        .def("feature_linear", &hl::add_feature_linear<T>, nb::arg("at"), nb::arg("widths"),
             nb::arg("units"), nb::arg("use_bias"), nb::arg("shared"))
        .def("piecewise_linear", &hl::add_piecewise_linear<T>, nb::arg("at"), nb::arg("edges"))
        .def("waves", &hl::add_waves<T>, nb::arg("at"), nb::arg("frequencies"),
             nb::arg("has_phase"))
        .def("member_scale", &hl::add_member_scale<T>, nb::arg("at"), nb::arg("members"),
             nb::arg("use_offset"))
        .def("member_dense", &hl::add_member_dense<T>, nb::arg("at"), nb::arg("units"),
             nb::arg("use_bias"))
        .def("member_mean", &hl::add_member_mean<T>, nb::arg("at"))
        .def(
            "penalise",
            [](Program& self, int place, const hl::Schedule& l1, const hl::Schedule& l2) {
                self.penalise(place, l1, l2);
            },
            nb::arg("place"), nb::arg("l1"), nb::arg("l2"))
        .def(
            "penalise_pairs",
            [](Program& self, int place, const hl::Schedule& factor, bool of_rows) {
                self.penalise(place, hl::Orthogonality{factor, of_rows});
            },
            nb::arg("place"), nb::arg("factor"), nb::arg("of_rows"))
        .def("penalise_activity", &hl::add_activity_penalty<T>, nb::arg("at"), nb::arg("l1"),
             nb::arg("l2"))
        .def(
            "forbid_negative",
            [](Program& self, int place) {
                self.constrain(place, {.kind = hl::Constraint::Kind::non_negative});
            },
            nb::arg("place"))
        .def(
            "constrain_norms",
            [](Program& self, int place, bool of_rows, double least, double most, double rate) {
                self.constrain(place, {.kind = hl::Constraint::Kind::norm,
                                       .of_rows = of_rows,
                                       .least = least,
                                       .most = most,
                                       .rate = rate});
            },
            nb::arg("place"), nb::arg("of_rows"), nb::arg("least"), nb::arg("most"),
            nb::arg("rate"))
        .def("finish",
             nb::overload_cast<const std::vector<int>&, const std::vector<bool>&>(&Program::finish),
             nb::arg("outputs"), nb::arg("from_z"));
}

void bind_programs(nb::module_& m) {
    bind_program<float>(m, "ProgramFloat32");
    bind_program<double>(m, "ProgramFloat64");
}
