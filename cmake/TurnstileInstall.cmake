include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# Headers are the same on every machine, so the package files go to share/ and name no architecture.
set(package_folder "${CMAKE_INSTALL_DATADIR}/cmake/turnstile")

# All of it is one component, so that a project which has this one inside installs it, or leaves it out, by name.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME turnstile)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/turnstile"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(TARGETS turnstile EXPORT turnstileTargets
        INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT turnstileTargets NAMESPACE turnstile:: DESTINATION "${package_folder}")

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/turnstileConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/turnstileConfig.cmake"
  INSTALL_DESTINATION "${package_folder}"
  NO_SET_AND_CHECK_MACRO)
# Before 1.0 a new minor version may change what programs see.
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/turnstileConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion
  ARCH_INDEPENDENT)
install(FILES
  "${PROJECT_BINARY_DIR}/turnstileConfig.cmake"
  "${PROJECT_BINARY_DIR}/turnstileConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/TurnstileEigen.cmake"
  DESTINATION "${package_folder}")
if(TURNSTILE_WITH_FFTW)
  install(FILES "${CMAKE_CURRENT_LIST_DIR}/TurnstileFftw.cmake" DESTINATION "${package_folder}")
endif()
if(TURNSTILE_WITH_MPI)
  install(FILES "${CMAKE_CURRENT_LIST_DIR}/TurnstileMpi.cmake" DESTINATION "${package_folder}")
endif()

# For builds that ask pkg-config; the folders are relative, so that an installed tree can be moved.
file(RELATIVE_PATH to_prefix "/${CMAKE_INSTALL_DATADIR}/pkgconfig" "/")
configure_file("${CMAKE_CURRENT_LIST_DIR}/turnstile.pc.in" "${PROJECT_BINARY_DIR}/turnstile.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/turnstile.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
