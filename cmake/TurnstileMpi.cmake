# Finds MPI for the build tree and, installed beside turnstileConfig.cmake of a library that was
# configured with TURNSTILE_WITH_MPI, for its users.

# Makes the target turnstile::mpi, what programs link that include turnstile/distributed/mpi.hpp, or
# sets `problem` to what is wrong.
function(turnstile_find_mpi problem)
  set(message "")
  if(NOT TARGET turnstile::mpi)
    if(NOT TARGET MPI::MPI_CXX)
      set(MPI_CXX_SKIP_MPICXX TRUE)  # the C interface is what the header calls
      find_package(MPI QUIET COMPONENTS CXX)
      if(TARGET MPI::MPI_CXX)
        set_target_properties(MPI::MPI_CXX PROPERTIES IMPORTED_GLOBAL TRUE)
      endif()
    endif()
    if(TARGET MPI::MPI_CXX)
      add_library(turnstile::mpi INTERFACE IMPORTED GLOBAL)
      target_link_libraries(turnstile::mpi INTERFACE turnstile::turnstile MPI::MPI_CXX)
    else()
      set(message "MPI was not found (mpi.h and its library; Debian: libopenmpi-dev openmpi-bin)")
    endif()
  endif()
  set(${problem} "${message}" PARENT_SCOPE)
endfunction()
