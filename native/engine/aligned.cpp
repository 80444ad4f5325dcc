#include "aligned.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace hl {

namespace {

constexpr std::align_val_t cache_line{64}, huge_page{2 << 20};

// Where the system lends pages of 2 MB on request, wide layers ask for them: with pages of 4 kB the
// processor's table of them covers less than their weights and states.
std::align_val_t alignment_of(size_t bytes) noexcept {
    return bytes >= 2 * static_cast<size_t>(huge_page) ? huge_page : cache_line;
}

}  // namespace

void* allocate_aligned(size_t bytes) {
    const std::align_val_t alignment = alignment_of(bytes);
    void* memory = ::operator new(bytes, alignment);
#if defined(__linux__)
    // A refusal changes nothing but the speed.
    if (alignment == huge_page) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

void free_aligned(void* memory, size_t bytes) noexcept {
    ::operator delete(memory, alignment_of(bytes));
}

}  // namespace hl
