// Predictions as a new NumPy array, by whatever has a program and weights.
#pragma once

#include "arrays.hpp"
#include "python_calls.hpp"

template <class T>
NumPy<T> predict_rows(auto& predicting, const Matrix<T>& inputs) {
    const auto rows = rows_of<T>(inputs, {}, {}, predicting.program().inputs());
    const size_t outputs = predicting.program().outputs();
    NumPy<T> predictions = new_array<T>({rows.n, outputs});
    PythonCalls python;
    {
        nb::gil_scoped_release release;
        predicting.predict(rows, predictions.data(), [&] { return python.signals(); });
    }
    python.rethrow();
    return predictions;
}
