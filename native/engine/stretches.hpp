// Whatever is done to all weights at once is done in stretches, each of one parameter, which
// threads share. Their cut depends on the program alone, so sums over them have one order.
#pragma once

#include <vector>

#include "program.hpp"

namespace hl {

struct Stretch {
    size_t first;
    size_t size;
    int parameter;
    bool trainable;
};

inline std::vector<Stretch> stretches_of(const std::vector<ParameterBlock>& parameters) {
    // 64 kB of double: as much as stays in the cache while it is gone over twice.
    constexpr size_t longest = 8192;
    std::vector<Stretch> found;
    for (size_t p = 0; p < parameters.size(); ++p) {
        const size_t end = parameters[p].offset + parameters[p].size;
        for (size_t first = parameters[p].offset; first < end; first += longest) {
            found.push_back({first, std::min(longest, end - first), static_cast<int>(p),
                             parameters[p].trainable});
        }
    }
    return found;
}

}  // namespace hl
