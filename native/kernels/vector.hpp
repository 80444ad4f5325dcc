// Vectors of the width this file is compiled for, and the few operations that need intrinsics.
// `typedef`, never `using`: GCC 12 drops a dependent vector_size from an alias without a word.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__AVX512F__)
#define HL_VECTOR_BYTES 64
#elif defined(__AVX2__) && defined(__FMA__)
#define HL_VECTOR_BYTES 32
#elif defined(__aarch64__)
#define HL_VECTOR_BYTES 16
#else
#error "Kernels need AVX-512, AVX2 with FMA, or NEON: compile with -march=x86-64-v3 or above."
#endif

#define HL_INLINE inline __attribute__((always_inline))

namespace {

template <class T>
struct Vector;

template <>
struct Vector<float> {
    typedef float Value __attribute__((vector_size(HL_VECTOR_BYTES), may_alias));
    typedef int32_t Bits __attribute__((vector_size(HL_VECTOR_BYTES), may_alias));
};

template <>
struct Vector<double> {
    typedef double Value __attribute__((vector_size(HL_VECTOR_BYTES), may_alias));
    typedef int64_t Bits __attribute__((vector_size(HL_VECTOR_BYTES), may_alias));
};

static_assert(sizeof(Vector<float>::Value) == HL_VECTOR_BYTES);
static_assert(sizeof(Vector<double>::Bits) == HL_VECTOR_BYTES);

template <class T>
using V = typename Vector<T>::Value;
template <class T>
using VBits = typename Vector<T>::Bits;

template <class T>
constexpr int Lanes = HL_VECTOR_BYTES / static_cast<int>(sizeof(T));

typedef uint64_t WideWords __attribute__((vector_size(HL_VECTOR_BYTES), may_alias));

#if defined(__AVX512F__)
HL_INLINE V<float> broadcast(float x) {
    return (V<float>)_mm512_set1_ps(x);
}
HL_INLINE V<double> broadcast(double x) {
    return (V<double>)_mm512_set1_pd(x);
}
HL_INLINE V<float> fma(V<float> a, V<float> b, V<float> c) {
    return (V<float>)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
HL_INLINE V<double> fma(V<double> a, V<double> b, V<double> c) {
    return (V<double>)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
HL_INLINE V<float> square_root(V<float> x) {
    return (V<float>)_mm512_sqrt_ps((__m512)x);
}
HL_INLINE V<double> square_root(V<double> x) {
    return (V<double>)_mm512_sqrt_pd((__m512d)x);
}
// The lower 32 bits of each lane times a number, in 64 bits.
HL_INLINE WideWords multiply_words(WideWords x, uint32_t factor) {
    return (WideWords)_mm512_mul_epu32((__m512i)x, _mm512_set1_epi64(factor));
}
#elif defined(__AVX2__)
HL_INLINE V<float> broadcast(float x) {
    return (V<float>)_mm256_set1_ps(x);
}
HL_INLINE V<double> broadcast(double x) {
    return (V<double>)_mm256_set1_pd(x);
}
HL_INLINE V<float> fma(V<float> a, V<float> b, V<float> c) {
    return (V<float>)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
HL_INLINE V<double> fma(V<double> a, V<double> b, V<double> c) {
    return (V<double>)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
HL_INLINE V<float> square_root(V<float> x) {
    return (V<float>)_mm256_sqrt_ps((__m256)x);
}
HL_INLINE V<double> square_root(V<double> x) {
    return (V<double>)_mm256_sqrt_pd((__m256d)x);
}
HL_INLINE WideWords multiply_words(WideWords x, uint32_t factor) {
    return (WideWords)_mm256_mul_epu32((__m256i)x, _mm256_set1_epi64x(factor));
}
#else
HL_INLINE V<float> broadcast(float x) {
    return (V<float>)vdupq_n_f32(x);
}
HL_INLINE V<double> broadcast(double x) {
    return (V<double>)vdupq_n_f64(x);
}
HL_INLINE V<float> fma(V<float> a, V<float> b, V<float> c) {
    return (V<float>)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
HL_INLINE V<double> fma(V<double> a, V<double> b, V<double> c) {
    return (V<double>)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
}
HL_INLINE V<float> square_root(V<float> x) {
    return (V<float>)vsqrtq_f32((float32x4_t)x);
}
HL_INLINE V<double> square_root(V<double> x) {
    return (V<double>)vsqrtq_f64((float64x2_t)x);
}
HL_INLINE WideWords multiply_words(WideWords x, uint32_t factor) {
    return (WideWords)vmull_n_u32(vmovn_u64((uint64x2_t)x), factor);
}
#endif

// |x|, by its sign bit.
HL_INLINE V<float> magnitude(V<float> x) {
    return (V<float>)((VBits<float>)x & INT32_MAX);
}
HL_INLINE V<double> magnitude(V<double> x) {
    return (V<double>)((VBits<double>)x & INT64_MAX);
}

template <class T>
HL_INLINE V<T> load(const T* p) {
    return *reinterpret_cast<const V<T>*>(p);
}

template <class T>
HL_INLINE void store(T* p, V<T> x) {
    *reinterpret_cast<V<T>*>(p) = x;
}

template <class T>
HL_INLINE V<T> load_unaligned(const T* p) {
    V<T> x;
    __builtin_memcpy(&x, p, sizeof(x));
    return x;
}

}  // namespace
