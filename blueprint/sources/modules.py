"""Python modules of a template: what its extensions can import.

Extensions are imported from the text that the user has seen, and from nothing else: no bytecode, no compiled
extension module, and no other file of the template.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

from blueprint.errors import PatternError

from .program_text import program_text


@dataclass(frozen=True)
class TemplateModule:
    """A module of a template, and its source text; a folder without `__init__.py` has none."""

    path: Path
    text: str = ""
    is_package: bool = False


@dataclass(frozen=True)
class TemplateModules:
    """The modules that a template's extensions can import, by name."""

    modules: Mapping[str, TemplateModule] = field(default_factory=dict)
    _loaded: dict[str, ModuleType] = field(default_factory=dict)

    @contextmanager
    def importable(self) -> Iterator[None]:
        """Make the modules importable in the block, and hide modules in the working folder.

        Without this, Python would import a module from the folder in which it was started, or from the
        template's own folder while a tool works in it, and prefer bytecode that is there.
        """
        finder, path, bytecode = _Finder(self.modules), list(sys.path), sys.dont_write_bytecode
        hidden = {name: sys.modules.pop(name) for name in self.modules if name in sys.modules}
        sys.modules.update(self._loaded)
        sys.meta_path.insert(0, finder)
        here = str(Path.cwd())
        sys.path[:] = [entry for entry in path if Path(entry).is_absolute() and entry != here]
        sys.dont_write_bytecode = True
        try:
            yield
        finally:
            sys.path[:], sys.dont_write_bytecode = path, bytecode
            sys.meta_path.remove(finder)
            for name in self.modules:
                if name in sys.modules:
                    self._loaded[name] = sys.modules.pop(name)
            sys.modules.update(hidden)


class _Finder(MetaPathFinder):
    def __init__(self, modules: Mapping[str, TemplateModule]) -> None:
        self._modules = modules

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        del path, target
        module = self._modules.get(fullname)
        if module is None:
            return None
        loader = _TextLoader(module)
        spec = spec_from_loader(fullname, loader, origin=str(module.path), is_package=module.is_package)
        if spec is not None:
            # Sets __file__, by which extensions find their data files.
            spec.has_location = True
        return spec


class _TextLoader(InspectLoader):
    """Loader that compiles the text of a module, whatever encoding the text declares."""

    def __init__(self, module: TemplateModule) -> None:
        self._module = module

    def get_source(self, fullname: str) -> str:
        del fullname
        return self._module.text

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return self.source_to_code(self._module.text, str(self._module.path))

    def is_package(self, fullname: str) -> bool:
        del fullname
        return self._module.is_package


def modules_of(names: Iterable[str], folder: Path) -> Mapping[str, TemplateModule]:
    """Return the modules `names` as far as they are files in `folder`, and all modules that they import.

    Raises PatternError if a name could mean two modules.
    """
    found: dict[str, TemplateModule] = {}
    for name in names:
        top = name.partition(".")[0]
        added = _find(name, folder)
        if added and _is_installed(top):
            raise PatternError(
                f"the template's module {top} has the name of an installed module",
                hint="Rename it in the template, or tell its author.",
            )
        found |= added
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        for imported in _imports(name, found[name]):
            top = imported.partition(".")[0]
            if imported not in found and (top in found or not _is_installed(top)):
                added = {
                    each: module for each, module in _find(imported, folder).items() if each not in found
                }
                found |= added
                waiting += added
    return found


def _find(name: str, folder: Path) -> dict[str, TemplateModule]:
    """Return the module `name` in `folder` with its parents, or nothing if one of them is missing."""
    found: dict[str, TemplateModule] = {}
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        module = _module_at(folder.joinpath(*parts[:depth]))
        if module is None or (depth < len(parts) and not module.is_package):
            return {}
        found[".".join(parts[:depth])] = module
    return found if found[name].path.is_file() else {}


def _module_at(place: Path) -> TemplateModule | None:
    """Return the module or package at `place`, a path without an ending."""
    file, package = place.with_name(f"{place.name}.py"), place / "__init__.py"
    if file.is_file() and package.is_file():
        raise PatternError(
            f"the template's module {place.name} is both {file} and {package}",
            hint="Remove one of them, or tell the template's author.",
        )
    if file.is_file():
        return TemplateModule(file, program_text(file))
    if package.is_file():
        return TemplateModule(package, program_text(package), is_package=True)
    return TemplateModule(place, is_package=True) if place.is_dir() else None


def _is_installed(top: str) -> bool:
    """Return whether the module `top` can be imported without the template."""
    if top in sys.stdlib_module_names:
        return True
    # importlib.util.find_spec would also find what another template has left in sys.modules.
    with TemplateModules().importable():
        return any(finder.find_spec(top, None) for finder in sys.meta_path)


def _imports(name: str, module: TemplateModule) -> Iterator[str]:
    """Yield the names of the modules that `module` can import, as far as its text shows them."""
    try:
        tree = ast.parse(module.text)
    except (SyntaxError, ValueError):
        return
    package = name if module.is_package else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
