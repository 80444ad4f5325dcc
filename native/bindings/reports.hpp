// What a training tells Python, and what Python answers.
#pragma once

#include "../engine/run.hpp"
#include "arrays.hpp"
#include "python_calls.hpp"

inline constexpr const char* ending_names[] = {
    "finished",    "converged",   "stopped_early", "stopped",
    "out_of_time", "interrupted", "diverged",      "untrained",
};
static_assert(std::size(ending_names) == static_cast<size_t>(hl::Ending::count));

inline const char* status_of(const hl::Report& report) {
    return ending_names[static_cast<int>(report.ending)];
}

inline nb::dict report_to_python(const hl::Report& report) {
    nb::dict d;
    d["status"] = status_of(report);
    const NumPy<double> records =
        new_array<double>({report.records.size(), report.records.width()});
    std::copy_n(report.records.data(), report.records.size() * report.records.width(),
                records.data());
    d["records"] = records;
    d["best_epoch"] = report.best_epoch;
    d["bad_epoch"] = report.bad_epoch;
    d["bad_step"] = report.bad_step;
    d["bad_loss"] = report.bad_loss;
    d["bad_value"] = report.bad_value;
    d["steps"] = report.steps;
    d["seconds"] = report.seconds;
    return d;
}

// A callable's answer: true means stop.
inline hl::Answer answer_of(PythonCalls& python, const auto& call) {
    bool stop = false;
    if (!python([&] { stop = call(); })) return hl::Answer::interrupt;
    return stop ? hl::Answer::stop : hl::Answer::go_on;
}
