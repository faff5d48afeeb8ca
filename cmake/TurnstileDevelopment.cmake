# How this project builds its own tests, examples and benchmarks. Nothing here reaches users: the
# flags live on a target that only those executables link.

option(TURNSTILE_WERROR "Treat warnings as errors" ON)
set(TURNSTILE_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread; none if empty")

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CONFIGURATION_TYPES AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# CMake 3.28 and newer would look for modules, of which there are none; for clang++ with a tool that is often not there.
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

add_library(turnstile_development INTERFACE)
target_compile_options(turnstile_development INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic
  $<$<BOOL:${TURNSTILE_WERROR}>:-Werror>)

if(TURNSTILE_SANITIZE)
  set(sanitizers "-fsanitize=${TURNSTILE_SANITIZE}" -fno-sanitize-recover=all)
  target_compile_options(turnstile_development INTERFACE ${sanitizers} -fno-omit-frame-pointer)
  target_link_options(turnstile_development INTERFACE ${sanitizers})
endif()
