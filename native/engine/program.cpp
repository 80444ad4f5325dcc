#include "program.hpp"

#include <stdexcept>

namespace hl {

namespace {

// Gradient tiles of about a third of a 48 kB first-level cache: room for the weights and the
// optimizer's state of the same rows beside them.
constexpr size_t scratch_bytes = 16 * 1024;
constexpr int fewest_scratch_rows = 8;  // the tallest register tile

// Far beyond any memory, and rows and strides still fit into an int.
constexpr int most_units = 1 << 24;

void check_units(int units) {
    if (units < 1 || units > most_units) {
        throw std::invalid_argument("a step of " + std::to_string(units) + " units; from 1 to " +
                                    std::to_string(most_units) + " can be computed");
    }
}

}  // namespace

template <class T>
const Buffer& Program<T>::buffer(int at) const {
    if (at < 0 || at >= static_cast<int>(buffers_.size())) {
        throw std::invalid_argument("a step reads buffer " + std::to_string(at) + " of " +
                                    std::to_string(buffers_.size()));
    }
    return buffers_[at];
}

template <class T>
int Program<T>::add(const Plan& plan, int units, bool wants_gradient) {
    check_units(units);
    // The gradient's place is not known yet; −1 says that nobody wants it.
    buffers_.push_back({.units = units, .value = 0, .gradient = wants_gradient ? 0 : -1});
    plans_.push_back(plan);
    plans_.back().to = static_cast<int>(buffers_.size()) - 1;
    return plans_.back().to;
}

template <class T>
int Program<T>::input(int units) {
    if (!buffers_.empty()) throw std::invalid_argument("a program has one input");
    check_units(units);
    buffers_.push_back({.units = units, .value = 0, .gradient = -1});
    return 0;
}

template <class T>
int Program<T>::dense(int at, int units, Activation activation, T parameter, bool use_bias, T l2) {
    buffer(at);
    return add({.kind = Plan::Kind::dense,
                .from = at,
                .to = 0,
                .activation = activation,
                .parameter = parameter,
                .use_bias = use_bias,
                .l2 = l2},
               units, true);
}

template <class T>
int Program<T>::activation(int at, Activation activation, T parameter) {
    const Buffer from = buffer(at);
    return add({.kind = Plan::Kind::activation,
                .from = at,
                .to = 0,
                .activation = activation,
                .parameter = parameter},
               from.units, from.gradient >= 0);
}

template <class T>
int Program<T>::dropout(int at, double rate) {
    const Buffer from = buffer(at);
    if (!(rate >= 0.0 && rate < 1.0)) throw std::invalid_argument("a dropout rate outside [0, 1)");
    return add({.kind = Plan::Kind::dropout, .from = at, .to = 0, .rate = rate}, from.units,
               from.gradient >= 0);
}

template <class T>
void Program<T>::finish(bool from_z) {
    if (buffers_.empty() || !steps_.empty()) throw std::invalid_argument("nothing to finish");
    for (Buffer& buffer : buffers_) {
        buffer.value = value_rows_;
        value_rows_ += buffer.units;
    }
    loss_input_ = output().value;
    // Pre-activations of their own come next; training rows after all of them.
    const int last = static_cast<int>(plans_.size()) - 1;
    std::vector<int> z_rows(plans_.size(), -1);
    for (int i = 0; i <= last; ++i) {
        const Plan& plan = plans_[i];
        if (plan.kind != Plan::Kind::dense) continue;
        const bool apart = !saves_output[static_cast<int>(plan.activation)] ||
                           (from_z && i == last && plan.activation != Activation::linear);
        z_rows[i] = apart ? value_rows_ : buffers_[plan.to].value;
        if (apart) value_rows_ += buffers_[plan.to].units;
    }
    training_rows_ = 1;  // the ones
    for (Buffer& buffer : buffers_) {
        if (buffer.gradient < 0) continue;
        buffer.gradient = value_rows_ + training_rows_;
        training_rows_ += buffer.units;
    }
    for (int i = 0; i <= last; ++i) steps_.push_back(place(plans_[i], z_rows[i]));
    if (from_z && last >= 0) {
        if (plans_[last].kind == Plan::Kind::dropout) {
            throw std::invalid_argument("a loss of pre-activations cannot read a dropout");
        }
        const bool is_dense = plans_[last].kind == Plan::Kind::dense;
        loss_input_ = is_dense ? z_rows[last] : buffers_[plans_[last].from].value;
        steps_[last]->fused_with_loss = true;
    }
    // Backward runs from the last step to the first: the last reader of a value writes its
    // gradient, the earlier ones add theirs.
    std::vector<bool> written(buffers_.size(), false);
    for (int i = last; i >= 0; --i) {
        steps_[i]->accumulate = written[plans_[i].from];
        written[plans_[i].from] = true;
    }
}

template <class T>
std::unique_ptr<Step<T>> Program<T>::place(const Plan& plan, int z_row) {
    const Buffer& from = buffers_[plan.from];
    const Buffer& to = buffers_[plan.to];
    const ActivationFunction<T> activation(plan.activation, plan.parameter);
    if (plan.kind == Plan::Kind::dense) return place_dense(plan, z_row);
    if (plan.kind == Plan::Kind::activation) {
        return std::make_unique<ActivationStep<T>>(from, to, activation);
    }
    const int mask = value_rows_ + training_rows_;
    training_rows_ += to.units;
    return std::make_unique<DropoutStep<T>>(from, to, mask, 1.0 - plan.rate,
                                            static_cast<uint32_t>(plan.to));
}

template <class T>
std::unique_ptr<Step<T>> Program<T>::place_dense(const Plan& plan, int z_row) {
    const Buffer& from = buffers_[plan.from];
    const Buffer& to = buffers_[plan.to];
    const int stride = round_up_to_block<T>(to.units);
    const int fitting = static_cast<int>(scratch_bytes / sizeof(T)) / stride;
    const int rows_at_once = fitting < fewest_scratch_rows ? fewest_scratch_rows : fitting;
    const size_t scratch = static_cast<size_t>(rows_at_once) * stride;
    if (scratch > scratch_size_) scratch_size_ = scratch;

    const size_t kernel = parameter_size_;
    parameters_.push_back({kernel, from.units, to.units, stride, false, plan.l2});
    parameter_size_ += static_cast<size_t>(from.units) * stride;
    if (plan.use_bias) {
        parameters_.push_back({parameter_size_, 1, to.units, stride, true, 0.0});
        parameter_size_ += stride;
    }
    const int transposed = value_rows_ + training_rows_;
    training_rows_ += stride;
    operations_ += 6.0 * from.units * to.units;  // three products of 2·in·out
    return std::make_unique<DenseStep<T>>(
        typename DenseStep<T>::Layout{.input = from,
                                      .output = to,
                                      .pre_activation = z_row,
                                      .ones = ones(),
                                      .transposed = transposed,
                                      .kernel = kernel,
                                      .stride = stride,
                                      .use_bias = plan.use_bias,
                                      .l2 = plan.l2,
                                      .rows_at_once = rows_at_once},
        ActivationFunction<T>(plan.activation, plan.parameter));
}

template class Program<float>;
template class Program<double>;

}  // namespace hl
