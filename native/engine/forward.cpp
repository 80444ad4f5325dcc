#include "forward.hpp"

#include <atomic>

namespace hl {

namespace {

// Waking a parked thread costs tens of microseconds: about a million operations of one core.
constexpr double operations_worth_a_thread = 2e6;

}  // namespace

template <class T>
std::vector<Arena<T>> Forward<T>::take_arenas(int threads, int columns, int target_units,
                                              int metrics) {
    std::vector<Arena<T>> arenas = std::move(arenas_);
    if (!arenas.empty() && !arenas.front().fits(columns, target_units, metrics)) arenas.clear();
    while (static_cast<int>(arenas.size()) < threads) {
        arenas.emplace_back(program_, columns, false, target_units, metrics);
    }
    return arenas;
}

template <class T>
bool Forward<T>::each_block(ThreadTeam& team, const T* parameters, const Rows<T>& rows, int metrics,
                            const KeepGoing& keep_going, const Visit& visit) {
    const size_t block = block_, blocks = (rows.n + block - 1) / block;
    const double operations = program_.operations_per_sample() / 3.0 * static_cast<double>(rows.n);
    const double worth = operations / operations_worth_a_thread;
    int threads = team.is_busy() ? 1 : team.size();
    if (worth < threads) threads = worth < 1.0 ? 1 : static_cast<int>(worth);
    if (blocks < static_cast<size_t>(threads)) threads = blocks > 0 ? static_cast<int>(blocks) : 1;

    const int columns_at_most = static_cast<int>(std::min(rows.n, block));
    std::vector<Arena<T>> arenas = take_arenas(
        threads, columns_at_most, rows.targets != nullptr ? rows.target_units : 0, metrics);
    std::atomic<bool> stopped{false};
    team.run(threads, [&](int thread) {
        const Arena<T>& arena = arenas[thread];
        const size_t begin = blocks * thread / threads, end = blocks * (thread + 1) / threads;
        for (size_t b = begin; b < end && !stopped.load(std::memory_order_relaxed); ++b) {
            const size_t start = b * block;
            const int samples = static_cast<int>(std::min(rows.n - start, block));
            const int columns = round_up_to_block<T>(samples);
            const Batch<T> batch{.kernels = kernels_,
                                 .memory = arena.memory(),
                                 .stride = arena.stride(),
                                 .parameters = parameters,
                                 .samples = samples,
                                 .capacity = samples,
                                 .training = false,
                                 .seed = 0,
                                 .step = 0,
                                 .column = nullptr,
                                 .member_columns = arena.member_columns()};
            arena.gather(kernels_, {rows, nullptr, start, samples}, 0, columns);
            for (const auto& step : program_.steps()) step->forward(batch, 0, columns);
            visit(arena, batch, start, samples);
            if (thread == 0 && !keep_going()) stopped.store(true, std::memory_order_relaxed);
        }
    });
    arenas_ = std::move(arenas);
    return !stopped.load();
}

template <class T>
bool Forward<T>::predict(ThreadTeam& team, const T* parameters, const Rows<T>& rows, T* predictions,
                         const KeepGoing& keep_going) {
    const int units = program_.outputs();
    return each_block(team, parameters, rows, 0, keep_going,
                      [&](const Arena<T>&, const Batch<T>& batch, size_t start, int samples) {
                          for (const End& end : program_.ends()) {
                              const T* output = batch.row(end.output.value);
                              T* to = predictions + start * units + end.unit;
                              for (int j = 0; j < samples; ++j) {
                                  for (int i = 0; i < end.output.units; ++i) {
                                      to[static_cast<ptrdiff_t>(j) * units + i] =
                                          output[i * batch.stride + j];
                                  }
                              }
                          }
                      });
}

template <class T>
bool Forward<T>::evaluate(ThreadTeam& team, const T* parameters, const Rows<T>& rows,
                          const Objectives<T>& objectives, std::vector<double>& record,
                          const KeepGoing& keep_going) {
    // The last of each stretch of sums is for the penalties of activities.
    const size_t blocks = (rows.n + block_ - 1) / block_, size = objectives.tally_size() + 1;
    std::vector<double> sums((blocks + 1) * size);
    const auto tally = [&](size_t i) { return Tally(sums).subspan(i * size, size); };
    Kept<T> kept = std::move(kept_);
    objectives.prepare(rows.n, kept);
    const bool complete =
        each_block(team, parameters, rows, objectives.arena_rows(), keep_going,
                   [&](const Arena<T>& arena, const Batch<T>& batch, size_t start, int samples) {
                       const Compared<T> own{batch, arena, rows, nullptr, start};
                       objectives.compare(own, false, 0, round_up_to_block<T>(samples), kept);
                       const Tally sum = tally(start / block_);
                       objectives.add(own, sum);
                       sum.back() = program_.activity_penalty(batch);
                   });
    const Tally total = tally(blocks);
    for (size_t at = 0; at < blocks * size; ++at) total[at % size] += sums[at];
    if (complete) {
        const double penalty = total.back() / static_cast<double>(rows.n);
        objectives.conclude(rows, rows.subset, total, penalty, kept, record);
    }
    kept_ = std::move(kept);
    return complete;
}

template class Forward<float>;
template class Forward<double>;

}  // namespace hl
