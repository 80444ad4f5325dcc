// One step of gradient descent on a block of weights: gradient = A·B tile by tile, and the
// optimizer's rule on the tile before it, woven into the sum over k. The rule waits for the divider
// and the square root, and for weights and states to come from memory; the multipliers do not wait
// with it. The gradient is never whole: some tiles of it wait in the first-level cache.
#pragma once

#include "optimizers.hpp"
#include "product.hpp"

namespace {

using hl::Descent;
using hl::Update;
using hl::Waiting;

// Accumulators of a tile, fewer than a product's: the rule needs registers too.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int descent_rows = 8, descent_vectors = 2;
#else
constexpr int descent_rows = 4, descent_vectors = 2;
#endif
static_assert(hl::tallest_tile % descent_rows == 0);
static_assert(descent_vectors == 2);  // the second one's place below holds for no third

// A network of a few weights does without weaving: what it spares is less than its own cost.
constexpr unsigned fewest_woven = 4;

// Three vectors on their way through the rule, each one part further than the next. A whole rule
// takes longer than the processor looks ahead: as one piece it would stop the sums.
template <class T, Optimizer O>
struct Conveyor {
    Flow<T> first, second, third;
    T* first_weights;  // null: none
    T* second_weights;
    T* third_weights;

    // Advances all; one of the waiting vectors enters, if there is one.
    HL_INLINE void advance(const Update<T>& u, const UpdateRule<T>& rule, Waiting<T>& waiting) {
        if (third_weights != nullptr) {
            store(third_weights, changed<T>(load(third_weights), third.change, rule));
        }
        // Member by member: copied whole, they would go through memory.
        third.state_1 = second.state_1;
        third.change = second.change;
        third_weights = second_weights;
        if (third_weights != nullptr) Rule<O>::quotient(third, rule);
        second.state_1 = first.state_1;
        second.state_2 = first.state_2;
        second.change = first.change;
        second_weights = first_weights;
        const int states = Rule<O>::states(u);
        if (second_weights != nullptr) {
            const ptrdiff_t at = second_weights - u.parameters;
            if (states > 0) store(u.state_1 + at, second.state_1);
            if (states > 1) store(u.state_2 + at, second.state_2);
            Rule<O>::root(second, rule);
        }
        first_weights = nullptr;
        if (waiting.first == waiting.last) return;
        const unsigned place = waiting.first++ % Waiting<T>::capacity;
        const ptrdiff_t at = waiting.weights[place];
        first_weights = u.parameters + at;
        first.gradient = load(waiting.gradients + place * Lanes<T>);
        if (rule.penalises) {
            first.gradient = penalised<T>(first.gradient, load(first_weights), rule);
        }
        if (states > 0) first.state_1 = load(u.state_1 + at);
        if (states > 1) first.state_2 = load(u.state_2 + at);
        Rule<O>::moments(first, rule);
    }
    HL_INLINE bool is_empty() const {
        return first_weights == nullptr && second_weights == nullptr && third_weights == nullptr;
    }
};

template <class T, Optimizer O>
HL_INLINE Conveyor<T, O>& conveyor_of(Waiting<T>& waiting) {
    static_assert(sizeof(Conveyor<T, O>) <= sizeof(waiting.moving));
    return *reinterpret_cast<Conveyor<T, O>*>(waiting.moving);
}

// The gradient of a tile, summed a stretch of k at a time.
template <class T, int MR, int NR>
struct GradientTile {
    static constexpr int width = hl::Block<T>;
    V<T> sum[MR][NR];
    const T* a;
    const T* b;
    ptrdiff_t a_row, b_next;
    ptrdiff_t own, next;  // where its weights begin, and those of the second vector

    HL_INLINE GradientTile(const Descent<T>& d, int row, int column)
        : a(d.a + row * d.a_row),
          b(d.b + column / width * d.b_block + column % width),
          a_row(d.a_row),
          b_next(Lanes<T> < width ? Lanes<T> : d.b_block),
          own(d.weights + column / width * d.weights_block + row * width + column % width),
          next(Lanes<T> < width ? Lanes<T> : d.weights_block) {
#pragma GCC unroll 8
        for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 2
            for (int j = 0; j < NR; ++j) sum[i][j] = broadcast(T(0));
        }
    }

    HL_INLINE void add(int depth) {
        for (int k = 0; k < depth; ++k) {
            V<T> right[NR];
#pragma GCC unroll 2
            for (int v = 0; v < NR; ++v) right[v] = load(b + v * b_next);
#pragma GCC unroll 8
            for (int r = 0; r < MR; ++r) {
                const V<T> factor = broadcast(a[r * a_row]);
#pragma GCC unroll 2
                for (int v = 0; v < NR; ++v) sum[r][v] = fma(factor, right[v], sum[r][v]);
            }
            ++a;
            b += width;
        }
    }

    HL_INLINE ptrdiff_t place(int i, int j) const { return own + i * width + j * next; }
};

template <class T, Optimizer O>
struct Weaving {
    template <int MR, int NR>
    static void tile(const Update<T>& update, const Descent<T>& descent, int row, int column,
                     Waiting<T>& waiting) {
        // Copies, which no store through a pointer can change.
        const Update<T> u = update;
        const Descent<T> d = descent;
        const UpdateRule<T> rule = *d.rule;
        GradientTile<T, MR, NR> tile(d, row, column);
        constexpr unsigned slots = MR * NR;
        const int stretch = (d.k + static_cast<int>(slots) - 1) / static_cast<int>(slots);
        const int states = Rule<O>::states(u);
        if (waiting.last - waiting.first < fewest_woven && conveyor_of<T, O>(waiting).is_empty()) {
            tile.add(d.k);
        } else {
            Conveyor<T, O> conveyor = conveyor_of<T, O>(waiting);
            int left = d.k;
            for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 2
                for (int j = 0; j < NR; ++j) {
                    const int depth = left < stretch ? left : stretch;
                    left -= depth;
                    tile.add(depth);
                    // This tile's weights are wanted while the next tile is summed.
                    const ptrdiff_t ahead = tile.place(i, j);
                    __builtin_prefetch(u.parameters + ahead, 1);
                    if (states > 0) __builtin_prefetch(u.state_1 + ahead, 1);
                    if (states > 1) __builtin_prefetch(u.state_2 + ahead, 1);
                    conveyor.advance(u, rule, waiting);
                }
            }
            while (waiting.last - waiting.first > Waiting<T>::capacity - slots) {
                conveyor.advance(u, rule, waiting);
            }
            conveyor_of<T, O>(waiting) = conveyor;
        }
#pragma GCC unroll 8
        for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 2
            for (int j = 0; j < NR; ++j) {
                const unsigned place = waiting.last++ % Waiting<T>::capacity;
                store(waiting.gradients + place * Lanes<T>, tile.sum[i][j]);
                waiting.weights[place] = tile.place(i, j);
            }
        }
    }
};

// The gradient alone, into the update's.
template <class T>
struct Summing {
    template <int MR, int NR>
    static void tile(const Update<T>& u, const Descent<T>& d, int row, int column, Waiting<T>&) {
        GradientTile<T, MR, NR> tile(d, row, column);
        tile.add(d.k);
#pragma GCC unroll 8
        for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 2
            for (int j = 0; j < NR; ++j) {
                T* to = u.gradient + tile.place(i, j);
                store(to, u.adds ? load(to) + tile.sum[i][j] : tile.sum[i][j]);
            }
        }
    }
};

template <class T, class Work, int MR, int NR>
void tile_of(int rows, const Update<T>& u, const Descent<T>& d, int row, int column,
             Waiting<T>& waiting) {
    if constexpr (MR > 1) {
        if (rows != MR) return tile_of<T, Work, MR - 1, NR>(rows, u, d, row, column, waiting);
    }
    Work::template tile<MR, NR>(u, d, row, column, waiting);
}

template <class T, class Work>
void each_tile(const Update<T>& u, const Descent<T>& d, Waiting<T>& waiting) {
    const int vectors = d.n / Lanes<T>;
    for (int vector = 0; vector < vectors; vector += descent_vectors) {
        const int column = vector * Lanes<T>;
        for (int row = 0; row < d.m; row += descent_rows) {
            const int rows = d.m - row < descent_rows ? d.m - row : descent_rows;
            if (vectors - vector >= descent_vectors) {
                tile_of<T, Work, descent_rows, descent_vectors>(rows, u, d, row, column, waiting);
            } else {
                tile_of<T, Work, descent_rows, 1>(rows, u, d, row, column, waiting);
            }
        }
    }
}

template <class T, Optimizer O>
void finish_descent(const Update<T>& update, Waiting<T>& waiting) {
    if (waiting.rule == nullptr) return;
    const Update<T> u = update;
    const UpdateRule<T> rule = *waiting.rule;
    Conveyor<T, O> conveyor = conveyor_of<T, O>(waiting);
    do conveyor.advance(u, rule, waiting);
    while (!conveyor.is_empty());
    conveyor_of<T, O>(waiting) = conveyor;
}

template <class T, Optimizer O>
void descend(const Update<T>& u, const Descent<T>& d, Waiting<T>& waiting) {
    // What is on its way has one rule: another begins when it has arrived.
    if (waiting.rule != d.rule) finish_descent<T, O>(u, waiting);
    waiting.rule = d.rule;
    each_tile<T, Weaving<T, O>>(u, d, waiting);
}

template <class T>
void differentiate(const Update<T>& u, const Descent<T>& d, Waiting<T>& waiting) {
    each_tile<T, Summing<T>>(u, d, waiting);
}

}  // namespace
