# Test files compiled as one: most of the time to compile one goes into templates that the others instantiate
# as well. What they include comes first, so that each can keep to a namespace of its own, in which no name
# meets that of another file.

function(turnstile_unite united files)  # UNITED: the source that takes the place of FILES
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(includes "")
  set(bodies "")
  foreach(file IN LISTS files)
    file(STRINGS "${file}" included REGEX "^#include ")
    list(APPEND includes ${included})
    turnstile_name_of_test(name "${file}")
    string(APPEND bodies "namespace ${name} {\n#include \"${file}\"\n}\n")
  endforeach()
  list(REMOVE_DUPLICATES includes)
  list(JOIN includes "\n" includes)
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${united}.cpp" CONTENT "${includes}\n\n${bodies}" @ONLY)
  set(${united} "${CMAKE_CURRENT_BINARY_DIR}/${united}.cpp" PARENT_SCOPE)
endfunction()

function(turnstile_name_of_test name file)  # NAME: FOLDER_STEM
  cmake_path(GET file PARENT_PATH folder)
  cmake_path(GET folder FILENAME folder)
  cmake_path(GET file STEM stem)
  set(${name} "${folder}_${stem}" PARENT_SCOPE)
endfunction()
