#include "program.hpp"

#include <algorithm>
#include <stdexcept>

#include "activation_step.hpp"
#include "member_step.hpp"

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
bool Program<T>::is_narrow(int inputs, int units) noexcept {
    return units < narrowest_wide<T> && inputs > units;
}

template <class T>
const Buffer& Program<T>::buffer(int at) const {
    if (at < 0 || at >= static_cast<int>(buffers_.size())) {
        throw std::invalid_argument("a step reads buffer " + std::to_string(at) + " of " +
                                    std::to_string(buffers_.size()));
    }
    return buffers_[at];
}

template <class T>
bool Program<T>::any_wants_gradient(const std::vector<int>& from) const {
    return std::any_of(from.begin(), from.end(), [&](int at) { return buffer(at).gradient >= 0; });
}

template <class T>
int Program<T>::add(Plan plan, int units, bool wants_gradient) {
    check_units(units);
    const bool of_members = plan.columns == Columns::as_arriving
                                ? any_of_members(plan.from)
                                : plan.columns == Columns::of_members;
    // The gradient's place is not known yet; −1 says that nobody wants it.
    buffers_.push_back({.units = units,
                        .value = 0,
                        .gradient = wants_gradient ? 0 : -1,
                        .of_members = of_members});
    plan.to = static_cast<int>(buffers_.size()) - 1;
    plans_.push_back(std::move(plan));
    return plans_.back().to;
}

template <class T>
bool Program<T>::any_of_members(const std::vector<int>& from) const {
    const auto some =
        std::count_if(from.begin(), from.end(), [&](int at) { return buffer(at).of_members; });
    if (some > 0 && some < std::ssize(from)) {
        throw std::invalid_argument("a step reads samples beside members");
    }
    return some > 0;
}

template <class T>
void Program<T>::set_members(int members) {
    check_units(members);
    if (members_ > 0 && members_ != members) {
        throw std::invalid_argument("a program of two numbers of members");
    }
    members_ = members;
}

template <class T>
void Program<T>::count_weights(double weights, bool by_members) {
    weights_ += weights;
    operations_ += 6.0 * weights * (by_members ? members_ : 1);  // three products of 2·in·out
}

template <class T>
int Program<T>::input(int units) {
    if (!buffers_.empty()) throw std::invalid_argument("a program has one input");
    check_units(units);
    buffers_.push_back({.units = units, .value = 0, .gradient = -1});
    return 0;
}

template <class T>
int Program<T>::add(const std::vector<int>& from, int units, bool has_parameters, Scratch scratch,
                    Make make, Columns columns) {
    const bool wants_gradient = any_wants_gradient(from) || has_parameters;
    return add({.from = from,
                .to = 0,
                .gradient_units = units,
                .scratch = scratch,
                .make = std::move(make),
                .columns = columns},
               units, wants_gradient);
}

template <class T>
int Program<T>::dense(int at, int units, const ActivationFunction<T>& activation, bool use_bias) {
    const int inputs = buffer(at).units, after = activation.units_after(units);
    if (!activation.is_elementwise()) coupled_ = std::max(coupled_, units);
    const bool narrow = is_narrow(inputs, units);
    const Neurons neurons{.is_dense = true,
                          .units = units,
                          .activation = activation,
                          .use_bias = use_bias,
                          .narrow = narrow,
                          .kernel = add_parameter(inputs, units, narrow, false, true)};
    if (use_bias) parameter(1, units, true);
    count_weights(static_cast<double>(inputs) * units, buffer(at).of_members);
    return add({.from = {at},
                .to = 0,
                .gradient_units = units,
                .scratch = {.values = 0, .training = round_up_to_block<T>(narrow ? inputs : units)},
                .make = {},
                .neurons = neurons},
               after, true);
}

template <class T>
int Program<T>::activation(int at, const ActivationFunction<T>& activation) {
    const Buffer from = buffer(at);
    if (!activation.is_elementwise()) coupled_ = std::max(coupled_, from.units);
    return add(
        {.from = {at},
         .to = 0,
         .gradient_units = from.units,
         .scratch = {},
         .make = {},
         .neurons = Neurons{.is_dense = false, .units = from.units, .activation = activation}},
        activation.units_after(from.units), from.gradient >= 0);
}

template <class T>
Parameter Program<T>::add_parameter(int rows, int columns, bool blocks_of_rows, bool is_vector,
                                    bool trainable) {
    check_units(rows);
    check_units(columns);
    const Parameter added{parameter_size_, static_cast<int>(parameters_.size())};
    const int across = blocks_of_rows ? columns : rows, inside = blocks_of_rows ? rows : columns;
    parameter_size_ += static_cast<size_t>(across) * round_up_to_block<T>(inside);
    parameters_.push_back({.offset = added.offset,
                           .size = parameter_size_ - added.offset,
                           .rows = rows,
                           .columns = columns,
                           .width = Block<T>,
                           .blocks_of_rows = blocks_of_rows,
                           .is_vector = is_vector,
                           .trainable = trainable});
    return added;
}

template <class T>
Parameter Program<T>::parameter(int rows, int columns, bool is_vector, bool trainable) {
    return add_parameter(rows, columns, false, is_vector, trainable);
}

template <class T>
Parameter Program<T>::member_matrices(int rows, int columns) {
    return of_each_member(rows, columns, true);
}

template <class T>
Parameter Program<T>::member_vectors(int columns) {
    return of_each_member(1, columns, false);
}

template <class T>
Parameter Program<T>::of_each_member(int rows, int columns, bool is_matrices) {
    const Parameter added = add_parameter(rows, columns * members_, is_matrices, false, true);
    ParameterBlock& block = parameters_[added.place];
    block.rows = rows * members_;
    block.columns = columns;
    block.members = members_;
    block.is_matrices = is_matrices;
    return added;
}

template <class T>
ParameterBlock& Program<T>::parameter_at(int place) {
    if (place < 0 || place >= static_cast<int>(parameters_.size())) {
        throw std::invalid_argument("a rule of no parameter");
    }
    return parameters_[place];
}

template <class T>
void Program<T>::penalise(int place, Schedule l1, Schedule l2) {
    parameter_at(place).l1 = std::move(l1);
    parameter_at(place).l2 = std::move(l2);
}

template <class T>
void Program<T>::penalise(int place, const Orthogonality& orthogonality) {
    parameter_at(place).orthogonality = orthogonality;
}

template <class T>
void Program<T>::constrain(int place, const Constraint& constraint) {
    parameter_at(place).constraint = constraint;
}

// Where one sample is computed, a row is one element: buffers begin on 64-byte boundaries.
// Pre-activations of their own, and what else steps keep, come behind the buffers.
template <class T>
void Program<T>::lay_out_values() {
    for (Buffer& buffer : buffers_) {
        int& rows = rows_[buffer.of_members].values;
        buffer.value = rows;
        rows += round_up_to_block<T>(buffer.units);
    }
    for (Plan& plan : plans_) {
        if (plan.is_dense()) {
            const ActivationFunction<T>& activation = plan.neurons->activation;
            const bool apart =
                !activation.saves_output() || (plan.fused && !activation.is_linear());
            plan.scratch.values = apart ? plan.neurons->units : 0;
        }
        int& rows = rows_[buffers_[plan.to].of_members].values;
        plan.values = rows;
        rows += round_up_to_block<T>(plan.scratch.values);
    }
}

template <class T>
void Program<T>::lay_out_training() {
    rows_[false].training = rows_[true].training = 1;  // the ones
    const auto take = [&](bool of_members, int rows) {
        const int first = training_rows(of_members);
        rows_[of_members].training += rows;
        return first;
    };
    for (Plan& plan : plans_) {
        Buffer& buffer = buffers_[plan.to];
        if (buffer.gradient < 0) continue;
        buffer.gradient = take(buffer.of_members, std::max(plan.gradient_units, buffer.units));
    }
    for (Plan& plan : plans_) {
        plan.training = take(buffers_[plan.to].of_members, plan.scratch.training);
    }
    member_losses_ = take(true, 1);
}

// The buffer whose mean over members an output is, or the output itself.
template <class T>
int Program<T>::averaged(int output) const noexcept {
    const Plan* last = producer(output);
    if (last == nullptr) return output;
    const int before = last->from.front();
    return buffers_[before].of_members && !buffers_[output].of_members ? before : output;
}

template <class T>
void Program<T>::finish(const std::vector<int>& outputs, const std::vector<bool>& from_z) {
    if (buffers_.empty() || !steps_.empty()) throw std::invalid_argument("nothing to finish");
    if (outputs.empty() || outputs.size() != from_z.size()) {
        throw std::invalid_argument("a program of no outputs, or of other losses");
    }
    std::vector<bool> written(buffers_.size(), false);
    for (size_t i = 0; i < outputs.size(); ++i) {
        if (buffer(outputs[i]).of_members) {
            throw std::invalid_argument("members that nobody averages");
        }
        const int judged = averaged(outputs[i]);
        judged_.push_back(judged);
        written[judged] = true;  // a loss writes its gradient first
        if (!from_z[i]) continue;
        const Plan* plan = producer(judged);
        const Plan* reader = first_reader(judged);
        if (plan == nullptr || !plan->neurons || (reader != nullptr && reader->to != outputs[i])) {
            throw std::invalid_argument("a loss of pre-activations reads neurons at an end");
        }
        plans_[judged - 1].fused = true;
    }
    lay_out_values();
    lay_out_training();
    for (size_t i = 0; i < outputs.size(); ++i) {
        const Buffer &output = buffers_[outputs[i]], &judged = buffers_[judged_[i]];
        ends_.push_back({.output = output,
                         .judged = judged,
                         .loss_input = from_z[i] ? z_row(*producer(judged_[i])) : judged.value,
                         .reads_z = from_z[i],
                         .unit = outputs_});
        outputs_ += output.units;
    }
    // Backward runs from the last step to the first: the last reader of a value writes its
    // gradient, the earlier ones add theirs.
    steps_.resize(plans_.size());
    for (size_t i = plans_.size(); i-- > 0;) {
        const Plan& plan = plans_[i];
        const Places places = places_of(plan, written);
        if (plan.is_dense()) {
            steps_[i] = make_dense(plan, places);
        } else if (plan.neurons) {
            steps_[i] = std::make_unique<ActivationStep<T>>(places.input(), places.output,
                                                            plan.neurons->activation, plan.fused);
        } else {
            steps_[i] = plan.make(places);
        }
        if (places.output.of_members && plan.columns == Columns::as_arriving) {
            steps_[i] = std::make_unique<MemberStep<T>>(std::move(steps_[i]), members_);
        }
    }
}

template <class T>
Places Program<T>::places_of(const Plan& plan, std::vector<bool>& written) const {
    Places places{.inputs = {},
                  .output = buffers_[plan.to],
                  .values = plan.values,
                  .training = plan.training};
    for (const int from : plan.from) {
        places.inputs.push_back(buffers_[from]);
        places.inputs.back().adds = written[from];
        written[from] = true;
    }
    return places;
}

// The row of a Dense's or an activation's z.
template <class T>
int Program<T>::z_row(const Plan& plan) const noexcept {
    if (!plan.is_dense()) return buffers_[plan.from.front()].value;
    return plan.scratch.values > 0 ? plan.values : buffers_[plan.to].value;
}

template <class T>
const typename Program<T>::Plan* Program<T>::producer(int buffer) const noexcept {
    return buffer > 0 ? &plans_[buffer - 1] : nullptr;
}

// The first step that reads a buffer, which is the last to write its gradient.
template <class T>
const typename Program<T>::Plan* Program<T>::first_reader(int buffer) const noexcept {
    for (const Plan& plan : plans_) {
        if (std::find(plan.from.begin(), plan.from.end(), buffer) != plan.from.end()) return &plan;
    }
    return nullptr;
}

// Whether the gradient that reaches a Dense is already with respect to its z: a Dense behind it
// applies the derivative where it writes the gradient.
template <class T>
bool Program<T>::passes_dz(const Plan& plan) const noexcept {
    const Plan* reader = first_reader(plan.to);
    const bool ends = std::find(judged_.begin(), judged_.end(), plan.to) != judged_.end();
    return plan.is_dense() && plan.neurons->activation.is_elementwise() && reader != nullptr &&
           reader->is_dense() && !ends;
}

template <class T>
std::unique_ptr<Step<T>> Program<T>::make_dense(const Plan& plan, const Places& places) const {
    const Neurons& neurons = *plan.neurons;
    // The step that made the input, if this one is the last to write the gradient of it.
    const Plan* before = producer(plan.from.front());
    const bool derives =
        before != nullptr && passes_dz(*before) && first_reader(plan.from.front()) == &plan;
    const ActivationFunction<T> input_activation =
        derives ? before->neurons->activation : ActivationFunction<T>();
    return std::make_unique<DenseStep<T>>(typename DenseStep<T>::Layout{
        .input = places.input(),
        .output = places.output,
        .units = neurons.units,
        .pre_activation = z_row(plan),
        .ones = ones(places.output.of_members),
        .transposed = places.training,
        .kernel = neurons.kernel.offset,
        .bias = neurons.kernel.offset + parameters_[neurons.kernel.place].size,
        .place = neurons.kernel.place,
        .narrow = neurons.narrow,
        .use_bias = neurons.use_bias,
        .activation = neurons.activation,
        .input_activation = input_activation,
        .input_saved = derives ? input_activation.saved(z_row(*before), places.input().value) : 0,
        .receives_dz = plan.fused || passes_dz(plan)});
}

template class Program<float>;
template class Program<double>;

}  // namespace hl
