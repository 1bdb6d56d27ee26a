"""Programs of a template that its hooks or tasks name, and therefore may run."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .program_text import shown_text
from .sanitize import printable
from .scripted import Script

_SUFFIXES = frozenset({".py", ".sh", ".bash", ".zsh", ".js", ".mjs", ".ts", ".rb", ".pl", ".php", ".lua"})
_NAMES = frozenset({"Makefile", "justfile", "Justfile", "Taskfile.yml"})


def programs_in_commands(folder: Path, commands: Iterable[str], suffix: str) -> Iterator[Script]:
    """Yield the programs below `folder` that `commands` run, and the names of those that these can run.

    Files that end with `suffix` lose it when they are rendered.
    """
    direct = _named(folder, commands, suffix)
    texts = [shown_text(path) for path in direct]
    for path, text in zip(direct, texts, strict=True):
        yield Script(f"file {_name(path, folder)}, which this code names", text)
    yield from _list(folder, [path for path in _reached(folder, texts, suffix) if path not in direct])


def programs_in_hooks(folder: Path, hooks: Iterable[Path]) -> Iterator[Script]:
    """Yield the names of the programs below `folder` that `hooks` name, and of those that these name in turn.

    Hooks often name files only to delete them, so their texts would bury those of the hooks.
    """
    shown = set(hooks)
    named = _reached(folder, map(shown_text, shown), suffix="")
    yield from _list(folder, [path for path in named if path not in shown])


def _list(folder: Path, paths: list[Path]) -> Iterator[Script]:
    if paths:
        names = "\n".join(_name(path, folder) for path in paths)
        yield Script("any of these files of the template, which the code names", names)


def _name(path: Path, folder: Path) -> str:
    return printable(path.relative_to(folder).as_posix())


def _reached(folder: Path, texts: Iterable[str], suffix: str) -> list[Path]:
    """Return the programs that `texts` name, those that these name, and so on."""
    found: dict[Path, None] = {}
    waiting = [*texts]
    while waiting:
        new = [path for path in _named(folder, waiting, suffix) if path not in found]
        found |= dict.fromkeys(new)
        waiting = [*map(shown_text, new)]
    return sorted(found)


def _named(folder: Path, texts: Iterable[str], suffix: str) -> list[Path]:
    """Return the files that look like programs and whose names, as rendered, occur in `texts`."""
    text = "\n".join(texts)
    return [path for path, name in _programs(folder, suffix) if re.search(_mention(path, name), text)]


def _mention(path: Path, name: str) -> str:
    """Regular expression of what names a program: its file or, in Python, an import or `-m`."""
    file = rf"(?<![\w.-]){re.escape(name)}(?![\w-])"
    if not name.endswith(".py"):
        return file
    stem = name.removesuffix(".py")
    module = re.escape(path.parent.name if stem in ("__init__", "__main__") else stem)
    return rf"{file}|(?:\b(?:import|from)\b|(?<!\w)-m\b)(?:[^\n]*|\s*\([^)]*)(?<![\w-]){module}(?![\w-])"


def _programs(folder: Path, suffix: str) -> Iterator[tuple[Path, str]]:
    """Yield each file that looks like a program, with its name in the project."""
    for path in sorted(folder.rglob("*")):
        name = path.name.removesuffix(suffix)
        if ".git" in path.parts or path.is_symlink() or not path.is_file():
            continue
        if Path(name).suffix in _SUFFIXES or name in _NAMES or path.stat().st_mode & 0o100:
            yield path, name
