// A function that is compiled several times: for the named extensions and for any x86-64, chosen
// when the program starts.
// All give the same results: lanes are independent and products are never fused with sums. It
// belongs to the first declaration of a function (clang ignores it later), so use it in anonymous
// namespaces.
#pragma once

// The choice is made before a sanitizer's run-time library is ready, so instrumented builds do
// without.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define EINTHOVEN_IS_INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||  \
    __has_feature(memory_sanitizer) || __has_feature(coverage_sanitizer) || \
    __has_feature(undefined_behavior_sanitizer)
#define EINTHOVEN_IS_INSTRUMENTED 1
#endif
#endif

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(EINTHOVEN_IS_INSTRUMENTED)
#define EINTHOVEN_VERSIONS(...) __attribute__((target_clones(__VA_ARGS__, "default")))
#else
#define EINTHOVEN_VERSIONS(...)
#endif
#define EINTHOVEN_WIDE_VECTORS EINTHOVEN_VERSIONS("avx2")
