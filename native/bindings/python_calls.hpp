// Python called from a running core: with the GIL, and with no exception passing through threads
// that wait for each other. What was raised is kept and handed over when the run has ended.
#pragma once

#include <nanobind/nanobind.h>

#include <chrono>
#include <optional>

namespace nb = nanobind;

class PythonCalls {
  public:
    // Runs `call` with the GIL; false when it, or a pending signal such as Ctrl-C, raised.
    template <class Call>
    bool operator()(Call&& call) noexcept {
        nb::gil_scoped_acquire gil;
        try {
            if (PyErr_CheckSignals() != 0) nb::raise_python_error();
            call();
            return true;
        } catch (nb::python_error& error) {
            raised_ = nb::borrow(error.value());
        } catch (const std::exception& error) {
            raised_ = nb::steal(PyObject_CallFunction(PyExc_RuntimeError, "s", error.what()));
        }
        return false;
    }

    // At most 20 times a second: looks for signals only.
    bool signals() noexcept {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < std::chrono::milliseconds(50)) return true;
        last_ = now;
        return (*this)([] {});
    }

    // With the GIL: the exception that was raised, or None.
    nb::object raised() const { return raised_.is_valid() ? raised_ : nb::none(); }
    void rethrow() const {
        if (!raised_.is_valid()) return;
        PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(raised_.ptr())), raised_.ptr());
        nb::raise_python_error();
    }

  private:
    nb::object raised_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};
