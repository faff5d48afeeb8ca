# The target docs: the documentation site in docs/html of the build folder. Any warning of Doxygen's is an error.
# Without Doxygen there is no such target; without graphviz there are no graphs.
find_package(Doxygen QUIET OPTIONAL_COMPONENTS dot)
if(NOT DOXYGEN_FOUND)
  message(STATUS "turnstile: Doxygen was not found; there is no target docs")
  return()
endif()

set(turnstile_docs_folder "${PROJECT_BINARY_DIR}/docs")
set(turnstile_have_dot NO)
if(TARGET Doxygen::dot)
  set(turnstile_have_dot YES)
endif()

# The front page is the README, with a few changes. Its links into the source tree lead nowhere from a site, and become
# plain text; pictures are found by name; and headings get the names by which its own links know them.
file(READ "${PROJECT_SOURCE_DIR}/README.md" front)
string(REPLACE "(cmake/docs/mathematics.md)" "(@ref mathematics)" front "${front}")
string(REPLACE "(bench/plots/pictures/" "(" front "${front}")
string(REGEX REPLACE "([^!])\\[([^]]*)\\]\\((examples|bench)/[^)]*\\)" "\\1\\2" front "${front}")
string(REGEX MATCHALL "\n## [^\n]+" headings "${front}")
foreach(heading IN LISTS headings)
  string(REGEX REPLACE "^\n## " "" anchor "${heading}")
  string(REGEX REPLACE "[^A-Za-z0-9 _-]" "" anchor "${anchor}")
  string(REPLACE " " "-" anchor "${anchor}")
  string(TOLOWER "${anchor}" anchor)
  string(REPLACE "${heading}\n" "${heading} {#${anchor}}\n" front "${front}")
endforeach()
file(CONFIGURE OUTPUT "${turnstile_docs_folder}/front.md" CONTENT "${front}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/README.md")

configure_file("${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in" "${turnstile_docs_folder}/Doxyfile" @ONLY)
add_custom_target(docs
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${turnstile_docs_folder}/html"
  COMMAND Doxygen::doxygen "${turnstile_docs_folder}/Doxyfile"
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  COMMENT "Writing the documentation site to ${turnstile_docs_folder}/html"
  VERBATIM)
