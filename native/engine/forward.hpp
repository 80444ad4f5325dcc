// Forward passes over any number of rows in constant extra memory, split over a team by blocks of
// rows. A row's numbers do not depend on the block it is in.
#pragma once

#include <functional>
#include <vector>

#include "objectives.hpp"
#include "thread_team.hpp"

namespace hl {

// Asked now and then; false stops the work.
using KeepGoing = std::function<bool()>;

template <class T>
class Forward {
  public:
    Forward(const Program<T>& program, const Kernels<T>& kernels) noexcept
        : program_(program),
          kernels_(kernels),
          block_(round_up_to_block<T>(columns_at_once / std::max(program.members(), 1))) {}

    // One call at a time, but for a call that `keep_going` makes: the team being busy, that one
    // runs on its own thread alone.

    // Predictions [n, outputs], row-major. False: stopped.
    bool predict(ThreadTeam& team, const T* parameters, const Rows<T>& rows, T* predictions,
                 const KeepGoing& keep_going);

    // Mean loss (penalties of weights left out) and what is measured, summed in the order of the
    // rows.
    bool evaluate(ThreadTeam& team, const T* parameters, const Rows<T>& rows,
                  const Objectives<T>& objectives, std::vector<double>& record,
                  const KeepGoing& keep_going);

  private:
    // Enough for full register tiles, few enough for the second-level cache.
    static constexpr int columns_at_once = 256;

    using Visit = std::function<void(const Arena<T>&, const Batch<T>&, size_t start, int samples)>;
    bool each_block(ThreadTeam& team, const T* parameters, const Rows<T>& rows, int metrics,
                    const KeepGoing& keep_going, const Visit& visit);
    std::vector<Arena<T>> take_arenas(int threads, int columns, int target_units, int metrics);

    const Program<T>& program_;
    const Kernels<T>& kernels_;
    int block_;  // samples
    // Of the last call, for the next of the same shape.
    std::vector<Arena<T>> arenas_;
    Kept<T> kept_;
};

extern template class Forward<float>;
extern template class Forward<double>;

}  // namespace hl
