# LibTorch: EINTHOVEN_TORCH, else the wheel of EINTHOVEN_PYTHON. Gives einthoven_use_torch(target).
#
# Its own CMake package is not used: with a CUDA wheel that one demands a whole CUDA toolkit, though we
# compile no kernels and need only headers and shared libraries.
if(EINTHOVEN_TORCH)
  set(torch_root ${EINTHOVEN_TORCH})
else()
  execute_process(
    COMMAND ${EINTHOVEN_PYTHON} -c "import torch; print(torch.__path__[0])"
    OUTPUT_VARIABLE torch_root OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "no LibTorch: run `make setup`, or set EINTHOVEN_TORCH to its folder")
  endif()
endif()
set(torch_libraries)
foreach(name torch torch_cpu c10)
  find_library(torch_library_${name} ${name} PATHS ${torch_root}/lib NO_DEFAULT_PATH REQUIRED)
  list(APPEND torch_libraries ${torch_library_${name}})
endforeach()
set(EINTHOVEN_WITH_CUDA OFF)
if(EXISTS ${torch_root}/lib/libtorch_cuda.so)
  set(EINTHOVEN_WITH_CUDA ON)
  list(APPEND torch_libraries ${torch_root}/lib/libtorch_cuda.so ${torch_root}/lib/libc10_cuda.so)
  # A CUDA wheel comes with CUDA's headers and runtime in folders beside torch.
  set(cuda_beside ${torch_root}/../nvidia/cu13 /usr/local/cuda)
  find_path(EINTHOVEN_CUDA_INCLUDE crt/host_config.h HINTS ${cuda_beside} PATH_SUFFIXES include)
  find_path(EINTHOVEN_CCCL_INCLUDE nv/target
    HINTS ${cuda_beside} /usr/local/cuda/include/cccl PATH_SUFFIXES include)
  find_library(EINTHOVEN_CUDA_RUNTIME NAMES libcudart.so.13 cudart
    HINTS ${cuda_beside} PATH_SUFFIXES lib lib64)
endif()
# Headers of CUDA that a few files need (NCCL, graphs); empty if they are missing, or the runtime
# that they call.
set(EINTHOVEN_CUDA_HEADERS "")
if(EINTHOVEN_CUDA_INCLUDE AND EINTHOVEN_CCCL_INCLUDE AND EINTHOVEN_CUDA_RUNTIME)
  set(EINTHOVEN_CUDA_HEADERS ${EINTHOVEN_CUDA_INCLUDE} ${EINTHOVEN_CCCL_INCLUDE})
  list(APPEND torch_libraries ${EINTHOVEN_CUDA_RUNTIME})
endif()
message(STATUS "LibTorch: ${torch_root} (CUDA: ${EINTHOVEN_WITH_CUDA})")

add_library(einthoven_torch INTERFACE)
target_include_directories(einthoven_torch SYSTEM INTERFACE
  ${torch_root}/include ${torch_root}/include/torch/csrc/api/include)
# --no-as-needed: the CUDA back end registers itself when loaded, nothing refers to it by name.
target_link_libraries(einthoven_torch INTERFACE
  -Wl,--no-as-needed ${torch_libraries} -Wl,--as-needed -Wl,--allow-shlib-undefined
  -Wl,-rpath,${torch_root}/lib)
# The wheel's include folder brings a newer fmt than the system's library: torch files use it
# header-only (its inline namespace keeps it apart from the other).
target_compile_definitions(einthoven_torch INTERFACE FMT_HEADER_ONLY)

# One precompiled header for all torch layers (22 s once, then 4 s instead of 20 s a file).
add_library(einthoven_pch STATIC ${CMAKE_SOURCE_DIR}/cmake/torch_pch.cpp)
target_link_libraries(einthoven_pch PUBLIC einthoven_torch nlohmann_json::nlohmann_json fmt::fmt)
if(EINTHOVEN_WITH_PCH)
  target_precompile_headers(einthoven_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/torch_pch.h)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(einthoven_pch INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
    target_compile_options(einthoven_pch PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()

function(einthoven_use_torch target)
  target_link_libraries(${target} PUBLIC einthoven_torch nlohmann_json::nlohmann_json fmt::fmt)
  if(EINTHOVEN_WITH_PCH)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
      target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
    target_precompile_headers(${target} REUSE_FROM einthoven_pch)
  endif()
endfunction()
