"""Built-in patterns, and native patterns in a folder."""

from pathlib import Path

from blueprint.errors import UnknownPatternError
from blueprint.suggest import did_you_mean

from .loading import PATTERN_FILE, load_pattern
from .model import Pattern

_PACKAGE = Path(__file__).resolve().parent.parent


def templates_root() -> Path:
    """Return the folder of the built-in patterns: in the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "_templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def pattern_names() -> list[str]:
    """Return the names of the built-in patterns, sorted."""
    return sorted(path.parent.name for path in templates_root().glob(f"*/{PATTERN_FILE}"))


def list_patterns() -> list[Pattern]:
    """Load all built-in patterns, sorted by name."""
    return [_built_in(name) for name in pattern_names()]


def find_pattern(name: str) -> Pattern:
    """Load the built-in pattern `name`, or the pattern in the folder `name` if that is a path.

    Raises UnknownPatternError or PatternError.
    """
    if "/" in name or name in (".", ".."):
        return _in_folder(Path(name))
    known = pattern_names()
    if name in known:
        return _built_in(name)
    raise UnknownPatternError(
        f"there is no pattern {name!r}{did_you_mean(name, known)}",
        hint=f"Known patterns: {', '.join(known)}. To use a folder, write ./{name}",
    )


def _built_in(name: str) -> Pattern:
    root = templates_root()
    return load_pattern(root / name, root)


def _in_folder(folder: Path) -> Pattern:
    if not (folder / PATTERN_FILE).is_file():
        raise UnknownPatternError(
            f"there is no pattern in {folder}",
            hint=f"Use a folder that contains a {PATTERN_FILE}.",
        )
    return load_pattern(folder.resolve())
