"""Runs the recipe as Conan would, with stand-ins for what it uses: conan_recipe.py CONANFILE FOLDER VERSION.

What the recipe exports and packages ends in FOLDER/package; its version has to be VERSION.
"""

import fnmatch
import importlib.util
import os
import shutil
import sys
import types


class ConanFile:
    """The members that the recipe may rely on."""

    def __init__(self):
        self.required = []
        self.cpp_info = types.SimpleNamespace(properties={})
        self.cpp_info.set_property = self.cpp_info.properties.__setitem__
        self.settings = types.SimpleNamespace(get_safe=lambda name: "20")
        self.info = types.SimpleNamespace(clear=lambda: None)

    def requires(self, reference, transitive_headers=False):
        self.required.append(reference)


def copy(recipe, pattern, src, dst):
    """As conan.tools.files.copy: files below src whose path there matches, to the same place below dst."""
    for folder, _, names in os.walk(src):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), src)
            if fnmatch.fnmatch(path, pattern):
                os.makedirs(os.path.dirname(os.path.join(dst, path)), exist_ok=True)
                shutil.copy(os.path.join(src, path), os.path.join(dst, path))


def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(members)


def main(conanfile, folder, version):
    module("conan", ConanFile=ConanFile)
    module("conan.tools")
    module("conan.tools.build", check_min_cppstd=lambda recipe, standard: None)
    module("conan.tools.files", copy=copy)
    module("conan.tools.layout", basic_layout=lambda recipe: None)
    spec = importlib.util.spec_from_file_location("conanfile", conanfile)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)

    recipe = loaded.Turnstile()
    recipe.recipe_folder = os.path.dirname(os.path.abspath(conanfile))
    recipe.export_sources_folder = recipe.source_folder = os.path.join(folder, "source")
    recipe.package_folder = os.path.join(folder, "package")
    recipe.set_version()
    if recipe.version != version:
        sys.exit(f"the recipe says version {recipe.version}, the library {version}")
    for step in (recipe.export_sources, recipe.requirements, recipe.validate, recipe.layout, recipe.package,
                 recipe.package_id, recipe.package_info):
        step()
    if not any(reference.startswith("eigen/") for reference in recipe.required):
        sys.exit("the recipe does not require Eigen")
    for wanted in ("include/turnstile/turnstile.hpp", "licenses/LICENSE"):
        if not os.path.isfile(os.path.join(recipe.package_folder, wanted)):
            sys.exit(f"the package has no {wanted}")


if __name__ == "__main__":
    main(*sys.argv[1:])
