// One step of a program: a layer, as it reads and writes buffers. A new layer kind is a new step.
#pragma once

#include <cstdint>

#include "aligned.hpp"

namespace hl {

// Rows of the arena where a value and its gradient begin; no gradient: −1.
struct Buffer {
    int units;
    int value;
    int gradient;
};

// What a step sees of a batch. Steps hold offsets and never own memory, so one program serves any
// number of runs and threads.
template <class T>
struct Batch {
    const Kernels<T>& kernels;
    T* memory;         // the arena; buffers start at (their first row)·stride
    ptrdiff_t stride;  // columns the arena has room for
    const T* parameters;
    int samples;  // columns that hold a sample
    bool training;
    uint64_t seed;
    uint64_t step;
    T* packed;  // the calling thread's room for packing, packed_size elements

    T* row(int first) const noexcept { return memory + first * stride; }
};

// What the owner of weights needs for updating them.
template <class T>
struct Update {
    Optimizer optimizer;
    UpdateRule<T> rule;  // two_l2 is filled in by the step
    T* parameters;
    T* state_1;
    T* state_2;
};

template <class T>
class Step {
  public:
    virtual ~Step() = default;

    // Columns [first, first + columns), both multiples of Block<T>.
    virtual void forward(const Batch<T>&, int first, int columns) const noexcept = 0;
    // The same for one sample whose units lie side by side: a batch of stride 1.
    virtual void forward_one(const Batch<T>&) const noexcept = 0;
    virtual void backward(const Batch<T>&, int first, int columns) const noexcept = 0;

    // The part of the weights that `thread` of `threads` owns: it computes their gradient and
    // updates them.
    virtual void update(const Batch<T>&, const Update<T>&, int, int) const noexcept {}

    // Set while the program is built. The loss's gradient may be with respect to z, which spares
    // the last activation's; where a value has several readers, all but one add their gradient.
    bool fused_with_loss = false;
    bool accumulate = false;
};

}  // namespace hl
