# Writes turnstile.hpp and all that it includes of this library as one header.
#   cmake -Dinclude_folder=... -Doutput=... -P amalgamate.cmake
cmake_minimum_required(VERSION 3.21...3.30)

set(written "")
set(amalgamated "")

# Appends a header to `amalgamated`, after those that it includes and that are not yet in it.
function(append_header header)
  if(header IN_LIST written)
    return()
  endif()
  list(APPEND written "${header}")
  file(STRINGS "${include_folder}/${header}" includes REGEX "^#include \"turnstile/")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "^#include \"(.*)\".*" "\\1" included "${include}")
    append_header("${included}")
  endforeach()
  file(READ "${include_folder}/${header}" text)
  string(REGEX REPLACE "(^|\n)#pragma once\n" "\\1" text "${text}")
  string(REGEX REPLACE "\n#include \"turnstile/[^\"\n]+\"" "" text "${text}")
  set(written "${written}" PARENT_SCOPE)
  set(amalgamated "${amalgamated}\n${text}" PARENT_SCOPE)
endfunction()

append_header(turnstile/turnstile.hpp)
file(READ "${include_folder}/../LICENSE" license)
string(REGEX REPLACE "\n+$" "" license "${license}")
string(REGEX REPLACE "\n([^\n])" "\n// \\1" license "\n${license}")
string(REPLACE "\n\n" "\n//\n" license "${license}")
string(STRIP "${license}" license)
file(WRITE "${output}" "${license}\n\n#pragma once\n${amalgamated}")
