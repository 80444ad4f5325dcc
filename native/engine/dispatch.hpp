// Which kernels this processor can run, and which one the caller wants.
#pragma once

#include <string>
#include <vector>

#include "kernel_table.hpp"

namespace hl {

// The instruction sets that are compiled in and that this processor has, best first.
std::vector<std::string> available_isas();

// The table of one of `available_isas()`; throws std::invalid_argument otherwise.
const KernelTable& kernels_for(const std::string& isa);

}  // namespace hl
