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
    """Yield the programs below `folder` that `commands` run, and the names of those that they name in turn.

    Files that end with `suffix` lose it when they are rendered.
    """
    direct = _named(folder, commands, suffix)
    texts = [shown_text(path) for path in direct]
    for path, text in zip(direct, texts, strict=True):
        yield Script(f"file {_name(path, folder)}, which this code names", text)
    yield from _list(folder, [path for path in _named(folder, texts, suffix) if path not in direct])


def programs_in_hooks(folder: Path, hooks: Iterable[Path]) -> Iterator[Script]:
    """Yield the names of the programs below `folder` that `hooks` name.

    Hooks often name files only to delete them, so their texts would bury those of the hooks.
    """
    shown = set(hooks)
    named = _named(folder, map(shown_text, shown), suffix="")
    yield from _list(folder, [path for path in named if path not in shown])


def _list(folder: Path, paths: list[Path]) -> Iterator[Script]:
    if paths:
        names = "\n".join(_name(path, folder) for path in paths)
        yield Script("any of these files of the template, which the code names", names)


def _name(path: Path, folder: Path) -> str:
    return printable(path.relative_to(folder).as_posix())


def _named(folder: Path, texts: Iterable[str], suffix: str) -> list[Path]:
    """Return the files that look like programs and whose names, as rendered, occur in `texts`."""
    text = "\n".join(texts)
    return [
        path
        for path, name in _programs(folder, suffix)
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text)
    ]


def _programs(folder: Path, suffix: str) -> Iterator[tuple[Path, str]]:
    """Yield each file that looks like a program, with its name in the project."""
    for path in sorted(folder.rglob("*")):
        name = path.name.removesuffix(suffix)
        if ".git" in path.parts or path.is_symlink() or not path.is_file():
            continue
        if Path(name).suffix in _SUFFIXES or name in _NAMES or path.stat().st_mode & 0o100:
            yield path, name
