// C = A·B in register tiles of MR rows by NR vectors. Vectors run over the columns of C and k runs
// in order, so each element is one FMA chain whatever the tile, the block, the vector width and the
// caller's split of rows and columns: the same bits everywhere.
//
// Blocks as in Goto and van de Geijn (2008), doi:10.1145/1356052.1356053: a panel of B (one tile
// wide, `deepest_block` rows) stays in the first-level cache while the rows of A pass by. Where A
// is read down its columns, weights for a forward pass, a row of each tile would lie pages apart:
// a block of A that several panels read is packed first, in the order in which tiles read it.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

using hl::Product;

// Accumulators hide the FMA latency (4 cycles, two units: at least 8) and leave registers for NR
// vectors of B and one broadcast of A. Rows are a power of two where registers allow, because
// packing then copies whole vectors.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int tile_rows = 8, tile_vectors = 3;  // 32 registers: 8 × 3 + 3 + 1
#else
constexpr int tile_rows = 6, tile_vectors = 2;  // 16 registers: 6 × 2 + 2 + 1
#endif

// Rows of a panel that are finished together: 6 kB.
constexpr int finish_rows = 32;

// Part `p` of `n` things in `parts` parts whose sizes differ by one at most.
HL_INLINE int part_size(int n, int parts, int p) {
    return n / parts + (p < n % parts ? 1 : 0);
}
HL_INLINE int parts_of(int n, int largest) {
    return (n + largest - 1) / largest;
}

// Rows of A are adjacent (element (i, k) at a[i + k·step]: packed, or weights read down a column)
// or columns are (at a[i·step + k]).
template <class T>
struct Tile {
    int k;
    const T* a;
    ptrdiff_t step;
    const T* b;
    ptrdiff_t b_row;
    const T* start;
    bool accumulate;
    T* c;
    ptrdiff_t c_row;
};

template <class T, int MR, int NR, bool RowsAdjacent>
void tile(const Tile<T>& t) {
    V<T> sum[MR][NR];
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
        const V<T> first = broadcast(t.start != nullptr ? t.start[i] : T(0));
#pragma GCC unroll 4
        for (int j = 0; j < NR; ++j) {
            sum[i][j] = t.accumulate ? load(t.c + i * t.c_row + j * Lanes<T>) : first;
        }
    }
    const T* a = t.a;
    const T* b = t.b;
    const ptrdiff_t row_step = RowsAdjacent ? 1 : t.step;
    const ptrdiff_t k_step = RowsAdjacent ? t.step : 1;
    for (int k = 0; k < t.k; ++k) {
        V<T> right[NR];
#pragma GCC unroll 4
        for (int j = 0; j < NR; ++j) right[j] = load(b + j * Lanes<T>);
#pragma GCC unroll 8
        for (int i = 0; i < MR; ++i) {
            const V<T> left = broadcast(a[i * row_step]);
#pragma GCC unroll 4
            for (int j = 0; j < NR; ++j) sum[i][j] = fma(left, right[j], sum[i][j]);
        }
        a += k_step;
        b += t.b_row;
    }
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 4
        for (int j = 0; j < NR; ++j) store(t.c + i * t.c_row + j * Lanes<T>, sum[i][j]);
    }
}

template <class T, int MR, int NR>
void tile_of(int rows, int vectors, bool rows_adjacent, const Tile<T>& t) {
    if constexpr (NR > 1) {
        if (vectors != NR) return tile_of<T, MR, NR - 1>(rows, vectors, rows_adjacent, t);
    }
    if constexpr (MR > 1) {
        if (rows != MR) return tile_of<T, MR - 1, NR>(rows, vectors, rows_adjacent, t);
    }
    if (rows_adjacent) return tile<T, MR, NR, true>(t);
    tile<T, MR, NR, false>(t);
}

// A block of A in the order of its tiles: for each tile of `tile_rows` rows, k after k.
template <class T>
void pack(int m, int k, const T* a, ptrdiff_t a_column, T* packed) {
    const int whole = m / tile_rows * tile_rows;
    for (int q = 0; q < k; ++q, a += a_column, packed += tile_rows) {
        T* to = packed;
        for (int i = 0; i < whole; i += tile_rows, to += ptrdiff_t{tile_rows} * k) {
            __builtin_memcpy(to, a + i, tile_rows * sizeof(T));
        }
        for (int i = whole; i < m; ++i) to[i - whole] = a[i];
    }
}

// What of A will be wanted next, fetched some lines at a time while tiles are computed: wide
// weights come from beyond the second-level cache, and by rows too short for the processor to see
// where they lead.
template <class T>
class Ahead {
  public:
    // `rows` rows of n elements, `step` apart; `at_once` lines for each tile.
    Ahead(const T* p, ptrdiff_t step, int rows, int n, int at_once)
        : p_(p), step_(step), rows_(rows), lines_(n / hl::Block<T> + 1), at_once_(at_once) {}

    void fetch() {
        for (int i = 0; i < at_once_ && rows_ > 0; ++i) {
            __builtin_prefetch(p_ + line_ * hl::Block<T>);
            if (++line_ == lines_) {
                line_ = 0;
                p_ += step_;
                --rows_;
            }
        }
    }

  private:
    const T* p_;
    ptrdiff_t step_;
    int rows_;
    int lines_;
    int at_once_;
    int line_ = 0;
};

// All columns of some rows of C, for a stretch of k: panel after panel, tile after tile.
template <class T>
void multiply_rows(const Product<T>& p, int row, int rows, int from, int depth, const T* packed,
                   Ahead<T> ahead) {
    const int vectors = p.n / Lanes<T>;
    const int panels = parts_of(vectors, tile_vectors), tiles = parts_of(rows, tile_rows);
    const bool rows_adjacent = p.a_row == 1, last = from + depth == p.k;
    for (int panel = 0, vector = 0; panel < panels; ++panel) {
        const int width = part_size(vectors, panels, panel), column = vector * Lanes<T>;
        for (int t = 0, done = 0, finished = 0; t < tiles; ++t) {
            // Packed tiles are all of one height but the last, others differ by one at most.
            const int left = rows - done;
            const int height = packed == nullptr  ? part_size(rows, tiles, t)
                               : left < tile_rows ? left
                                                  : tile_rows;
            const int i = row + done;
            const T* a = packed != nullptr ? packed + ptrdiff_t{done} * depth
                                           : p.a + i * p.a_row + from * p.a_column;
            const ptrdiff_t step = packed != nullptr ? tile_rows
                                   : rows_adjacent   ? p.a_column
                                                     : p.a_row;
            ahead.fetch();
            tile_of<T, tile_rows, tile_vectors>(
                height, width, rows_adjacent,
                {depth, a, step, p.b + from * p.b_row + column, p.b_row,
                 p.start != nullptr ? p.start + i : nullptr, p.accumulate || from > 0,
                 p.c + i * p.c_row + column, p.c_row});
            done += height;
            // Some tiles at a time, while they are in the first-level cache.
            if (last && p.finish != nullptr && (t == tiles - 1 || done - finished >= finish_rows)) {
                const ptrdiff_t at = (row + finished) * p.c_row + column;
                p.finish(done - finished, width * Lanes<T>, p.c_row, p.finish_from + at,
                         p.finish_to + at, p.finish_parameter);
                finished = done;
            }
        }
        vector += width;
    }
}

// Rows of A as they lie; the next tile's are fetched, unless all of A stays in the cache anyway.
template <class T>
void multiply_in_place(const Product<T>& p, int from, int depth) {
    const T* a = p.a + from * p.a_column;
    const bool wide = p.a_column == 1 && ptrdiff_t{p.m} * p.k > hl::kept_size<T>;
    const int rows = wide && p.m > tile_rows ? p.m - tile_rows : 0;
    const int lines_of_tile = tile_rows * (depth / hl::Block<T> + 1);
    multiply_rows<T>(p, 0, p.m, from, depth, nullptr,
                     {a + tile_rows * p.a_row, p.a_row, rows, depth, lines_of_tile});
}

template <class T>
void multiply_packed(const Product<T>& p, int from, int depth) {
    constexpr int rows_at_once = hl::packed_rows / tile_rows * tile_rows;
    const int tiles = rows_at_once / tile_rows * parts_of(p.n / Lanes<T>, tile_vectors);
    const bool wide = ptrdiff_t{p.m} * p.k > hl::kept_size<T>;
    for (int row = 0; row < p.m; row += rows_at_once) {
        const int rows = p.m - row < rows_at_once ? p.m - row : rows_at_once;
        const T* a = p.a + row + from * p.a_column;
        pack<T>(rows, depth, a, p.a_column, p.packed);
        // The block that is packed next; after the last one, the first of the next stretch of k.
        const bool more = row + rows < p.m;
        const T* next = more ? a + rows : p.a + (from + depth) * p.a_column;
        const int below = p.k - from - depth;
        const int next_rows = !wide ? 0 : more || below > depth ? depth : below;
        const int lines = depth * (rows_at_once / hl::Block<T> + 1);
        multiply_rows<T>(p, row, rows, from, depth, p.packed,
                         {next, p.a_column, next_rows, rows_at_once, parts_of(lines, tiles)});
    }
}

template <class T>
void multiply(const Product<T>& p) {
    const int blocks = p.k > hl::deepest_block ? parts_of(p.k, hl::deepest_block) : 1;
    const bool packs = p.a_row == 1 && p.a_column != 1 && p.packed != nullptr &&
                       p.m >= hl::packed_rows && p.n > tile_vectors * Lanes<T>;
    for (int block = 0, from = 0; block < blocks; ++block) {
        const int depth = part_size(p.k, blocks, block);
        if (packs) {
            multiply_packed<T>(p, from, depth);
        } else {
            multiply_in_place<T>(p, from, depth);
        }
        from += depth;
    }
}

}  // namespace
