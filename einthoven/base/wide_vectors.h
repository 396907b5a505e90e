// A function that is compiled twice: for AVX2 and for any x86-64, chosen when the program starts.
// Both give the same results: lanes are independent and products are never fused with sums.
#pragma once

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define EINTHOVEN_WIDE_VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define EINTHOVEN_WIDE_VECTORS
#endif
