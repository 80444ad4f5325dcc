// A hash of numbers: equal on two machines when every bit is.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

class Hash {
  public:
    template <class T>
    void add(T value) {
        // Which NaN it is says nothing: the sign and the payload are the processor's choice.
        if (value != value) value = std::numeric_limits<T>::quiet_NaN();
        if constexpr (sizeof(T) == 4) {
            mix(std::bit_cast<uint32_t>(value));
        } else {
            mix(std::bit_cast<uint64_t>(value));
        }
    }

    template <class T>
    void add(size_t n, const T* values) {
        for (size_t i = 0; i < n; ++i) add(values[i]);
    }

    uint64_t value() const { return value_; }

  private:
    void mix(uint64_t bits) {
        value_ = (value_ ^ bits) * 1099511628211u;
        value_ ^= value_ >> 29;
    }

    uint64_t value_ = 14695981039346656037u;
};
