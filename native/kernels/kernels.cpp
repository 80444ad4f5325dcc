// The kernels of one instruction set. Compiled once for each, with HL_ISA naming it; the table is
// the only symbol that leaves this file (tools/check_kernel_objects.py holds it to that).
#include "activations.hpp"
#include "cross_entropies.hpp"
#include "descent.hpp"
#include "distributions.hpp"
#include "dropout.hpp"
#include "focal_losses.hpp"
#include "lookup.hpp"
#include "members.hpp"
#include "metrics.hpp"
#include "normal.hpp"
#include "normalisation.hpp"
#include "peak.hpp"
#include "penalties.hpp"
#include "per_unit.hpp"
#include "philox.hpp"
#include "piecewise_linear.hpp"
#include "rearrange.hpp"
#include "reductions.hpp"
#include "single_sample.hpp"
#include "waves.hpp"
#include "whole_gradient.hpp"

#define HL_TEXT_(x) #x
#define HL_TEXT(x) HL_TEXT_(x)

namespace {

template <class T, Activation A>
constexpr void add_activation(hl::Kernels<T>& kernels) {
    constexpr int at = static_cast<int>(A);
    if constexpr (A == Activation::softmax) {
        kernels.activate[at] = softmax<T>;
        kernels.derive[at] = derive_softmax<T>;
    } else if constexpr (A == Activation::log_softmax) {
        kernels.activate[at] = log_softmax<T>;
        kernels.derive[at] = derive_log_softmax<T>;
    } else if constexpr (A == Activation::glu) {
        kernels.activate[at] = glu<T>;
        kernels.derive[at] = derive_glu<T>;
    } else {
        kernels.activate[at] = activate<T, A>;
        kernels.derive[at] = derive<T, A>;
    }
}

template <class T, Loss L, bool of_logits>
constexpr void add_loss(hl::Kernels<T>& kernels) {
    kernels.loss[static_cast<int>(L)][false] = LossBody<L>::template run<T>;
    if constexpr (of_logits) {
        kernels.loss[static_cast<int>(L)][true] = LogitBody<L>::template run<T>;
    }
}

template <class T, Optimizer O>
constexpr void add_optimizer(hl::Kernels<T>& kernels) {
    constexpr int at = static_cast<int>(O);
    // The weights of any optimizer decay.
    constexpr Optimizer body = O == Optimizer::adamw ? Optimizer::adam : O;
    if constexpr (is_cut<body>) {
        kernels.descend[at] = descend<T, body>;
        kernels.finish_descent[at] = finish_descent<T, body>;
    }
    // L-BFGS has no rule for a weight alone.
    if constexpr (O != Optimizer::lbfgs) kernels.apply[at] = apply<T, body>;
}

template <class T>
constexpr hl::Kernels<T> make_kernels() {
    hl::Kernels<T> k{};
#define HL_ACTIVATION(name, saves, elementwise, gates)              \
    static_assert(Body<Activation::name>::saves_output == (saves)); \
    add_activation<T, Activation::name>(k);
#include "activations.inc"
#undef HL_ACTIVATION
#define HL_LOSS(name, of_logits) add_loss<T, Loss::name, of_logits>(k);
#include "losses.inc"
#undef HL_LOSS
#define HL_METRIC(name) \
    k.metric[static_cast<int>(Metric::name)] = measure<T, MetricBody<Metric::name>>;
#include "metrics.inc"
#undef HL_METRIC
#define HL_OPTIMIZER(name) add_optimizer<T, Optimizer::name>(k);
#include "optimizers.inc"
#undef HL_OPTIMIZER
    k.differentiate = differentiate<T>;
    k.complete = complete<T>;
    k.mix = mix<T>;
    k.multiply = multiply<T>;
    k.weigh = weigh<T>;
    k.weigh_rows = weigh_rows<T>;
    k.transpose = transpose<T>;
    k.gather = gather<T>;
    k.random_bits = random_bits;
    k.dropout = dropout<T>;
    k.alpha_dropout = alpha_dropout<T>;
    k.normal = normal<T>;
    k.multiply_elementwise = multiply_elementwise<T>;
    k.copy = copy<T>;
    k.scale = scale<T>;
    k.affine = affine<T>;
    k.blend = blend<T>;
    k.add_by_code = add_by_code<T>;
    k.piecewise_linear = piecewise_linear<T>;
    k.piecewise_linear_gradient = piecewise_linear_gradient<T>;
    k.circle = circle<T>;
    k.waves = waves<T>;
    k.wave_slopes = wave_slopes<T>;
    k.moments = moments<T>;
    k.inverse_deviations = inverse_deviations<T>;
    k.sums_about_mean = sums_about_mean<T>;
    k.derive_about_mean = derive_about_mean<T>;
    k.normalise_units = normalise_units<T>;
    k.derive_units = derive_units<T>;
    k.scale_members = scale_members<T>;
    k.fold_members = fold_members<T>;
    k.average_members = average_members<T>;
    k.sum_members = sum_members<T>;
    k.penalise = penalise<T>;
    k.penalty_slope = penalty_slope<T>;
    k.take_signs = take_signs<T>;
    k.leave_across = leave_across<T>;
    k.squares_of_columns = squares_of_columns<T>;
    k.scale_columns = scale_columns<T>;
    k.sum = sum<T>;
    k.sum_of_squares = sum_of_squares<T>;
    k.sum_of_magnitudes = sum_of_magnitudes<T>;
    k.dot = dot<T>;
    k.all_finite = all_finite<T>;
    k.multiply_registers = multiply_registers<T>;
    return k;
}

}  // namespace

namespace hl::HL_ISA {

// Constant-initialised: nothing of this file runs before dispatch has chosen it.
extern const KernelTable kernel_table;
constinit const KernelTable kernel_table = {HL_TEXT(HL_ISA), make_kernels<float>(),
                                            make_kernels<double>()};

}  // namespace hl::HL_ISA
