#include "dispatch.hpp"

#include <stdexcept>

namespace hl {

#if defined(__x86_64__)
namespace x86_64_v3 {
extern const KernelTable kernel_table;
}
namespace x86_64_v4 {
extern const KernelTable kernel_table;
}

namespace {

bool has_v3() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

bool has_v4() {
    return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}

std::vector<const KernelTable*> tables() {
    std::vector<const KernelTable*> found;
    if (has_v4()) found.push_back(&x86_64_v4::kernel_table);
    if (has_v3()) found.push_back(&x86_64_v3::kernel_table);
    return found;
}

}  // namespace

#elif defined(__aarch64__)
namespace aarch64_neon {
extern const KernelTable kernel_table;
}

namespace {

std::vector<const KernelTable*> tables() {
    return {&aarch64_neon::kernel_table};
}

}  // namespace
#endif

std::vector<std::string> available_isas() {
    std::vector<std::string> names;
    for (const KernelTable* table : tables()) names.emplace_back(table->isa);
    return names;
}

const KernelTable& kernels_for(const std::string& isa) {
    for (const KernelTable* table : tables()) {
        if (isa == table->isa) return *table;
    }
    throw std::invalid_argument("no kernels for instruction set '" + isa + "' on this processor");
}

}  // namespace hl
