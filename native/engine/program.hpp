// A network, lowered: steps over the rows of one arena and offsets into one parameter vector. A
// Sequential is the straight case; a branch is a step that reads an earlier buffer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dense_step.hpp"
#include "weight_rules.hpp"

namespace hl {

// A kernel [rows, columns] or a bias [1, columns] in the parameter vector, in `size` elements from
// `offset` on: in blocks of `width` columns, or of `width` rows; zeros where a block is not full.
struct ParameterBlock {
    size_t offset;
    size_t size;
    int rows;
    int columns;
    int width;
    bool blocks_of_rows;
    bool is_vector;
    bool trainable;  // else steps of the program change it themselves, and no optimizer does
    // Penalties l1·Σ|w| + l2·Σw², and factors of the optimizer's rate and weight decay.
    Schedule l1 = Schedule::constant(0.0);
    Schedule l2 = Schedule::constant(0.0);
    double rate_factor = 1.0;
    double decay_factor = 1.0;
    // Those of so many members, one below the other in `rows`; in memory, beside each other.
    int members = 1;
    bool is_matrices = false;
    Orthogonality orthogonality = {};
    Constraint constraint = {};

    size_t at(int i, int j) const noexcept {
        const int own = rows / members;
        j += i / own * columns;
        i %= own;
        const size_t inside = blocks_of_rows ? i : j, across = blocks_of_rows ? j : i;
        const size_t length = blocks_of_rows ? columns * members : own;
        return offset + (inside / width * length + across) * width + inside % width;
    }
};

// Where a parameter begins, and its place among the program's.
struct Parameter {
    size_t offset;
    int place;
};

// What a step is given once the arena is laid out: its buffers, and the rows it asked for.
struct Places {
    std::vector<Buffer> inputs;
    Buffer output;
    int values;
    int training;

    const Buffer& input() const noexcept { return inputs.front(); }
};

// A value that leaves the program, side by side with the others: `unit` is its first among all.
// The loss of training reads `judged`, which is the value or the members whose mean it is: the
// arena row `loss_input`, perhaps that of its pre-activation, whose gradient goes to
// judged.gradient.
struct End {
    Buffer output;
    Buffer judged;
    int loss_input;
    bool reads_z;
    int unit;
};

// Whose columns a step writes: those of what it reads, all alike, or these; then it knows of both.
enum class Columns { as_arriving, of_samples, of_members };

// Rows of the arena that a step needs for itself, in the columns that it writes. Values are there
// in prediction too; rows for training come with the gradients.
struct Scratch {
    int values = 0;
    int training = 0;
};

template <class T>
class Program {
  public:
    using Make = std::function<std::unique_ptr<Step<T>>(const Places&)>;

    Program() = default;
    Program(Program&&) = default;
    Program(const Program&) = delete;

    // Each returns the number of the buffer it writes, which later steps read by. The first call
    // is `input`. A buffer that is not there, or units outside 1 … 2^24, throw
    // std::invalid_argument.
    int input(int units);
    int dense(int at, int units, const ActivationFunction<T>& activation, bool use_bias);
    int activation(int at, const ActivationFunction<T>& activation);
    // Whether a Dense's columns of weights are its inputs: see DenseStep.
    static bool is_narrow(int inputs, int units) noexcept;
    // Any other step: `make` is called when the arena is laid out. `has_parameters`: the step needs
    // the gradient of its output even if no earlier step does.
    int add(const std::vector<int>& from, int units, bool has_parameters, Scratch scratch,
            Make make, Columns columns = Columns::as_arriving);

    // A vector of parameters, [columns], or a matrix, [rows, columns], in blocks of columns.
    Parameter parameter(int rows, int columns, bool is_vector, bool trainable = true);
    // What a step costs a sample, training included: how many threads are worth it.
    void add_operations(double per_sample) noexcept { operations_ += per_sample; }
    // A matrix [rows, columns] for each member, in blocks of rows, or a vector [columns]: those of
    // the members beside each other.
    Parameter member_matrices(int rows, int columns);
    Parameter member_vectors(int columns);
    // From here on samples may go through so many networks at once: one number for all the program.
    void set_members(int members);
    // For a step of its own kind: products of so many weights, for each member if `by_members`.
    void count_weights(double weights, bool by_members);
    // The penalties of a parameter and its constraint, by its place among them.
    void penalise(int place, Schedule l1, Schedule l2);
    void penalise(int place, const Orthogonality& orthogonality);
    void constrain(int place, const Constraint& constraint);
    // The one row of a buffer holds a penalty of each sample.
    void add_penalty(int at) { penalties_.push_back(at); }

    // Says that a step reads all samples of a batch for each of its units, so that threads may not
    // share the samples in training.
    void couple_samples() noexcept { couples_samples_ = true; }

    // To be called once, after the last step, with the buffers that leave: `from_z` makes a loss
    // read the pre-activation of the step that writes one, and give its gradient there. Of a mean
    // of members, the loss of training reads, and gives back to, what is averaged.
    void finish(const std::vector<int>& outputs, const std::vector<bool>& from_z);
    void finish(bool from_z) { finish({static_cast<int>(buffers_.size()) - 1}, {from_z}); }

    int units(int at) const { return buffer(at).units; }
    int inputs() const noexcept { return buffers_.front().units; }
    // Units of all ends together.
    int outputs() const noexcept { return outputs_; }
    const std::vector<End>& ends() const noexcept { return ends_; }
    bool of_members(int at) const { return buffer(at).of_members; }
    int members() const noexcept { return members_; }
    // The members' arena row where their losses go before they are averaged.
    int member_losses() const noexcept { return member_losses_; }

    // Of the values of all samples together, after `forward`.
    double activity_penalty(const Batch<T>& batch) const noexcept {
        double sum = 0.0;
        for (const int at : penalties_) {
            sum += batch.kernels.sum(batch.samples, batch.row(buffers_[at].value));
        }
        return sum;
    }

    const std::vector<std::unique_ptr<Step<T>>>& steps() const noexcept { return steps_; }
    const std::vector<ParameterBlock>& parameters() const noexcept { return parameters_; }
    size_t parameter_size() const noexcept { return parameter_size_; }
    double operations_per_sample() const noexcept { return operations_; }
    // Weights of its products.
    double weights() const noexcept { return weights_; }

    // Rows of an arena, of the samples' columns or of the members': values alone for prediction,
    // all for training.
    int value_rows(bool of_members = false) const noexcept { return rows_[of_members].values; }
    int training_rows(bool of_members = false) const noexcept {
        return rows_[of_members].values + rows_[of_members].training;
    }
    // The widest layer whose activation couples its units; 0: none.
    int coupled_units() const noexcept { return coupled_; }
    bool couples_samples() const noexcept { return couples_samples_; }
    // The arena row of ones, filled by whoever makes a training arena.
    int ones(bool of_members = false) const noexcept { return rows_[of_members].values; }

  private:
    // A Dense, or an activation of its own: steps that fuse with their neighbours.
    struct Neurons {
        bool is_dense;
        int units;  // of z
        ActivationFunction<T> activation;
        bool use_bias = false;
        bool narrow = false;
        Parameter kernel = {};  // its bias follows
    };
    // A step as asked for; `finish` knows all widths and places the buffers.
    struct Plan {
        std::vector<int> from;
        int to;
        int gradient_units;  // rows that the gradient of its value has
        Scratch scratch;
        Make make;
        std::optional<Neurons> neurons = {};
        int values = 0;
        int training = 0;
        bool fused = false;  // the loss gives the gradient of z
        Columns columns = Columns::as_arriving;

        bool is_dense() const noexcept { return neurons && neurons->is_dense; }
    };

    const Buffer& buffer(int at) const;
    ParameterBlock& parameter_at(int place);
    int add(Plan plan, int units, bool wants_gradient);
    bool any_of_members(const std::vector<int>& from) const;
    Parameter of_each_member(int rows, int columns, bool is_matrices);
    Parameter add_parameter(int rows, int columns, bool blocks_of_rows, bool is_vector,
                            bool trainable);
    bool any_wants_gradient(const std::vector<int>& from) const;
    int z_row(const Plan& plan) const noexcept;
    const Plan* producer(int buffer) const noexcept;
    const Plan* first_reader(int buffer) const noexcept;
    bool passes_dz(const Plan& plan) const noexcept;
    int averaged(int output) const noexcept;
    void lay_out_values();
    void lay_out_training();
    std::unique_ptr<Step<T>> make_dense(const Plan& plan, const Places& places) const;
    Places places_of(const Plan& plan, std::vector<bool>& written) const;

    std::vector<Buffer> buffers_;
    std::vector<Plan> plans_;
    std::vector<std::unique_ptr<Step<T>>> steps_;
    std::vector<ParameterBlock> parameters_;
    std::vector<int> penalties_;
    size_t parameter_size_ = 0;
    Scratch rows_[2];  // of the samples' columns and of the members'
    int members_ = 0;
    int member_losses_ = 0;
    std::vector<int> judged_;  // the buffers that the losses of training read
    std::vector<End> ends_;
    int outputs_ = 0;
    int coupled_ = 0;
    bool couples_samples_ = false;
    double operations_ = 0.0;
    double weights_ = 0.0;
};

extern template class Program<float>;
extern template class Program<double>;

}  // namespace hl
