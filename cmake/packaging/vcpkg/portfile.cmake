# An overlay port, built from the clone that it lies in:
#   vcpkg install turnstile --overlay-ports=CLONE/cmake/packaging/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

set(VCPKG_BUILD_TYPE release)  # headers only: a debug build would be the same files
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DTURNSTILE_BUILD_TESTS=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF -DTURNSTILE_BUILD_EXAMPLES=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME turnstile CONFIG_PATH share/cmake/turnstile)
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
