# Finds FFTW for the build tree and, installed beside turnstileConfig.cmake of a library that was
# configured with TURNSTILE_WITH_FFTW, for its users. By header and library: what FFTW installs for
# CMake differs from one platform to the next.

# Makes the target turnstile::fftw, or sets `problem` to what is wrong.
function(turnstile_find_fftw problem)
  set(message "")
  if(NOT TARGET turnstile::fftw)
    find_path(turnstile_fftw_include_folder fftw3.h)
    find_library(turnstile_fftw_library fftw3)
    mark_as_advanced(turnstile_fftw_include_folder turnstile_fftw_library)
    if(turnstile_fftw_include_folder AND turnstile_fftw_library)
      add_library(turnstile::fftw UNKNOWN IMPORTED GLOBAL)
      set_target_properties(turnstile::fftw PROPERTIES
        IMPORTED_LOCATION "${turnstile_fftw_library}"
        INTERFACE_INCLUDE_DIRECTORIES "${turnstile_fftw_include_folder}")
    else()
      set(message "FFTW was not found (fftw3.h and the library fftw3; Debian: libfftw3-dev)")
    endif()
  endif()
  set(${problem} "${message}" PARENT_SCOPE)
endfunction()
