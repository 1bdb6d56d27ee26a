"""Render a pattern with answers into a Tree: all in memory, nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blueprint.errors import HostilePatternError, PatternError
from blueprint.patterns import Answers, Pattern
from blueprint.sandbox import LimitExceededError, resource_limits

from . import layers
from .layers import LayerFile, layer_files, layer_folder, read_layer_file
from .paths import check_collisions, check_path
from .templates import Templates


@dataclass(frozen=True, slots=True)
class File:
    """One file: its bytes, whether it can be executed, and whether it holds a secret of this project."""

    content: bytes
    executable: bool = False
    secret: bool = False

    @property
    def mode(self) -> int:
        """The permission bits to create the file with; the user's umask still applies."""
        if self.secret:
            return 0o700 if self.executable else 0o600
        return 0o777 if self.executable else 0o666


Tree = Mapping[str, File]


SUFFIX = ".jinja"

MAX_FILES = 20_000
MAX_TOTAL = 128 << 20
"""The most that a whole project may hold, in bytes."""


@dataclass(frozen=True)
class Rendering:
    """What a pattern gives for some answers: the files, and what the user may do with them.

    The files in `once` are only for a new project: an update leaves them as they are. `message` is what a
    template of another tool says at the end.
    """

    tree: Tree
    run: str = ""
    test: str = ""
    look: tuple[str, ...] = ()
    once: frozenset[str] = frozenset()
    message: str = ""


def render(pattern: Pattern, answers: Answers) -> Rendering:
    """Render `pattern` with `answers`. Raises PatternError, RenderError or HostilePatternError."""
    try:
        with resource_limits():
            templates = Templates(pattern, answers)
            tree = _render_layers(pattern, templates)
            look = map(templates.text, pattern.look)
            return Rendering(
                tree=tree,
                run=templates.text(pattern.run),
                test=templates.text(pattern.test),
                look=tuple(path for path in look if path in tree),
            )
    except LimitExceededError as error:
        raise HostilePatternError(f"rendering {pattern.name} {error}") from error


@dataclass
class _TreeBuilder:
    """Collects the files of all layers and refuses what does not fit together."""

    files: dict[str, File] = field(default_factory=dict)
    origins: dict[str, Path] = field(default_factory=dict)
    total: int = 0

    def add(self, path: str, file: File, origin: Path) -> None:
        if len(file.content) > layers.MAX_FILE:
            raise HostilePatternError(f"{path} would be larger than {layers.MAX_FILE >> 20} MiB")
        if path in self.files:
            if self.files[path] != file:
                raise PatternError(f"{self.origins[path]} and {origin} both give {path}, and they differ")
            return
        self.files[path] = file
        self.origins[path] = origin
        self.total += len(file.content)
        if self.total > MAX_TOTAL or len(self.files) > MAX_FILES:
            raise HostilePatternError(
                f"the project would be larger than {MAX_TOTAL >> 20} MiB or {MAX_FILES} files"
            )


def _render_layers(pattern: Pattern, templates: Templates) -> Tree:
    builder = _TreeBuilder()
    for layer in pattern.layers:
        for scope in templates.each(layer.each):
            if scope.condition(layer.when):
                _render_layer(layer_folder(pattern, layer), layer.to, scope, builder)
    check_collisions(builder.files)
    return dict(sorted(builder.files.items()))


def _render_layer(folder: Path, to: str, templates: Templates, builder: _TreeBuilder) -> None:
    prefix = "" if to == "." else f"{templates.text(to)}/"
    for source in layer_files(folder):
        path = prefix + "/".join(map(templates.text, source.path.removesuffix(SUFFIX).split("/")))
        builder.add(check_path(path), _render_file(folder, source, templates), source.location)


def _render_file(folder: Path, source: LayerFile, templates: Templates) -> File:
    if not source.path.endswith(SUFFIX):
        return File(read_layer_file(source), source.executable)
    text, secret = templates.file(folder, source.path)
    return File(text.encode(), source.executable, secret)
