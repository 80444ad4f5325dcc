// Memory on 64-byte boundaries, zeroed, owned by value.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

#include "kernel_table.hpp"

namespace hl {

// From 4 MB on in huge pages, where there are any. Not zeroed; std::bad_alloc.
void* allocate_aligned(size_t bytes);
void free_aligned(void* memory, size_t bytes) noexcept;

template <class T>
class Aligned {
  public:
    Aligned() = default;
    explicit Aligned(size_t n)
        : size_(n), data_(static_cast<T*>(allocate_aligned(bytes(n))), Free{bytes(n)}) {
        std::fill_n(data_.get(), n, T{});
    }

    T* data() const noexcept { return data_.get(); }
    size_t size() const noexcept { return size_; }
    T& operator[](size_t i) noexcept { return data_.get()[i]; }
    const T& operator[](size_t i) const noexcept { return data_.get()[i]; }

    void copy_from(const Aligned& other) noexcept { std::copy_n(other.data(), size_, data()); }
    void clear() noexcept { std::fill_n(data(), size_, T{}); }

  private:
    static size_t bytes(size_t n) noexcept { return std::max<size_t>(n, 1) * sizeof(T); }
    struct Free {
        size_t bytes = 0;
        void operator()(T* p) const noexcept { free_aligned(p, bytes); }
    };
    size_t size_ = 0;
    std::unique_ptr<T, Free> data_;
};

template <class T>
constexpr int round_up_to_block(int n) noexcept {
    return (n + Block<T> - 1) / Block<T> * Block<T>;
}

// Rows a power of two of cache lines apart would meet in a few sets of the cache: wide ones are an
// odd number of lines apart.
template <class T>
constexpr int row_stride(int n) noexcept {
    constexpr int wide = 8;
    const int blocks = (n + Block<T> - 1) / Block<T>;
    return (blocks >= wide ? blocks | 1 : blocks) * Block<T>;
}

// Where the share of `part` among `parts` begins, in units of whole items.
constexpr int share_begin(int items, int part, int parts) noexcept {
    return static_cast<int>(static_cast<long long>(items) * part / parts);
}

}  // namespace hl
