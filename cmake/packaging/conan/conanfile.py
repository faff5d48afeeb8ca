"""The headers as a Conan 2 package, made from the clone that this recipe lies in:

    conan create CLONE/cmake/packaging/conan
"""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy
from conan.tools.layout import basic_layout


class Turnstile(ConanFile):
    name = "turnstile"
    description = "Sampling from turnstile streams and tensor products"
    license = "MIT"
    topics = ("sketching", "sampling", "streaming", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    @property
    def _clone(self):
        return os.path.normpath(os.path.join(self.recipe_folder, "..", "..", ".."))

    def set_version(self):
        """The version has one home, the header version.hpp."""
        with open(os.path.join(self._clone, "include", "turnstile", "version.hpp")) as header:
            text = header.read()
        parts = [re.search(rf"TURNSTILE_VERSION_{part} (\d+)", text).group(1) for part in ("MAJOR", "MINOR", "PATCH")]
        self.version = ".".join(parts)

    def export_sources(self):
        copy(self, "include/*", self._clone, self.export_sources_folder)
        copy(self, "LICENSE", self._clone, self.export_sources_folder)

    def requirements(self):
        self.requires("eigen/[>=3.4]", transitive_headers=True)

    def validate(self):
        if self.settings.get_safe("compiler.cppstd"):
            check_min_cppstd(self, 20)

    def layout(self):
        basic_layout(self)

    def package(self):
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "turnstile")
        self.cpp_info.set_property("cmake_target_name", "turnstile::turnstile")
        self.cpp_info.set_property("pkg_config_name", "turnstile")
