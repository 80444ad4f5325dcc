#include <nanobind/nanobind.h>

void bind_kernels(nanobind::module_& m);
void bind_measures(nanobind::module_& m);
void bind_programs(nanobind::module_& m);
void bind_predictors(nanobind::module_& m);
void bind_populations(nanobind::module_& m);
void bind_settings(nanobind::module_& m);
void bind_starts(nanobind::module_& m);
void bind_trainers(nanobind::module_& m);

NB_MODULE(_core, m) {
#ifdef NDEBUG
    // Tracebacks that are alive when Python ends hold trainers, which nanobind calls leaked.
    nanobind::set_leak_warnings(false);
#endif
    m.doc() = "The compiled core. Only hiddenlogic.engine speaks to it.";
    bind_kernels(m);
    bind_measures(m);
    bind_programs(m);
    bind_predictors(m);
    bind_settings(m);
    bind_starts(m);
    bind_trainers(m);
    bind_populations(m);
}
