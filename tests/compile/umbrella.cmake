# Asks the compiler which files turnstile.hpp reaches and compares with the list of all headers.
set(folders "")
foreach(folder IN LISTS other_folders)
  list(APPEND folders -isystem "${folder}")
endforeach()
execute_process(
  COMMAND "${compiler}" -std=c++20 -MM "-I${include_folder}" ${folders} -x c++
          "${include_folder}/turnstile/turnstile.hpp"
  OUTPUT_VARIABLE reached
  COMMAND_ERROR_IS_FATAL ANY)

set(missed "")
foreach(header IN LISTS headers)
  string(FIND "${reached}" "${include_folder}/${header}" position)
  if(position EQUAL -1)
    list(APPEND missed "${header}")
  endif()
endforeach()
if(missed)
  message(FATAL_ERROR "turnstile.hpp does not reach: ${missed}")
endif()
