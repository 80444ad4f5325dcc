// The activations made of straight lines and parabolas: f(z), and f' from what the forward pass
// kept (z, or f(z) when that is enough). Comparisons are such that NaN stays NaN.
#pragma once

#include "../engine/registry.hpp"
#include "elementary.hpp"

namespace {

using hl::Activation;

template <Activation A>
struct Body;

template <>
struct Body<Activation::linear> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T>, const T*) {
        return broadcast(T(1));
    }
};

template <>
struct Body<Activation::relu> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        const V<T> zero = broadcast(T(0));
        return z < T(0) ? zero : z;  // this way round NaN stays NaN
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        return a <= T(0) ? zero : one;
    }
};

// min(max(z, Low), High), with its slope inside from the output.
template <int Low, int High>
struct Clipped {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return within<T>(z, T(Low), T(High));
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        return a <= T(Low) ? zero : (a >= T(High) ? zero : one);
    }
};
template <>
struct Body<Activation::relu6> : Clipped<0, 6> {};
template <>
struct Body<Activation::hard_tanh> : Clipped<-1, 1> {};

// z/(2·Half) + 1/2 between 0 and 1.
template <int Half>
struct Ramp {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        const V<T> between = (z + T(Half)) * T(0.5 / Half);
        return z < T(-Half) ? zero : (z > T(Half) ? one : between);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
        const V<T> zero = broadcast(T(0)), inside = broadcast(T(0.5 / Half));
        return a <= T(0) ? zero : (a >= T(1) ? zero : inside);
    }
};
template <>
struct Body<Activation::hard_sigmoid> : Ramp<3> {};
template <>
struct Body<Activation::sparse_sigmoid> : Ramp<1> {};

template <>
struct Body<Activation::bounded_relu> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T* p) {
        const V<T> zero = broadcast(T(0)), most = broadcast(p[1]);
        const V<T> below = p[0] == T(0) ? zero : (z - p[2]) * p[0];  // 0·∞ is no number
        return z < p[2] ? below : (z > p[1] ? most : z);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T* p) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1)), below = broadcast(p[0]);
        return z <= p[2] ? below : (z > p[1] ? zero : one);
    }
};

template <>
struct Body<Activation::leaky_relu> {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T* p) {
        return z < T(0) ? z * p[0] : z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T* p) {
        const V<T> below = broadcast(p[0]), one = broadcast(T(1));
        return a <= T(0) ? below : one;
    }
};

template <>
struct Body<Activation::threshold> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T* p) {
        const V<T> below = broadcast(p[1]);
        return z <= p[0] ? below : z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T* p) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        return z <= p[0] ? zero : one;
    }
};

template <>
struct Body<Activation::hard_silu> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        const V<T> zero = broadcast(T(0));
        const V<T> between = z * ((z + T(3)) * T(1.0 / 6));
        return z < T(-3) ? zero : (z > T(3) ? z : between);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        const V<T> between = (z * T(2) + T(3)) * T(1.0 / 6);
        return z < T(-3) ? zero : (z > T(3) ? one : between);
    }
};

// What is at most a threshold from 0 becomes 0.
struct Shrinkage {
    static constexpr bool saves_output = true;
    template <class T>
    static HL_INLINE V<T> slope(V<T> a, const T*) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1));
        return a == T(0) ? zero : one;
    }
};
template <>
struct Body<Activation::hard_shrink> : Shrinkage {
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T* p) {
        const V<T> zero = broadcast(T(0));
        return absolute<T>(z) <= p[0] ? zero : z;
    }
};
template <>
struct Body<Activation::soft_shrink> : Shrinkage {
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T* p) {
        const V<T> zero = broadcast(T(0));
        const V<T> rest = z < T(0) ? z + p[0] : z - p[0];
        return absolute<T>(z) <= p[0] ? zero : rest;
    }
};

template <>
struct Body<Activation::sparse_plus> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        const V<T> zero = broadcast(T(0)), between = (z + T(1)) * (z + T(1)) * T(0.25);
        return z < T(-1) ? zero : (z > T(1) ? z : between);
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        const V<T> zero = broadcast(T(0)), one = broadcast(T(1)), between = (z + T(1)) * T(0.5);
        return z < T(-1) ? zero : (z > T(1) ? one : between);
    }
};

template <>
struct Body<Activation::square> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return z * z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        return z + z;
    }
};

}  // namespace
