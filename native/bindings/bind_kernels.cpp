// Single kernels, for the tests that compare them with the reference and with each other.
#include <atomic>
#include <chrono>

#include "../engine/aligned.hpp"
#include "../engine/dispatch.hpp"
#include "../engine/program.hpp"
#include "../engine/random.hpp"
#include "../engine/thread_team.hpp"
#include "arrays.hpp"
#include "names.hpp"

namespace {

template <class T>
void copy_in(const Matrix<T>& from, hl::Aligned<T>& to, int stride) {
    for (size_t i = 0; i < from.shape(0); ++i) {
        std::copy_n(from.data() + i * from.shape(1), from.shape(1), to.data() + i * stride);
    }
}

template <class T>
NumPy<T> copy_out(const hl::Aligned<T>& from, size_t rows, size_t columns, int stride) {
    NumPy<T> to = new_array<T>({rows, columns});
    for (size_t i = 0; i < rows; ++i) {
        std::copy_n(from.data() + i * stride, columns, to.data() + i * columns);
    }
    return to;
}

template <class T>
NumPy<T> activation(const std::string& isa, const std::string& name,
                    const std::vector<double>& parameters, bool derivative, const Matrix<T>& z) {
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(isa));
    const auto function = hl::activation_function<T>(name, parameters);
    const int units = static_cast<int>(z.shape(0));
    const int stride = hl::round_up_to_block<T>(static_cast<int>(z.shape(1)));
    hl::Aligned<T> in(static_cast<size_t>(units) * stride), out(in.size());
    copy_in<T>(z, in, stride);
    function.value(kernels)(units, stride, stride, in.data(), out.data(), function.parameters());
    if (derivative) {
        const hl::Aligned<T>& saved = function.saves_output() ? out : in;
        hl::Aligned<T> gradient(in.size());
        std::fill_n(gradient.data(), gradient.size(), T(1));
        function.slope(kernels)(units, stride, stride, saved.data(), gradient.data(),
                                function.parameters());
        return copy_out<T>(gradient, units, z.shape(1), stride);
    }
    return copy_out<T>(out, function.units_after(units), z.shape(1), stride);
}

// The loss of each sample, a column, and its gradient times weight·scale.
template <class T>
nb::tuple loss(const std::string& isa, const std::string& name, const std::vector<double>& numbers,
               bool of_logits, const Matrix<T>& prediction, const Matrix<T>& target,
               const std::optional<Line<T>>& weight, double scale) {
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(isa));
    const auto kernel =
        kernels.loss[static_cast<int>(hl::named<hl::Loss>(name, hl::loss_names))][of_logits];
    if (kernel == nullptr) throw std::invalid_argument("'" + name + "' has no logits");
    const size_t units = prediction.shape(0), n = prediction.shape(1);
    const int stride = hl::round_up_to_block<T>(static_cast<int>(n));
    hl::Aligned<T> in(units * stride), due(target.shape(0) * stride), weights(stride);
    hl::Aligned<T> losses(stride), gradient(in.size());
    copy_in<T>(prediction, in, stride);
    copy_in<T>(target, due, stride);
    if (weight) std::copy_n(weight->data(), n, weights.data());
    const std::vector<T> settings(numbers.begin(), numbers.end());
    kernel({.units = static_cast<int>(units),
            .columns = stride,
            .stride = stride,
            .prediction = in.data(),
            .target = due.data(),
            .target_stride = stride,
            .weight = weight ? weights.data() : nullptr,
            .scale = static_cast<T>(scale),
            .numbers = settings.data(),
            .n_numbers = static_cast<int>(settings.size()),
            .losses = losses.data(),
            .gradient = gradient.data()});
    NumPy<T> values = new_array<T>({n});
    std::copy_n(losses.data(), n, values.data());
    return nb::make_tuple(values, copy_out<T>(gradient, units, n, stride));
}

// [rows, columns] in blocks of Block<T> columns.
template <class T>
hl::Aligned<T> in_blocks(const Matrix<T>& from) {
    const hl::ParameterBlock place{.offset = 0,
                                   .size = 0,
                                   .rows = static_cast<int>(from.shape(0)),
                                   .columns = static_cast<int>(from.shape(1)),
                                   .width = hl::Block<T>,
                                   .blocks_of_rows = false,
                                   .is_vector = false,
                                   .trainable = true};
    hl::Aligned<T> to(static_cast<size_t>(place.rows) * hl::round_up_to_block<T>(place.columns));
    for (int i = 0; i < place.rows; ++i) {
        for (int j = 0; j < place.columns; ++j) to[place.at(i, j)] = from(i, j);
    }
    return to;
}

// A·B by the register tiles; `transposed` hands A over as its transpose, the way weights are read.
template <class T>
NumPy<T> multiply(const std::string& isa, const Matrix<T>& a, const Matrix<T>& b, bool transposed) {
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(isa));
    const int m = static_cast<int>(a.shape(transposed ? 1 : 0));
    const int k = static_cast<int>(a.shape(transposed ? 0 : 1));
    const int n = static_cast<int>(b.shape(1));
    const int stride = hl::round_up_to_block<T>(n);
    hl::Aligned<T> right(static_cast<size_t>(k) * stride), out(static_cast<size_t>(m) * stride);
    const hl::Aligned<T> left = in_blocks<T>(a);
    copy_in<T>(b, right, stride);
    kernels.multiply({.m = m,
                      .n = stride,
                      .k = k,
                      .a = left.data(),
                      .a_block = static_cast<ptrdiff_t>(a.shape(0)) * hl::Block<T>,
                      .rows_in_blocks = transposed,
                      .b = right.data(),
                      .b_row = stride,
                      .start = nullptr,
                      .accumulate = false,
                      .c = out.data(),
                      .c_row = stride,
                      .finish = nullptr,
                      .finish_from = nullptr,
                      .finish_to = nullptr,
                      .finish_parameters = nullptr});
    return copy_out<T>(out, m, n, stride);
}

// Operations a second of fused multiply-adds on registers alone, by all threads together.
template <class T>
double fma_peak(const std::string& isa, int threads, double seconds) {
    using Clock = std::chrono::steady_clock;
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(isa));
    std::atomic<double> rate{0.0};
    hl::ThreadTeam team(threads);
    nb::gil_scoped_release release;
    team.run(threads, [&](int) {
        constexpr size_t rounds = 1 << 16;
        T sum = T(0);
        const Clock::time_point begun = Clock::now();
        double operations = 0.0, spent = 0.0;
        while (spent < seconds) {
            operations += kernels.multiply_registers(rounds, T(0.75), &sum);
            spent = std::chrono::duration<double>(Clock::now() - begun).count();
        }
        rate += operations / spent;
    });
    return rate;
}

template <class T>
void bind(nb::module_& m) {
    m.def("activation", activation<T>, nb::arg("isa"), nb::arg("name"), nb::arg("parameters"),
          nb::arg("derivative"), nb::arg("z").noconvert());
    m.def("loss", loss<T>, nb::arg("isa"), nb::arg("name"), nb::arg("numbers"),
          nb::arg("of_logits"), nb::arg("prediction").noconvert(), nb::arg("target").noconvert(),
          nb::arg("weight").none(), nb::arg("scale"));
    m.def("multiply", multiply<T>, nb::arg("isa"), nb::arg("a").noconvert(),
          nb::arg("b").noconvert(), nb::arg("transposed"));
}

}  // namespace

void bind_kernels(nb::module_& m) {
    bind<float>(m);
    bind<double>(m);
    m.def("available_isas", hl::available_isas, "Instruction sets of this processor, best first.");
    m.def(
        "fma_peak",
        [](const std::string& isa, const std::string& dtype, int threads, double seconds) {
            return (dtype == "float32" ? fma_peak<float>(isa, threads, seconds)
                                       : fma_peak<double>(isa, threads, seconds)) /
                   1e9;
        },
        nb::arg("isa"), nb::arg("dtype"), nb::arg("threads"), nb::arg("seconds"),
        "Billions of floating-point operations a second of fused multiply-adds on registers "
        "alone.");
}
