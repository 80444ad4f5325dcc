// NumPy arrays on their way into and out of the core.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../engine/program.hpp"
#include "../engine/rows.hpp"

namespace nb = nanobind;

template <class T>
using Matrix = nb::ndarray<const T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
template <class T>
using Line = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class T>
using AnyArray = nb::ndarray<const T, nb::c_contig, nb::device::cpu>;
template <class T>
using NumPy = nb::ndarray<nb::numpy, T>;

// A new, uninitialised array that Python owns.
template <class T>
NumPy<T> new_array(std::vector<size_t> shape) {
    size_t size = 1;
    for (size_t n : shape) size *= n;
    T* data = new T[size];
    nb::capsule owner(data, [](void* p) noexcept { delete[] static_cast<T*>(p); });
    return NumPy<T>(data, shape.size(), shape.data(), owner);
}

template <class T>
hl::Rows<T> rows_of(const Matrix<T>& inputs, const std::optional<Matrix<T>>& targets,
                    const std::optional<Line<T>>& weights, int features) {
    const size_t n = inputs.shape(0);
    if (n == 0) throw std::invalid_argument("no rows");
    if (n > UINT32_MAX) throw std::invalid_argument("more than 2^32 − 1 rows");
    if (inputs.shape(1) != static_cast<size_t>(features)) {
        throw std::invalid_argument("inputs have " + std::to_string(inputs.shape(1)) +
                                    " columns, the network takes " + std::to_string(features));
    }
    if (targets && targets->shape(0) != n) throw std::invalid_argument("targets of other rows");
    if (weights && weights->shape(0) != n) throw std::invalid_argument("weights of other rows");
    return {.inputs = inputs.data(),
            .n = n,
            .features = features,
            .targets = targets ? targets->data() : nullptr,
            .target_units = targets ? static_cast<int>(targets->shape(1)) : 0,
            .weights = weights ? weights->data() : nullptr};
}

// The parameters as Keras lists them: kernels [in, out] and biases [out], without padding.
template <class T>
nb::list parameters_to_python(const hl::Program<T>& program, std::span<const T> parameters) {
    nb::list arrays;
    for (const hl::ParameterBlock& block : program.parameters()) {
        const size_t rows = block.rows, columns = block.columns;
        std::vector<size_t> shape{rows, columns};
        if (block.is_vector) shape = {columns};
        if (block.is_matrices) shape = {size_t(block.members), rows / block.members, columns};
        NumPy<T> array = new_array<T>(shape);
        for (size_t i = 0; i < rows; ++i) {
            for (size_t j = 0; j < columns; ++j) {
                array.data()[i * columns + j] = parameters[block.at(i, j)];
            }
        }
        arrays.append(array);
    }
    return arrays;
}

template <class T>
void parameters_from_python(const hl::Program<T>& program, std::span<T> parameters,
                            const std::vector<AnyArray<T>>& arrays) {
    if (arrays.size() != program.parameters().size()) {
        throw std::invalid_argument("got " + std::to_string(arrays.size()) + " arrays for " +
                                    std::to_string(program.parameters().size()) + " parameters");
    }
    for (size_t p = 0; p < arrays.size(); ++p) {
        const hl::ParameterBlock& block = program.parameters()[p];
        const size_t rows = block.rows, columns = block.columns;
        if (arrays[p].size() != rows * columns) throw std::invalid_argument("a weight's shape");
        for (size_t i = 0; i < rows; ++i) {
            for (size_t j = 0; j < columns; ++j) {
                parameters[block.at(i, j)] = arrays[p].data()[i * columns + j];
            }
        }
    }
}
