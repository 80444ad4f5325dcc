// The rows of a learned table that category codes stand for.
#pragma once

#include "vector_update.hpp"

namespace hl {

// Of each input unit, a whole number below the table's rows, that row: the same table for all.
// Nobody wants the gradient of a code.
template <class T>
class EmbeddingStep final : public Step<T> {
  public:
    EmbeddingStep(const Places& places, int rows, int units, Parameter table)
        : input_(places.input()),
          output_(places.output),
          transposed_(places.training),
          rows_(rows),
          units_(units),
          table_(table) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        for (int position = 0; position < input_.units; ++position) {
            const T* codes = batch.row(input_.value + position);
            for (int j = first; j < first + columns; j += Block<T>) {
                uint32_t rows[Block<T>];
                for (int s = 0; s < Block<T>; ++s) rows[s] = row_of(codes[j + s]);
                for (int b = 0; b < blocks(); ++b) {
                    batch.kernels.gather(
                        units_of_block(b), Block<T>, Block<T>, table_block(batch, b), Block<T>,
                        rows, 0, batch.row(output_.value + position * units_ + b * Block<T>) + j,
                        batch.stride);
                }
            }
        }
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        T* to = batch.row(output_.value);
        for (int position = 0; position < input_.units; ++position) {
            const ptrdiff_t row = row_of(batch.row(input_.value)[position]);
            for (int b = 0; b < blocks(); ++b) {
                to = std::copy_n(table_block(batch, b) + row * Block<T>, units_of_block(b), to);
            }
        }
    }

    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        for (int position = 0; position < input_.units; ++position) {
            batch.kernels.transpose(
                units_, columns, batch.row(output_.gradient + position * units_) + first,
                batch.stride, transposed(batch, position, 0) + ptrdiff_t{first} * Block<T>,
                batch.stride * Block<T>);
        }
    }

    // Some rows of a block of the table's columns: each row's sum goes over its samples in order.
    int update_items() const noexcept override { return blocks() * parts(); }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        const int block = item / parts(), row = item % parts() * rows_at_once;
        const int rows = std::min(rows_at_once, rows_ - row);
        alignas(64) T sums[rows_at_once * Block<T>];
        std::fill_n(sums, rows * Block<T>, T(0));
        for (int position = 0; position < input_.units; ++position) {
            batch.kernels.add_by_code(batch.samples, batch.row(input_.value + position), row, rows,
                                      transposed(batch, position, block), sums);
        }
        const size_t first = (static_cast<size_t>(block) * rows_ + row) * Block<T>;
        update_stretch(batch, update, waiting, table_.place, table_.offset + first, rows * Block<T>,
                       sums);
    }

  private:
    // Their sums stay in the second-level cache, 64 kB, and what it costs to go over the samples
    // again for the next ones is little beside the optimizer's step.
    static constexpr int rows_at_once = 1024;

    int blocks() const noexcept { return blocks_of<T>(units_); }
    int parts() const noexcept { return (rows_ + rows_at_once - 1) / rows_at_once; }
    int units_of_block(int block) const noexcept {
        return std::min(Block<T>, units_ - block * Block<T>);
    }
    const T* table_block(const Batch<T>& batch, int block) const noexcept {
        return batch.parameters + table_.offset + static_cast<size_t>(block) * rows_ * Block<T>;
    }
    T* transposed(const Batch<T>& batch, int position, int block) const noexcept {
        return batch.row(transposed_ + (position * blocks() + block) * Block<T>);
    }
    // Codes are checked before they come here; whatever else comes reads within the table.
    uint32_t row_of(T code) const noexcept {
        return code >= T(0) && code < static_cast<T>(rows_) ? static_cast<uint32_t>(code) : 0;
    }

    Buffer input_;
    Buffer output_;
    int transposed_;
    int rows_;
    int units_;
    Parameter table_;
};

template <class T>
int add_embedding(Program<T>& program, int at, int rows, int units) {
    const Parameter table = program.parameter(rows, units, false);
    const int positions = program.units(at);
    const int transposed = positions * round_up_to_block<T>(units);
    return program.add({at}, positions * units, true, {.training = transposed},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<EmbeddingStep<T>>(places, rows, units, table);
                       });
}

}  // namespace hl
