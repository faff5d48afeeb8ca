# Finds Eigen for the build tree and, installed beside turnstileConfig.cmake, for its users.
#
# The version is compared here because Eigen's own version file accepts only the major version that
# is asked for: a request for 3.4 refuses Eigen 5.

# Sets `problem` to what is wrong, or to nothing.
function(turnstile_find_eigen problem)
  set(message "")
  if(NOT TARGET Eigen3::Eigen)
    find_package(Eigen3 QUIET CONFIG)
  endif()
  if(NOT TARGET Eigen3::Eigen)
    set(message "Eigen 3.4 or newer was not found; Eigen3_ROOT may say where it is")
  elseif(Eigen3_VERSION AND Eigen3_VERSION VERSION_LESS 3.4)
    set(message "Eigen 3.4 or newer is needed, and version ${Eigen3_VERSION} was found")
  endif()
  set(${problem} "${message}" PARENT_SCOPE)
endfunction()
