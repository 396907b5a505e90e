# Language, warnings and sanitizers that hold for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# -fPIC for executables too: a precompiled header is only shared between equal flags.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
add_compile_options(-fPIC)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                    -Wimplicit-fallthrough)
# Parity kernels promise bit equality with the reference: no fused multiply-add behind our back.
add_compile_options(-ffp-contract=off)
# Nobody reads errno after a square root; having to set it keeps such loops from vectorising.
add_compile_options(-fno-math-errno)

if(EINTHOVEN_SANITIZE)
  add_compile_options(-fsanitize=${EINTHOVEN_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${EINTHOVEN_SANITIZE})
endif()

find_program(EINTHOVEN_CCACHE ccache)
if(EINTHOVEN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${EINTHOVEN_CCACHE})
endif()
find_program(EINTHOVEN_LLD NAMES ld.lld ld.lld-14)
if(EINTHOVEN_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()
