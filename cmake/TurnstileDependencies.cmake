# What development needs: taken from the machine, else fetched as a pinned release and checked
# against its SHA-256. Users of the library are asked for Eigen only, and nothing is fetched for them.

include(FetchContent)

FetchContent_Declare(eigen
  URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
  URL_HASH SHA256=8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72
  # No build file lies in this folder, so the headers are unpacked and Eigen's own build is left out.
  SOURCE_SUBDIR cmake)
FetchContent_Declare(catch2
  URL https://github.com/catchorg/Catch2/archive/refs/tags/v3.6.0.tar.gz
  URL_HASH SHA256=485932259a75c7c6b72d4b874242c489ea5155d17efa345eb8cc72159f49f356)
FetchContent_Declare(benchmark
  URL https://github.com/google/benchmark/archive/refs/tags/v1.8.3.tar.gz
  URL_HASH SHA256=6bc180a57d23d4d9515519f92b0c83d61b05b5bab188961f36ac7b06b0d9e9ce)

# The warnings of this project are not asked of the headers of another.
function(turnstile_mark_as_system target)
  get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
  set_target_properties(${target} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${folders}")
endfunction()

if(PROJECT_IS_TOP_LEVEL)
  find_package(Eigen3 QUIET CONFIG)
  if(NOT Eigen3_FOUND)
    message(STATUS "Eigen is not installed: fetching it")
    FetchContent_MakeAvailable(eigen)
    add_library(Eigen3::Eigen INTERFACE IMPORTED GLOBAL)
    target_include_directories(Eigen3::Eigen INTERFACE "${eigen_SOURCE_DIR}")
  endif()
endif()

if(TURNSTILE_BUILD_TESTS)
  find_package(Catch2 QUIET CONFIG)
  if(NOT Catch2_FOUND)
    message(STATUS "Catch2 is not installed: fetching it")
    FetchContent_MakeAvailable(catch2)
    turnstile_mark_as_system(Catch2)
    list(APPEND CMAKE_MODULE_PATH "${catch2_SOURCE_DIR}/extras")
  endif()
endif()

if(TURNSTILE_BUILD_BENCHMARKS AND EXISTS "${PROJECT_SOURCE_DIR}/bench/CMakeLists.txt")
  find_package(benchmark QUIET CONFIG)
  if(NOT benchmark_FOUND)
    message(STATUS "Google Benchmark is not installed: fetching it")
    set(BENCHMARK_ENABLE_TESTING OFF)
    set(BENCHMARK_ENABLE_WERROR OFF)
    set(BENCHMARK_ENABLE_INSTALL OFF)
    FetchContent_MakeAvailable(benchmark)
    turnstile_mark_as_system(benchmark)
  endif()
endif()
