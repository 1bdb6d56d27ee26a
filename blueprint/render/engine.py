"""Rendering engine: builds the files of a project in memory and writes nothing to disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from blueprint.errors import HostilePatternError, PatternError, RenderError
from blueprint.patterns import Answers, Layer, Pattern
from blueprint.templating import LimitExceededError, resource_limits

from . import layers
from .layers import SUFFIX, LayerFile, Replacements, layer_depth, layer_files, layer_folder, read_layer_file
from .paths import check_collisions, check_path
from .templates import Templates


@dataclass(frozen=True, slots=True)
class File:
    """A rendered file: its bytes, whether it is executable, and whether it contains a secret."""

    content: bytes
    executable: bool = False
    secret: bool = False

    @property
    def mode(self) -> int:
        """The permission bits to create the file with; the umask still applies."""
        if self.secret:
            return 0o700 if self.executable else 0o600
        return 0o777 if self.executable else 0o666

    @property
    def text(self) -> str | None:
        """The content as text; None if it is not UTF-8."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError:
            return None


Tree = Mapping[str, File]
"""The files of a project by their POSIX paths, relative to the project."""

MAX_FILES = 20_000
"""Maximum number of files in a project."""

MAX_TOTAL = 128 << 20
"""Maximum size of all files in a project, in bytes."""


@dataclass(frozen=True)
class Rendering:
    """A rendered project, and what to tell the user about it.

    `run` and `test` are commands, and `look` lists files to read first. The files in `once` are written only
    to a new project; an update leaves them alone. `message` is the closing message of a new project, and
    `update_message` that of an update. `secrets` are the random values in the files. A `repeatable` rendering
    is the same each time.
    """

    tree: Tree
    run: str = ""
    test: str = ""
    look: tuple[str, ...] = ()
    once: frozenset[str] = frozenset()
    message: str = ""
    update_message: str = ""
    secrets: frozenset[str] = frozenset()
    repeatable: bool = False


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
                message=templates.text(pattern.messages.after_new),
                update_message=templates.text(pattern.messages.after_update),
                secrets=templates.secrets,
                repeatable=not templates.random and not any(map(_has_address, tree.values())),
            )
    except LimitExceededError as error:
        raise HostilePatternError(f"rendering {pattern.name} {error}") from error


def _has_address(file: File) -> bool:
    """Whether `file` may show where an object is in memory, such as `<generator object at 0x7f3a>`."""
    return b" at 0x" in file.content


@dataclass
class _TreeBuilder:
    """Collects the files of all layers; rejects conflicting files and projects that are too large."""

    files: dict[str, File] = field(default_factory=dict)
    origins: dict[str, Path] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    total: int = 0

    def add(self, path: str, file: File, origin: Path, depth: int) -> None:
        """Add a file. It gives way to one from a layer of smaller depth, see `IncludedLayer`."""
        if len(file.content) > layers.MAX_FILE:
            raise HostilePatternError(f"{path} would be larger than {layers.MAX_FILE >> 20} MiB")
        if path in self.files:
            if self.files[path] != file and self.depths[path] == depth:
                raise PatternError(
                    f"{self.origins[path]} and {origin} both become {path}, but differ",
                    hint="Give both the same content, or use only one of the layers.",
                )
            return
        self.files[path] = file
        self.origins[path] = origin
        self.depths[path] = depth
        self.total += len(file.content)
        if self.total > MAX_TOTAL or len(self.files) > MAX_FILES:
            raise HostilePatternError(
                f"the project would exceed {MAX_TOTAL >> 20} MiB or {MAX_FILES:,} files"
            )


def _render_layers(pattern: Pattern, templates: Templates) -> Tree:
    builder = _TreeBuilder()
    for layer in sorted(pattern.layers, key=layer_depth):
        for scope in templates.each(layer.each):
            if scope.condition(layer.when):
                _render_layer(pattern, layer, scope, builder)
    check_collisions(builder.files)
    return dict(sorted(builder.files.items()))


def _render_layer(pattern: Pattern, layer: Layer, templates: Templates, builder: _TreeBuilder) -> None:
    folder, depth = layer_folder(pattern, layer), layer_depth(layer)
    replacements = layer_replacements(layer, templates)
    prefix = "" if layer.to == "." else f"{templates.text(layer.to)}/"
    for source in layer_files(folder, layer.only):
        path = check_path(prefix + output_path(source, templates, replacements))
        builder.add(path, render_file(folder, source, templates, replacements), source.location, depth)


def layer_replacements(layer: Layer, templates: Templates) -> Replacements:
    """Render the values in the `replace` of `layer`. Raises PatternError."""
    return Replacements({text: templates.text(value) for text, value in layer.replace.items()})


def output_path(source: LayerFile, templates: Templates, replacements: Replacements) -> str:
    """Return the path that `source` gets below the `to` of its layer. Raises PatternError.

    Names that are templates are rendered, and texts are replaced in the other ones: an answer in a path is
    never replaced.
    """
    names = source.path.removesuffix(SUFFIX).split("/")
    return "/".join(
        "/".join(map(templates.text, part)) if rendered else replacements.in_text("/".join(part))
        for rendered, part in groupby(names, is_path_template)
    )


def is_path_template(name: str) -> bool:
    """Return whether a part of a path in a layer is a template."""
    return any(tag in name for tag in ("{{", "{%", "{#"))


def render_file(folder: Path, source: LayerFile, templates: Templates, replacements: Replacements) -> File:
    """Render `source` if it is a template; otherwise copy it, with texts replaced. Raises RenderError."""
    try:
        if not source.path.endswith(SUFFIX):
            return File(replacements.in_content(read_layer_file(source)), source.executable)
        text, secret = templates.file(folder, source.path)
        return File(text.encode(), source.executable, secret)
    except UnicodeEncodeError as error:
        problem = f"the result contains {error.object[error.start]!r}, which UTF-8 cannot encode"
        raise RenderError(f"{source.location}: {problem}") from error
