// C = A·B in register tiles of MR rows by NR vectors. Vectors run over the columns of C and k runs
// in order, so each element is one FMA chain whatever the tile, the block, the vector width and the
// caller's split of rows and columns: the same bits everywhere.
//
// Blocks as in Goto and van de Geijn (2008), doi:10.1145/1356052.1356053: a panel of B (one tile
// wide, `deepest_block` rows) stays in the nearest caches while the rows of A pass by, and some
// rows of A, `hl::rows_at_once`, stay in the second level while all panels pass. A is never packed:
// weights lie in blocks already.
#pragma once

#include "../engine/kernel_table.hpp"
#include "vector.hpp"

namespace {

using hl::Product;

// Accumulators hide the FMA latency (4 cycles, two units: at least 8) and leave registers for NR
// vectors of B and one broadcast of A. Rows divide Block<T>, so that no tile reads two blocks.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int tile_rows = 8;  // 32 registers: 8 × 3 + 3 + 1
#else
constexpr int tile_rows = 4;  // 16 registers: 4 × 3 + 3 + 1
#endif
constexpr int tile_vectors = 3;

static_assert(hl::tallest_tile % tile_rows == 0);

// A panel of B is 48 kB at most.
constexpr int deepest_block = 256;

// Rows of a panel that are finished together: 6 kB.
constexpr int finish_rows = 32;

// Part `p` of `n` things in `parts` parts whose sizes differ by one at most.
HL_INLINE int part_size(int n, int parts, int p) {
    return n / parts + (p < n % parts ? 1 : 0);
}
HL_INLINE int parts_of(int n, int largest) {
    return (n + largest - 1) / largest;
}

// One tile: A from its first row and the first k on. Within a block of A the other index steps by
// Block<T>; the block's own index, row or k, steps by 1.
template <class T>
struct Tile {
    int k;
    const T* a;
    ptrdiff_t a_block;
    const T* b;
    ptrdiff_t b_row;
    const T* start;
    bool accumulate;
    T* c;
    ptrdiff_t c_row;
};

template <class T, int MR, int NR, bool RowsInBlocks>
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
    constexpr int row_step = RowsInBlocks ? 1 : hl::Block<T>;
    constexpr int k_step = RowsInBlocks ? hl::Block<T> : 1;
    const T* block = t.a;
    const T* b = t.b;
    for (int left = t.k; left > 0; left -= hl::Block<T>, block += t.a_block) {
        const int run = RowsInBlocks || left < hl::Block<T> ? left : hl::Block<T>;
        const T* a = block;
        for (int k = 0; k < run; ++k) {
            V<T> right[NR];
#pragma GCC unroll 4
            for (int j = 0; j < NR; ++j) right[j] = load(b + j * Lanes<T>);
#pragma GCC unroll 8
            for (int i = 0; i < MR; ++i) {
                const V<T> left_factor = broadcast(a[i * row_step]);
#pragma GCC unroll 4
                for (int j = 0; j < NR; ++j) sum[i][j] = fma(left_factor, right[j], sum[i][j]);
            }
            a += k_step;
            b += t.b_row;
        }
        if (RowsInBlocks) break;
    }
#pragma GCC unroll 8
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 4
        for (int j = 0; j < NR; ++j) store(t.c + i * t.c_row + j * Lanes<T>, sum[i][j]);
    }
}

template <class T, int MR, int NR>
void tile_of(int rows, int vectors, bool rows_in_blocks, const Tile<T>& t) {
    if constexpr (NR > 1) {
        if (vectors != NR) return tile_of<T, MR, NR - 1>(rows, vectors, rows_in_blocks, t);
    }
    if constexpr (MR > 1) {
        if (rows != MR) return tile_of<T, MR - 1, NR>(rows, vectors, rows_in_blocks, t);
    }
    if (rows_in_blocks) return tile<T, MR, NR, true>(t);
    tile<T, MR, NR, false>(t);
}

// All columns of some rows of C, for a stretch of k: panel after panel, tile after tile.
template <class T>
void multiply_rows(const Product<T>& p, int row, int rows, int from, int depth) {
    constexpr int width = hl::Block<T>;
    const int vectors = p.n / Lanes<T>, panels = parts_of(vectors, tile_vectors);
    const bool last = from + depth == p.k;
    for (int panel = 0, vector = 0; panel < panels; ++panel) {
        const int wide = part_size(vectors, panels, panel), column = vector * Lanes<T>;
        for (int done = 0, finished = 0; done < rows;) {
            const int left = rows - done, height = left < tile_rows ? left : tile_rows;
            const int i = row + done;
            const T* a = p.rows_in_blocks ? p.a + i / width * p.a_block + i % width + from * width
                                          : p.a + from / width * p.a_block + i * width;
            tile_of<T, tile_rows, tile_vectors>(
                height, wide, p.rows_in_blocks,
                {depth, a, p.a_block, p.b + from * p.b_row + column, p.b_row,
                 p.start != nullptr ? p.start + i : nullptr, p.accumulate || from > 0,
                 p.c + i * p.c_row + column, p.c_row});
            done += height;
            // Some tiles at a time, while they are in the first-level cache.
            if (last && p.finish != nullptr && (done == rows || done - finished >= finish_rows)) {
                const ptrdiff_t at = (row + finished) * p.c_row + column;
                p.finish(done - finished, wide * Lanes<T>, p.c_row, p.finish_from + at,
                         p.finish_to + at, p.finish_parameters);
                finished = done;
            }
        }
        vector += wide;
    }
}

template <class T>
void multiply(const Product<T>& p) {
    // Stretches of k end where blocks of A do.
    constexpr int width = hl::Block<T>;
    const int blocks = parts_of(p.k, width), stretches = parts_of(p.k, deepest_block);
    for (int stretch = 0, from = 0; stretch < stretches; ++stretch) {
        const int whole = part_size(blocks, stretches, stretch) * width;
        const int depth = p.k - from < whole ? p.k - from : whole;
        for (int row = 0; row < p.m; row += hl::rows_at_once) {
            const int left = p.m - row, rows = left < hl::rows_at_once ? left : hl::rows_at_once;
            multiply_rows<T>(p, row, rows, from, depth);
        }
        from += depth;
    }
}

}  // namespace
