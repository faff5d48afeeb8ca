# The target turnstile_amalgamated writes the whole library as one header: amalgamated/turnstile/turnstile.hpp
# of the build folder.
file(GLOB_RECURSE turnstile_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/*.hpp")
set(amalgamated_header "${PROJECT_BINARY_DIR}/amalgamated/turnstile/turnstile.hpp")
add_custom_command(
  OUTPUT "${amalgamated_header}"
  COMMAND "${CMAKE_COMMAND}" "-Dinclude_folder=${PROJECT_SOURCE_DIR}/include" "-Doutput=${amalgamated_header}"
          -P "${CMAKE_CURRENT_LIST_DIR}/amalgamate.cmake"
  DEPENDS ${turnstile_headers} "${CMAKE_CURRENT_LIST_DIR}/amalgamate.cmake" "${PROJECT_SOURCE_DIR}/LICENSE"
  VERBATIM)
add_custom_target(turnstile_amalgamated DEPENDS "${amalgamated_header}")
