// Runs every kernel of one instruction set on the same numbers and prints a hash of what each
// makes, one line a kernel: two instruction sets keep the promise of same bits when their lines are
// equal. tools/check_arm.py compiles it, runs the aarch64 one under emulation, and compares.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

#include "../../native/engine/aligned.hpp"
#include "../../native/engine/descend.hpp"
#include "hash.hpp"

namespace hl::HL_ISA {
extern const KernelTable kernel_table;
}

namespace {

constexpr int units = 7, columns = 64, stride = 64;

// A multiplicative generator: the same numbers on every machine, with the awkward ones among them.
template <class T>
struct Numbers {
    uint64_t state;
    bool awkward;

    T next() {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const T unit = static_cast<T>(static_cast<double>(state >> 11) * 0x1p-53 * 2 - 1);
        if (!awkward) return unit;
        using Limits = std::numeric_limits<T>;
        switch ((state >> 3) % 23) {
            case 0:
                return T(0);
            case 1:
                return -T(0);
            case 2:
                return Limits::infinity();
            case 3:
                return -Limits::infinity();
            case 4:
                return Limits::quiet_NaN();
            case 5:
                return Limits::denorm_min();
            case 6:
                return unit * T(100);
            case 7:
                return unit * T(1e30);
            default:
                return unit * T(8);
        }
    }
};

template <class T>
struct alignas(64) Chunk {
    T values[64 / sizeof(T)];
};

// 64-byte aligned numbers.
template <class T>
struct Array {
    std::vector<Chunk<T>> chunks;
    size_t size;

    explicit Array(size_t n) : chunks((n * sizeof(T) + 63) / 64), size(n) {}
    Array(size_t n, uint64_t seed, bool awkward) : Array(n) {
        Numbers<T> numbers{seed, awkward};
        for (size_t i = 0; i < n; ++i) data()[i] = numbers.next();
    }
    T* data() { return chunks.front().values; }
};

Hash hash;

template <class T>
void add(T value) {
    hash.add(value);
}

template <class T>
void add(Array<T>& array) {
    hash.add(array.size, array.data());
}

template <class T>
void line(const char* kernel, int which) {
    std::printf("%s<%d> %d %016llx\n", kernel, static_cast<int>(8 * sizeof(T)), which,
                static_cast<unsigned long long>(hash.value()));
    hash = Hash();
}

template <class T>
void activations(const hl::Kernels<T>& k) {
    for (int i = 0; i < static_cast<int>(hl::Activation::count); ++i) {
        for (bool awkward : {false, true}) {
            Array<T> z(units * stride, 1, awkward), a(units * stride);
            constexpr T parameters[hl::most_parameters] = {T(0.3), T(1.7), T(0.1)};
            k.activate[i](units, columns, stride, z.data(), a.data(), parameters);
            add(a);
            Array<T> gradient(units * stride, 2, false);
            Array<T>& saved = hl::saves_output[i] ? a : z;
            k.derive[i](units, columns, stride, saved.data(), gradient.data(), parameters);
            add(gradient);
        }
        line<T>("activation", i);
    }
}

template <class T>
void losses(const hl::Kernels<T>& k) {
    T numbers[2 + units] = {T(0.7), T(0.2)};
    for (int i = 0; i < units; ++i) numbers[2 + i] = T(0.3) + T(i) / 10;
    for (int i = 0; i < static_cast<int>(hl::Loss::count); ++i) {
        for (const bool of_logits : {false, true}) {
            if (k.loss[i][of_logits] == nullptr) continue;
            const bool several = i == static_cast<int>(hl::Loss::quantile);
            for (const bool awkward : {false, true}) {
                Array<T> prediction(units * stride, 3, awkward), target(units * stride, 4, false);
                Array<T> weight(stride, 5, false), values(stride), gradient(units * stride);
                for (int j = 0; j < units * stride; ++j)  // class indices and probabilities alike
                    if (i >= 3) target.data()[j] = T(std::fabs(target.data()[j]) > T(0.5));
                k.loss[i][of_logits]({.units = units,
                                      .columns = columns,
                                      .stride = stride,
                                      .prediction = prediction.data(),
                                      .target = target.data(),
                                      .target_stride = stride,
                                      .weight = weight.data(),
                                      .scale = T(0.25),
                                      .numbers = numbers,
                                      .n_numbers = several ? 2 : 2 + units,
                                      .losses = values.data(),
                                      .gradient = gradient.data()});
                add(values);
                add(gradient);
            }
            line<T>("loss", 2 * i + of_logits);
        }
    }
    for (int i = 0; i < static_cast<int>(hl::Metric::count); ++i) {
        Array<T> prediction(units * stride, 6, false), target(units * stride, 7, false);
        Array<T> weight(stride, 8, false), values(stride);
        for (int j = 0; j < units * stride; ++j)
            target.data()[j] = i >= 3 ? T(target.data()[j] > T(0)) : target.data()[j];
        for (auto targets : {hl::Targets::values, hl::Targets::one_hot, hl::Targets::index}) {
            k.metric[i](units, columns, stride, prediction.data(), target.data(), stride, targets,
                        weight.data(), T(0.4), values.data());
            add(values);
        }
        line<T>("metric", i);
    }
}

template <class T>
void descents(const hl::Kernels<T>& k) {
    const hl::UpdateRule<T> rule{.learning_rate = T(0.01),
                                 .momentum = T(0.9),
                                 .beta_1_rest = T(0.1),
                                 .beta_2 = T(0.999),
                                 .beta_2_rest = T(0.001),
                                 .epsilon = T(1e-7),
                                 .mean_factor = T(0.7),
                                 .gradient_factor = T(0.4),
                                 .decay = T(1e-3),
                                 .l1 = T(0.03),
                                 .two_l2 = T(0.02),
                                 .penalises = true,
                                 .has_momentum = true,
                                 .nesterov = true,
                                 .centered = true,
                                 .amsgrad = false};
    int which = 0;
    for (int i = 0; i < static_cast<int>(hl::Optimizer::count); ++i)
        for (bool woven : {true, false})
            for (int m : {1, 5, 19})
                for (int n : {16, 48, 64})
                    for (int inner : {1, 33}) {
                        if ((woven ? k.descend[i] == nullptr : k.apply[i] == nullptr)) continue;
                        Array<T> a(m * inner, 9, false), b(inner * n, 10, false);
                        Array<T> w(m * n, 11, false), first(m * n), second(m * n);
                        Array<T> third(m * n), gradient(m * n);
                        const hl::Update<T> update{
                            .optimizer = static_cast<hl::Optimizer>(i),
                            .timing = woven ? hl::Timing::woven : hl::Timing::by_parts,
                            .rules = nullptr,
                            .parameters = w.data(),
                            .state_1 = first.data(),
                            .state_2 = second.data(),
                            .state_3 = third.data(),
                            .gradient = gradient.data(),
                            .adds = true,
                            .share = T(0.5),
                            .clip_value = T(0.4)};
                        hl::Waiting<T> waiting{};
                        for (int step = 0; step < 3; ++step) {
                            hl::descend<T>(k, update,
                                           {m, n, inner, a.data(), inner, b.data(),
                                            inner * hl::Block<T>, 0, m * hl::Block<T>, &rule},
                                           waiting);
                            if (woven) k.finish_descent[i](update, waiting);
                        }
                        add(w);
                        add(first);
                        add(second);
                        add(third);
                        line<T>("descend", which++);
                    }
}

// A·B with A in blocks of rows or of columns, from a start, from C or from nothing.
template <class T>
void product(const hl::Kernels<T>& k, int m, int n, int inner, int which) {
    for (bool rows_in_blocks : {false, true}) {
        for (int from : {0, 1, 2}) {
            const int rows = rows_in_blocks ? inner : m, wide = rows_in_blocks ? m : inner;
            Array<T> a(rows * hl::round_up_to_block<T>(wide), 11, false), b(inner * n, 12, false),
                start(m, 13, false);
            Array<T> c(m * n, 14, false);
            k.multiply({.m = m,
                        .n = n,
                        .k = inner,
                        .a = a.data(),
                        .a_block = rows * hl::Block<T>,
                        .rows_in_blocks = rows_in_blocks,
                        .b = b.data(),
                        .b_row = n,
                        .start = from == 1 ? start.data() : nullptr,
                        .accumulate = from == 2,
                        .c = c.data(),
                        .c_row = n,
                        .finish = nullptr,
                        .finish_from = nullptr,
                        .finish_to = nullptr,
                        .finish_parameters = nullptr});
            add(c);
        }
    }
    line<T>("multiply", which);
}

template <class T>
void products(const hl::Kernels<T>& k) {
    int which = 0;
    for (int m : {1, 5, 13, 16})
        for (int inner : {1, 7, 33}) product(k, m, columns, inner, which++);
    // Beyond whatever the caches hold, in each direction.
    product(k, 7, columns, 1100, which++);
    product(k, 1100, columns, 7, which++);
    product(k, 7, 1104, 65, which++);
    product(k, 257, 272, 257, which++);
}

template <class T>
void rest(const hl::Kernels<T>& k) {
    Array<T> x(units * stride, 15, false), y(units * stride), mask(units * stride);
    k.dropout(units, columns, 0, stride, x.data(), y.data(), mask.data(), 0.7, 42, 3);
    add(y);
    add(mask);
    line<T>("dropout", 0);
    k.alpha_dropout(units, columns, 0, stride, x.data(), y.data(), mask.data(), 0.7, T(0.9), T(0.2),
                    T(-1.4), 42, 3);
    add(y);
    add(mask);
    line<T>("alpha dropout", 0);
    k.normal(units, columns, 0, stride, T(0.3), T(1.2), y.data(), 42, 3);
    add(y);
    line<T>("normal", 0);
    for (size_t n : {1u, 15u, 16u, 17u, 447u}) {
        add(k.sum(n, x.data()));
        add(k.sum_of_squares(n, x.data()));
        add(k.sum_of_magnitudes(n, x.data()));
    }
    line<T>("sums", 0);
}

// What embeddings are made of.
template <class T>
void embeddings(const hl::Kernels<T>& k) {
    Array<T> codes(columns), rows(columns * hl::Block<T>, 21, false), sums(units * hl::Block<T>);
    for (int j = 0; j < columns; ++j) codes.data()[j] = T(j * j % 11);
    k.add_by_code(columns, codes.data(), 2, units, rows.data(), sums.data());
    add(sums);
    line<T>("add_by_code", 0);
    for (bool awkward : {false, true}) {
        Array<T> x(stride, 22, awkward), y(units * stride), upstream(units * stride, 23, false);
        Array<T> gradient(stride, 24, false), sine(units * stride), frequency(units, 25, false);
        constexpr T edges[units + 1] = {T(-0.9), T(-0.5), T(-0.4), T(0),
                                        T(0.1),  T(0.3),  T(7),    T(9)};
        for (int bins : {1, 2, units}) {
            k.piecewise_linear(bins, columns, stride, x.data(), edges, y.data());
            k.piecewise_linear_gradient(bins, columns, stride, x.data(), edges, upstream.data(),
                                        gradient.data(), bins > 1);
            add(y);
            add(gradient);
        }
        line<T>("piecewise_linear", awkward);
        k.waves(units, columns, stride, x.data(), frequency.data(), frequency.data(), y.data(),
                nullptr);
        add(y);
        k.waves(units, columns, stride, x.data(), frequency.data(), nullptr, y.data(), sine.data());
        add(y);
        add(sine);
        k.wave_slopes(units, columns, stride, upstream.data(), sine.data(), upstream.data(),
                      y.data(), sine.data());
        add(sine);
        k.circle(columns, x.data(), y.data(), sine.data());
        add(y);
        add(sine);
        line<T>("waves", awkward);
    }
}

template <class T>
void normalisations(const hl::Kernels<T>& k) {
    constexpr int samples = 59;
    Array<T> x(units * stride, 16, false), dy(units * stride, 17, false), y(units * stride);
    Array<T> gamma(16, 18, false), beta(16, 19, false), inverse(stride), normalised(units * stride);
    Array<T> mean(16), variance(16), scale(16);
    k.moments(units, samples, stride, x.data(), mean.data(), variance.data());
    k.inverse_deviations(16, variance.data(), T(1e-3), scale.data());
    add(mean);
    add(scale);
    Array<double> sums(16), products(16);
    k.sums_about_mean(units, samples, stride, dy.data(), x.data(), mean.data(), sums.data(),
                      products.data());
    add(sums);
    add(products);
    for (bool accumulate : {false, true}) {
        k.derive_about_mean(units, columns, stride, dy.data(), x.data(), mean.data(), scale.data(),
                            gamma.data(), beta.data(), y.data(), accumulate);
        add(y);
    }
    line<T>("over samples", 0);
    for (bool centres : {false, true}) {
        const hl::UnitNorm<T> norm{centres, T(0.125), T(1e-3), T(2)};
        k.normalise_units(norm, units, columns, stride, x.data(), gamma.data(), beta.data(),
                          y.data(), normalised.data(), inverse.data());
        add(y);
        add(normalised);
        k.derive_units(norm, units, columns, stride, dy.data(), gamma.data(), normalised.data(),
                       inverse.data(), y.data(), false);
        add(y);
        line<T>("over units", centres);
    }
}

template <class T>
void rules(const hl::Kernels<T>& k) {
    Array<T> x(units * stride, 16, false), y(units * stride, 17, false), sums(stride);
    k.penalise(units, columns, stride, T(0.3), T(0.7), x.data(), sums.data());
    add(sums);
    k.penalty_slope(units, columns, stride, T(0.3), T(0.7), x.data(), y.data(), true);
    add(y);
    line<T>("penalties", 0);
    double totals[columns];
    k.leave_across(units, columns, stride, x.data(), sums.data(), y.data());
    add(y);
    k.take_signs(units, columns, stride, 0, y.data(), totals);
    add(y);
    for (double total : totals) hash.add(total);
    line<T>("pairs", 0);
    constexpr int rows = units * stride / hl::Block<T>;
    k.squares_of_columns(rows, x.data(), totals);
    for (int i = 0; i < hl::Block<T>; ++i) hash.add(totals[i]);
    k.scale_columns(rows, sums.data(), x.data());
    add(x);
    line<T>("norms", 0);
}

template <class T>
void run(const hl::Kernels<T>& kernels) {
    activations(kernels);
    losses(kernels);
    descents(kernels);
    products(kernels);
    rest(kernels);
    embeddings(kernels);
    normalisations(kernels);
    rules(kernels);
}

}  // namespace

int main() {
    run(hl::HL_ISA::kernel_table.f32);
    run(hl::HL_ISA::kernel_table.f64);
}
