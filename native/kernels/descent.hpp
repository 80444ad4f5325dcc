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

// The tile whose gradient is done, and what of it went into the rule.
template <class T>
struct PendingTile {
    T gradient[descent_rows * descent_vectors * Lanes<T>] __attribute__((aligned(64)));
    const T* next = gradient;  // the vector that enters next
    const T* end = gradient;
    ptrdiff_t at = 0;     // its weights
    ptrdiff_t step = 0;   // from them to those of the vector after it,
    ptrdiff_t other = 0;  // and from there on: the two alternate where a tile is two vectors wide
};

// Three vectors on their way through the rule, each one part further than the next. A whole rule
// takes longer than the processor looks ahead: as one piece it would stop the sums.
template <class T, Optimizer O>
struct Conveyor {
    Flow<T> first{}, second{}, third{};
    ptrdiff_t first_at = empty, second_at = empty, third_at = empty;

    static constexpr ptrdiff_t empty = -1;

    // Advances all; one of the pending vectors enters, if there is one.
    HL_INLINE void advance(const Descent<T>& d, PendingTile<T>& pending) {
        if (third_at != empty) {
            T* w = d.weights + third_at;
            store(w, Rule<O>::weights(third, load(w), d.rule));
        }
        // Member by member: copied whole, they would go through memory.
        third.state_1 = second.state_1;
        third.change = second.change;
        third_at = second_at;
        if (third_at != empty) Rule<O>::quotient(third, d.rule);
        second.state_1 = first.state_1;
        second.state_2 = first.state_2;
        second.change = first.change;
        second_at = first_at;
        const int states = Rule<O>::states(d.rule);
        if (second_at != empty) {
            if (states > 0) store(d.state_1 + second_at, second.state_1);
            if (states > 1) store(d.state_2 + second_at, second.state_2);
            Rule<O>::root(second, d.rule);
        }
        first_at = empty;
        if (pending.next == pending.end) return;
        first_at = pending.at;
        first.gradient = load(pending.next);
        if (d.rule.two_l2 != T(0)) {
            first.gradient = first.gradient + load(d.weights + first_at) * d.rule.two_l2;
        }
        if (states > 0) first.state_1 = load(d.state_1 + first_at);
        if (states > 1) first.state_2 = load(d.state_2 + first_at);
        Rule<O>::moments(first, d.rule);
        const ptrdiff_t step = pending.step;
        pending.next += Lanes<T>;
        pending.at += step;
        pending.step = pending.other;
        pending.other = step;
    }
    HL_INLINE bool is_empty() const {
        return first_at == empty && second_at == empty && third_at == empty;
    }
};
static_assert(descent_vectors == 2);

template <class T, Optimizer O, int MR, int NR>
void descend_tile(const Descent<T>& given, int row, int column, PendingTile<T>& pending,
                  Conveyor<T, O>& moving) {
    // Copies, which no store through a pointer can change.
    const Descent<T> d = given;
    Conveyor<T, O> conveyor = moving;
    V<T> sum[MR][NR];
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 2
        for (int j = 0; j < NR; ++j) sum[i][j] = broadcast(T(0));
    }
    constexpr int width = hl::Block<T>;
    const T* a = d.a + row * d.a_row;
    const T* b = d.b + column / width * d.b_block + column % width;
    const ptrdiff_t b_next = Lanes<T> < width ? Lanes<T> : d.b_block;
    const ptrdiff_t own = column / width * d.weights_block + row * width + column % width;
    const ptrdiff_t next = Lanes<T> < width ? Lanes<T> : d.weights_block;
    constexpr int slots = MR * NR;
    const int stretch = (d.k + slots - 1) / slots;
    int left = d.k;
    ptrdiff_t ahead = own;
    const int states = Rule<O>::states(d.rule);
    for (int i = 0; i < MR; ++i, ahead += width) {
#pragma GCC unroll 2
        for (int j = 0; j < NR; ++j) {
            const int stop = left < stretch ? left : stretch;
            left -= stop;
            for (int k = 0; k < stop; ++k) {
                V<T> right[NR];
#pragma GCC unroll 2
                for (int v = 0; v < NR; ++v) right[v] = load(b + v * b_next);
#pragma GCC unroll 8
                for (int r = 0; r < MR; ++r) {
                    const V<T> factor = broadcast(a[r * d.a_row]);
#pragma GCC unroll 2
                    for (int v = 0; v < NR; ++v) sum[r][v] = fma(factor, right[v], sum[r][v]);
                }
                ++a;
                b += width;
            }
            // This tile's weights are wanted while the next tile is summed.
            __builtin_prefetch(d.weights + ahead + j * next, 1);
            if (states > 0) __builtin_prefetch(d.state_1 + ahead + j * next, 1);
            if (states > 1) __builtin_prefetch(d.state_2 + ahead + j * next, 1);
            conveyor.advance(d, pending);
        }
    }
    while (pending.next != pending.end) conveyor.advance(d, pending);
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 2
        for (int j = 0; j < NR; ++j) {
            store(pending.gradient + (i * NR + j) * Lanes<T>, sum[i][j]);
        }
    }
    pending.next = pending.gradient;
    pending.end = pending.gradient + slots * Lanes<T>;
    pending.at = own;
    pending.step = NR == 2 ? next : width;
    pending.other = NR == 2 ? width - next : width;
    moving = conveyor;
}

template <class T, Optimizer O, int MR, int NR>
void descend_tile_of(int rows, const Descent<T>& d, int row, int column, PendingTile<T>& pending,
                     Conveyor<T, O>& conveyor) {
    if constexpr (MR > 1) {
        if (rows != MR) {
            return descend_tile_of<T, O, MR - 1, NR>(rows, d, row, column, pending, conveyor);
        }
    }
    descend_tile<T, O, MR, NR>(d, row, column, pending, conveyor);
}

template <class T, Optimizer O>
void descend(const Descent<T>& d) {
    PendingTile<T> pending;
    Conveyor<T, O> conveyor;
    const int vectors = d.n / Lanes<T>;
    for (int vector = 0; vector < vectors; vector += descent_vectors) {
        const int column = vector * Lanes<T>;
        for (int row = 0; row < d.m; row += descent_rows) {
            const int rows = d.m - row < descent_rows ? d.m - row : descent_rows;
            if (vectors - vector >= descent_vectors) {
                descend_tile_of<T, O, descent_rows, descent_vectors>(rows, d, row, column, pending,
                                                                     conveyor);
            } else {
                descend_tile_of<T, O, descent_rows, 1>(rows, d, row, column, pending, conveyor);
            }
        }
    }
    do conveyor.advance(d, pending);
    while (!conveyor.is_empty());
}

}  // namespace
