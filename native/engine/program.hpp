// A network, lowered: steps over the rows of one arena and offsets into one parameter vector. A
// Sequential is the straight case; a branch is a step that reads an earlier buffer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dense_step.hpp"
#include "steps.hpp"

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
    bool is_bias;
    // Penalties l1·Σ|w| + l2·Σw², and factors of the optimizer's rate and weight decay.
    double l1 = 0.0;
    double l2 = 0.0;
    double rate_factor = 1.0;
    double decay_factor = 1.0;

    size_t at(int i, int j) const noexcept {
        const size_t inside = blocks_of_rows ? i : j, across = blocks_of_rows ? j : i;
        const size_t length = blocks_of_rows ? columns : rows;
        return offset + (inside / width * length + across) * width + inside % width;
    }
};

template <class T>
class Program {
  public:
    Program() = default;
    Program(Program&&) = default;
    Program(const Program&) = delete;

    // Each returns the number of the buffer it writes, which later steps read by. The first call
    // is `input`. `at` out of range, or units outside 1 … 2^24, throw std::invalid_argument.
    int input(int units);
    int dense(int at, int units, const ActivationFunction<T>& activation, bool use_bias, T l2);
    int activation(int at, const ActivationFunction<T>& activation);
    int dropout(int at, const Schedule& rate);

    // To be called once, after the last step: `from_z` makes the loss read the pre-activation of
    // the last step and give its gradient there.
    void finish(bool from_z);

    int inputs() const noexcept { return buffers_.front().units; }
    int outputs() const noexcept { return buffers_.back().units; }
    const Buffer& output() const noexcept { return buffers_.back(); }
    // The arena row of what the loss reads; its gradient goes to output().gradient.
    int loss_input() const noexcept { return loss_input_; }

    const std::vector<std::unique_ptr<Step<T>>>& steps() const noexcept { return steps_; }
    const std::vector<ParameterBlock>& parameters() const noexcept { return parameters_; }
    size_t parameter_size() const noexcept { return parameter_size_; }
    double operations_per_sample() const noexcept { return operations_; }

    // Rows of an arena: values alone for prediction, all for training.
    int value_rows() const noexcept { return value_rows_; }
    int training_rows() const noexcept { return value_rows_ + training_rows_; }
    // The widest layer whose activation couples its units; 0: none.
    int coupled_units() const noexcept { return coupled_; }
    // The arena row of ones, filled by whoever makes a training arena.
    int ones() const noexcept { return value_rows_; }

  private:
    // A step as asked for; `finish` knows all widths and places the buffers.
    struct Plan {
        enum class Kind { dense, activation, dropout } kind;
        int from;
        int to;
        ActivationFunction<T> activation = {};
        bool use_bias = false;
        T l2 = T(0);
        Schedule rate = {};
    };

    const Buffer& buffer(int at) const;
    void note_coupling(const ActivationFunction<T>& activation, int units) noexcept;
    int add(const Plan& plan, int units, bool wants_gradient);
    int first_reader(int buffer) const noexcept;
    bool passes_dz(int producer) const noexcept;
    std::unique_ptr<Step<T>> place_dense(int plan);
    std::unique_ptr<Step<T>> place(int plan);

    std::vector<Buffer> buffers_;
    std::vector<Plan> plans_;
    std::vector<int> z_rows_;  // of each plan's pre-activation
    std::vector<std::unique_ptr<Step<T>>> steps_;
    std::vector<ParameterBlock> parameters_;
    size_t parameter_size_ = 0;
    int value_rows_ = 0;
    int training_rows_ = 0;
    int loss_input_ = 0;
    int coupled_ = 0;
    double operations_ = 0.0;
};

extern template class Program<float>;
extern template class Program<double>;

}  // namespace hl
