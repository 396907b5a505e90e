# einthoven_library(NAME format SOURCES ... DEPS signal [LIBS fmt::fmt] [TORCH])
#   one static library per folder, known as einthoven::<name>; DEPS are our layers, LIBS foreign targets.
function(einthoven_library)
  cmake_parse_arguments(ARG "TORCH" "NAME" "SOURCES;DEPS;LIBS" ${ARGN})
  set(target einthoven_${ARG_NAME})
  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(einthoven::${ARG_NAME} ALIAS ${target})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  list(TRANSFORM ARG_DEPS PREPEND einthoven::)
  target_link_libraries(${target} PUBLIC ${ARG_DEPS} ${ARG_LIBS})
  if(ARG_TORCH)
    einthoven_use_torch(${target})
  endif()
endfunction()

# einthoven_test(NAME base SOURCES ... DEPS base [TORCH]): one doctest program per library, label "unit".
function(einthoven_test)
  cmake_parse_arguments(ARG "TORCH" "NAME;LABEL" "SOURCES;DEPS;LIBS" ${ARGN})
  set(target test_${ARG_NAME})
  add_executable(${target} ${CMAKE_SOURCE_DIR}/tests/unit/doctest_main.cpp ${ARG_SOURCES})
  list(TRANSFORM ARG_DEPS PREPEND einthoven::)
  target_link_libraries(${target} PRIVATE ${ARG_DEPS} ${ARG_LIBS} doctest::doctest fmt::fmt)
  target_compile_definitions(${target} PRIVATE
    EINTHOVEN_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data"
    EINTHOVEN_SHARED="${CMAKE_SOURCE_DIR}/../shared")
  if(ARG_TORCH)
    einthoven_use_torch(${target})
  endif()
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_test(NAME ${ARG_LABEL}.${ARG_NAME} COMMAND ${target})
  set_tests_properties(${ARG_LABEL}.${ARG_NAME} PROPERTIES LABELS ${ARG_LABEL} SKIP_RETURN_CODE 77
    ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/leaks.supp;ASAN_OPTIONS=allocator_may_return_null=1;TSAN_OPTIONS=allocator_may_return_null=1")
endfunction()

function(einthoven_add_layer layer)
  add_subdirectory(einthoven/${layer})
endfunction()
