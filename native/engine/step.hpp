// One step of a program: a layer, as it reads and writes buffers. A new layer kind is a new step.
#pragma once

#include <cstdint>

#include "aligned.hpp"
#include "schedule.hpp"

namespace hl {

// Rows of the arena where a value and its gradient begin; no gradient: −1. A step whose input
// `adds` adds its gradient to those that later steps have written there.
struct Buffer {
    int units;
    int value;
    int gradient;
    bool adds = false;
    bool of_members = false;  // its rows are those of the members' columns
};

// Where samples go through several networks at once, the members: columns of their own, beside
// those of the samples. They lie block by block: the first block of samples for each member in
// turn, then the second. So a stretch of samples is a stretch of columns for all members, and what
// treats every column alike does not have to know.
template <class T>
struct MemberColumns {
    int members;
    T* memory;
    ptrdiff_t stride;  // 0: there are none
};

// Columns from `first` on, of one member, and the sample of the first of them.
struct Cells {
    int member;
    int first;
    int sample;
    int columns;
};

// What a step sees of a batch. Steps hold offsets and never own memory, so one program serves any
// number of runs and threads.
template <class T>
struct Batch {
    const Kernels<T>& kernels;
    T* memory;         // the arena; buffers start at (their first row)·stride
    ptrdiff_t stride;  // columns the arena has room for
    const T* parameters;
    int samples;   // columns that hold a sample
    int capacity;  // samples of a full batch
    bool training;
    uint64_t seed;
    uint64_t step;
    T* column;        // for one sample alone: a block for each unit that an activation couples
    Moment now = {};  // in training: of schedules
    T* statistics = nullptr;  // the parameters, for a step in training that keeps some in them
    MemberColumns<T> member_columns = {};
    int members = 1;  // whose columns these are, a block of samples for each in turn

    T* row(int first) const noexcept { return memory + first * stride; }

    // Calls `work(cells)` for columns [first, first + columns), a member at a time.
    void each_member(int first, int columns, const auto& work) const noexcept {
        if (members == 1) return work(Cells{0, first, first, columns});
        for (int at = first; at < first + columns; at += Block<T>) {
            const int block = at / Block<T>;
            work(Cells{block % members, at, block / members * Block<T>, Block<T>});
        }
    }
};

// What one of some threads has of n columns or units: whole blocks, of which the last may be
// padded.
template <class T>
struct BlockShare {
    BlockShare(int n, int thread, int threads) noexcept {
        const int blocks = round_up_to_block<T>(n) / Block<T>;
        first = share_begin(blocks, thread, threads) * Block<T>;
        count = share_begin(blocks, thread + 1, threads) * Block<T> - first;
    }
    int first;
    int count;
};

// Threads share a batch in one of two ways. By samples, each goes through all steps without meeting
// another. By units, they meet after every step and take items of it; so each reads a part of the
// weights only, and a batch may be small. Items are independent of each other.
template <class T>
class Step {
  public:
    virtual ~Step() = default;

    // Columns [first, first + columns), both multiples of Block<T>.
    virtual void forward(const Batch<T>&, int first, int columns) const noexcept = 0;
    // The same for one sample whose units lie side by side: a batch of stride 1.
    virtual void forward_one(const Batch<T>&) const noexcept = 0;
    virtual void backward(const Batch<T>&, int first, int columns) const noexcept = 0;

    // The same in items, for a batch of at most so many samples; here, some columns each. If the
    // step `derives`, every thread calls `derive` for its columns first, and waits for the others
    // before it takes items of `backward`.
    virtual int forward_items(int samples) const noexcept { return column_items(samples); }
    virtual void forward_item(const Batch<T>& batch, int item) const noexcept {
        const int columns = columns_of_item(batch, item);
        if (columns > 0) forward(batch, item * item_columns, columns);
    }
    virtual bool derives() const noexcept { return false; }
    virtual void derive(const Batch<T>&, int, int) const noexcept {}
    virtual int backward_items(int samples) const noexcept { return column_items(samples); }
    virtual void backward_item(const Batch<T>& batch, int item) const noexcept {
        const int columns = columns_of_item(batch, item);
        if (columns > 0) backward(batch, item * item_columns, columns);
    }

    // Items of weights: whoever takes one computes its gradient and updates it, now or with those
    // that it takes after it.
    virtual int update_items() const noexcept { return 0; }
    virtual void update_item(const Batch<T>&, const Update<T>&, Waiting<T>&, int) const noexcept {}

  protected:
    // Columns of an item: enough for full tiles.
    static constexpr int item_columns = 2 * Block<T>;
    static int column_items(int samples) noexcept {
        return (samples + item_columns - 1) / item_columns;
    }
    // None where the last batch is smaller.
    static int columns_of_item(const Batch<T>& batch, int item) noexcept {
        const int left = round_up_to_block<T>(batch.samples) - item * item_columns;
        return left < item_columns ? left : item_columns;
    }
};

}  // namespace hl
