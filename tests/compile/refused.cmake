# A use that must not compile ends in the message that its file announces, within the first screen of what the compiler
# says, and its corrected form compiles.
#   cmake -Dcompiler=... -Dinclude_folder=... -Dother_folders=... -Dsource=... -P refused.cmake
set(folders "")
foreach(folder IN LISTS other_folders)
  list(APPEND folders -isystem "${folder}")
endforeach()
set(compile "${compiler}" -std=c++20 -fsyntax-only "-I${include_folder}" ${folders} "${source}")

execute_process(COMMAND ${compile} -DCORRECTED RESULT_VARIABLE status ERROR_VARIABLE said)
if(status)
  message(FATAL_ERROR "the corrected form does not compile:\n${said}")
endif()

execute_process(COMMAND ${compile} RESULT_VARIABLE status ERROR_VARIABLE said)
if(NOT status)
  message(FATAL_ERROR "this compiles and must not")
endif()
file(STRINGS "${source}" message REGEX "^// Message: ")
string(REPLACE "// Message: " "" message "${message}")
string(FIND "${said}" "${message}" position)
if(message STREQUAL "" OR position EQUAL -1)
  message(FATAL_ERROR "expected: ${message}\nthe compiler said:\n${said}")
endif()

string(SUBSTRING "${said}" 0 ${position} before)
string(REGEX MATCHALL "\n" lines_before "${before}")
list(LENGTH lines_before lines_before)
set(screen 24)  # lines
if(NOT lines_before LESS screen)
  message(FATAL_ERROR "the message comes after ${lines_before} lines:\n${said}")
endif()
