#include "program.hpp"

#include <algorithm>
#include <stdexcept>

namespace hl {

namespace {

// Up to half a vector of outputs, most of each vector of a wide kernel would be padding.
template <class T>
constexpr int narrowest_wide = Block<T> / 2 + 1;

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
void Program<T>::note_coupling(const ActivationFunction<T>& activation, int units) noexcept {
    if (!activation.is_elementwise()) coupled_ = std::max(coupled_, units);
}

template <class T>
int Program<T>::input(int units) {
    if (!buffers_.empty()) throw std::invalid_argument("a program has one input");
    check_units(units);
    buffers_.push_back({.units = units, .value = 0, .gradient = -1});
    return 0;
}

template <class T>
int Program<T>::dense(int at, int units, const ActivationFunction<T>& activation, bool use_bias,
                      T l2) {
    buffer(at);
    note_coupling(activation, units);
    return add({.kind = Plan::Kind::dense,
                .from = at,
                .to = 0,
                .activation = activation,
                .use_bias = use_bias,
                .l2 = l2},
               units, true);
}

template <class T>
int Program<T>::activation(int at, const ActivationFunction<T>& activation) {
    const Buffer from = buffer(at);
    note_coupling(activation, from.units);
    return add({.kind = Plan::Kind::activation, .from = at, .to = 0, .activation = activation},
               from.units, from.gradient >= 0);
}

template <class T>
int Program<T>::dropout(int at, const Schedule& rate) {
    const Buffer from = buffer(at);
    return add({.kind = Plan::Kind::dropout, .from = at, .to = 0, .rate = rate}, from.units,
               from.gradient >= 0);
}

template <class T>
void Program<T>::finish(bool from_z) {
    if (buffers_.empty() || !steps_.empty()) throw std::invalid_argument("nothing to finish");
    for (Buffer& buffer : buffers_) {
        buffer.value = value_rows_;
        value_rows_ += round_up_to_block<T>(buffer.units);
    }
    loss_input_ = output().value;
    // Where one sample is computed, a row is one element: buffers begin on 64-byte boundaries.
    // Pre-activations of their own come next; training rows after all of them.
    const int last = static_cast<int>(plans_.size()) - 1;
    z_rows_.assign(plans_.size(), -1);
    for (int i = 0; i <= last; ++i) {
        const Plan& plan = plans_[i];
        if (plan.kind != Plan::Kind::dense) continue;
        const bool apart = !plan.activation.saves_output() ||
                           (from_z && i == last && !plan.activation.is_linear());
        z_rows_[i] = apart ? value_rows_ : buffers_[plan.to].value;
        if (apart) value_rows_ += round_up_to_block<T>(buffers_[plan.to].units);
    }
    training_rows_ = 1;  // the ones
    for (Buffer& buffer : buffers_) {
        if (buffer.gradient < 0) continue;
        buffer.gradient = value_rows_ + training_rows_;
        training_rows_ += buffer.units;
    }
    for (int i = 0; i <= last; ++i) steps_.push_back(place(i));
    if (from_z && last >= 0) {
        if (plans_[last].kind == Plan::Kind::dropout) {
            throw std::invalid_argument("a loss of pre-activations cannot read a dropout");
        }
        const bool is_dense = plans_[last].kind == Plan::Kind::dense;
        loss_input_ = is_dense ? z_rows_[last] : buffers_[plans_[last].from].value;
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

// The first step that reads a buffer, which is the last to write its gradient; −1: none.
template <class T>
int Program<T>::first_reader(int buffer) const noexcept {
    for (int i = 0; i < static_cast<int>(plans_.size()); ++i) {
        if (plans_[i].from == buffer) return i;
    }
    return -1;
}

// Whether the gradient that reaches this Dense is already with respect to its z: a Dense behind it
// applies the derivative where it writes the gradient.
template <class T>
bool Program<T>::passes_dz(int producer) const noexcept {
    if (producer < 0) return false;
    const Plan& plan = plans_[producer];
    const int reader = first_reader(plan.to);
    return plan.kind == Plan::Kind::dense && plan.activation.is_elementwise() && reader >= 0 &&
           plans_[reader].kind == Plan::Kind::dense;
}

template <class T>
std::unique_ptr<Step<T>> Program<T>::place(int at) {
    const Plan& plan = plans_[at];
    const Buffer& from = buffers_[plan.from];
    const Buffer& to = buffers_[plan.to];
    if (plan.kind == Plan::Kind::dense) return place_dense(at);
    if (plan.kind == Plan::Kind::activation) {
        return std::make_unique<ActivationStep<T>>(from, to, plan.activation);
    }
    const int mask = value_rows_ + training_rows_;
    training_rows_ += to.units;
    return std::make_unique<DropoutStep<T>>(from, to, mask, plan.rate,
                                            static_cast<uint32_t>(plan.to));
}

template <class T>
std::unique_ptr<Step<T>> Program<T>::place_dense(int at) {
    const Plan& plan = plans_[at];
    const Buffer& from = buffers_[plan.from];
    const Buffer& to = buffers_[plan.to];
    const bool narrow = to.units < narrowest_wide<T> && from.units > to.units;
    const int rows = narrow ? to.units : from.units, columns = narrow ? from.units : to.units;

    const int place = static_cast<int>(parameters_.size());
    const size_t kernel = parameter_size_;
    parameter_size_ += static_cast<size_t>(rows) * round_up_to_block<T>(columns);
    parameters_.push_back({.offset = kernel,
                           .size = parameter_size_ - kernel,
                           .rows = from.units,
                           .columns = to.units,
                           .width = Block<T>,
                           .blocks_of_rows = narrow,
                           .is_bias = false,
                           .l2 = plan.l2});
    const size_t bias = parameter_size_;
    if (plan.use_bias) {
        parameter_size_ += round_up_to_block<T>(to.units);
        parameters_.push_back({.offset = bias,
                               .size = parameter_size_ - bias,
                               .rows = 1,
                               .columns = to.units,
                               .width = Block<T>,
                               .blocks_of_rows = false,
                               .is_bias = true});
    }
    const int transposed = value_rows_ + training_rows_;
    training_rows_ += round_up_to_block<T>(columns);
    operations_ += 6.0 * from.units * to.units;  // three products of 2·in·out

    // The step that made the input, if this one is the last to write the gradient of it.
    const int producer = plan.from - 1;
    const bool derives = passes_dz(producer) && first_reader(plan.from) == at;
    const Plan& made = plans_[derives ? producer : at];
    const ActivationFunction<T>& input_activation = made.activation;
    return std::make_unique<DenseStep<T>>(typename DenseStep<T>::Layout{
        .input = from,
        .output = to,
        .pre_activation = z_rows_[at],
        .ones = ones(),
        .transposed = transposed,
        .kernel = kernel,
        .bias = bias,
        .place = place,
        .narrow = narrow,
        .use_bias = plan.use_bias,
        .activation = plan.activation,
        .input_activation = derives ? input_activation : ActivationFunction<T>(),
        .input_saved = derives ? input_activation.saved(z_rows_[producer], from.value) : 0,
        .receives_dz = passes_dz(at)});
}

template class Program<float>;
template class Program<double>;

}  // namespace hl
