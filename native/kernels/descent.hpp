// One step of gradient descent on a block of weights: gradient = A·B tile by tile, and the
// optimizer's rule on the tile before it, woven into the sum over k. The rule waits for the divider
// and the square root, and for weights and states to come from memory; the multipliers do not wait
// with it. The gradient is never whole: a tile of it lies in the first-level cache.
#pragma once

#include "optimizers.hpp"
#include "product.hpp"

namespace {

using hl::Descent;

// Accumulators of a tile, fewer than a product's: the rule needs registers too.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int descent_rows = 8, descent_vectors = 2;
#else
constexpr int descent_rows = 4, descent_vectors = 2;
#endif

// The tile whose gradient is done and whose rule is to be applied, vector by vector.
template <class T>
struct PendingTile {
    T gradient[descent_rows * descent_vectors * Lanes<T>] __attribute__((aligned(64)));
    ptrdiff_t at = 0;  // of its first weight
    int vectors = 1;   // a row
    int count = 0;
};

// Three vectors on their way through the rule, each one part further than the next. A whole rule
// takes longer than the processor looks ahead: as one piece it would stop the sums.
template <class T, Optimizer O>
class Conveyor {
  public:
    HL_INLINE Conveyor(const Descent<T>& d, const PendingTile<T>& pending)
        : gradient_(pending.gradient),
          at_(pending.at),
          wide_(pending.vectors == 2),
          count_(pending.count),
          states_(Rule<O>::states(d.rule)) {}

    // Advances all; vector `i` of the tile enters, if there is one.
    HL_INLINE void advance(const Descent<T>& d, int i) {
        if (i >= 3 && i < count_ + 3) {
            T* w = d.weights + third_at_;
            store(w, Rule<O>::weights(third_, load(w), d.rule));
        }
        if (i >= 2 && i < count_ + 2) {
            third_ = second_;
            third_at_ = second_at_;
            Rule<O>::quotient(third_, d.rule);
        }
        if (i >= 1 && i < count_ + 1) {
            second_ = first_;
            second_at_ = first_at_;
            if (states_ > 0) store(d.state_1 + second_at_, second_.state_1);
            if (states_ > 1) store(d.state_2 + second_at_, second_.state_2);
            Rule<O>::root(second_, d.rule);
        }
        if (i < count_) {
            first_at_ = at_;
            at_ += !wide_ ? d.row : i % 2 == 0 ? Lanes<T> : d.row - Lanes<T>;
            first_.gradient = load(gradient_ + i * Lanes<T>);
            if (d.rule.two_l2 != T(0)) {
                first_.gradient = first_.gradient + load(d.weights + first_at_) * d.rule.two_l2;
            }
            if (states_ > 0) first_.state_1 = load(d.state_1 + first_at_);
            if (states_ > 1) first_.state_2 = load(d.state_2 + first_at_);
            Rule<O>::moments(first_, d.rule);
        }
    }
    HL_INLINE void finish(const Descent<T>& d, int from) {
        for (int i = from; i < count_ + 3; ++i) advance(d, i);
    }

  private:
    const T* gradient_;
    ptrdiff_t at_;
    bool wide_;
    int count_;
    int states_;
    Flow<T> first_, second_, third_;
    ptrdiff_t first_at_, second_at_, third_at_;
};
static_assert(descent_vectors == 2);

template <class T, Optimizer O, int MR, int NR>
void descend_tile(const Descent<T>& given, int row, int column, PendingTile<T>& pending) {
    const Descent<T> d = given;  // a copy, which no store through a pointer can change
    V<T> sum[MR][NR];
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 2
        for (int j = 0; j < NR; ++j) sum[i][j] = broadcast(T(0));
    }
    const T* a = d.a + row * d.a_row;
    const T* b[NR];
#pragma GCC unroll 2
    for (int j = 0; j < NR; ++j) {
        const int at = column + j * Lanes<T>;
        b[j] = d.b + at / hl::Block<T> * d.b_block + at % hl::Block<T>;
    }
    const ptrdiff_t own = row * d.row + column;
    constexpr int slots = MR * NR;
    Conveyor<T, O> conveyor(d, pending);
    ptrdiff_t offset = 0;
    const int stretch = (d.k + slots - 1) / slots;
    for (int slot = 0, left = d.k; slot < slots; ++slot, left -= stretch) {
        const int stop = left < stretch ? left : stretch;
        for (int k = 0; k < stop; ++k) {
            V<T> right[NR];
#pragma GCC unroll 2
            for (int j = 0; j < NR; ++j) right[j] = load(b[j] + offset);
#pragma GCC unroll 8
            for (int i = 0; i < MR; ++i) {
                const V<T> factor = broadcast(a[i * d.a_row]);
#pragma GCC unroll 2
                for (int j = 0; j < NR; ++j) sum[i][j] = fma(factor, right[j], sum[i][j]);
            }
            ++a;
            offset += hl::Block<T>;
        }
        // This tile's weights are wanted while the next tile is summed.
        const ptrdiff_t ahead = own + slot / NR * d.row + slot % NR * Lanes<T>;
        __builtin_prefetch(d.weights + ahead, 1);
        __builtin_prefetch(d.state_1 + ahead, 1);
        __builtin_prefetch(d.state_2 + ahead, 1);
        conveyor.advance(d, slot);
    }
    conveyor.finish(d, slots);
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 2
        for (int j = 0; j < NR; ++j) {
            store(pending.gradient + (i * NR + j) * Lanes<T>, sum[i][j]);
        }
    }
    pending.at = own;
    pending.vectors = NR;
    pending.count = slots;
}

template <class T, Optimizer O, int MR, int NR>
void descend_tile_of(int rows, const Descent<T>& d, int row, int column, PendingTile<T>& pending) {
    if constexpr (MR > 1) {
        if (rows != MR) return descend_tile_of<T, O, MR - 1, NR>(rows, d, row, column, pending);
    }
    descend_tile<T, O, MR, NR>(d, row, column, pending);
}

template <class T, Optimizer O>
void descend(const Descent<T>& d) {
    PendingTile<T> pending;
    const int vectors = d.n / Lanes<T>, tiles = parts_of(d.m, descent_rows);
    for (int vector = 0; vector < vectors; vector += descent_vectors) {
        const int column = vector * Lanes<T>;
        for (int t = 0, row = 0; t < tiles; ++t) {
            const int rows = part_size(d.m, tiles, t);
            if (vectors - vector >= descent_vectors) {
                descend_tile_of<T, O, descent_rows, descent_vectors>(rows, d, row, column, pending);
            } else {
                descend_tile_of<T, O, descent_rows, 1>(rows, d, row, column, pending);
            }
            row += rows;
        }
    }
    Conveyor<T, O>(d, pending).finish(d, 0);
}

}  // namespace
